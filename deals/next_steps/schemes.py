"""The reason of My day that follows from relationship schemes: one ends and nothing goes on."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import DateTimeField, Exists, F, Max, OuterRef
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.contacting.next_step import Cases, Reason, ReasonRule, asked, register
from crm.shell.nav import address
from crm.work.registry import setting
from deals.models import RelationshipScheme


def _ending(today: date) -> Cases:
    """The last scheme of a client ends within the days of the setting, and none is on its way."""
    within = timedelta(days=setting("relationship.end_days"))
    schemes = RelationshipScheme.objects
    on_way = schemes.filter(client=OuterRef("client"), state="on_approval")
    standing = schemes.standing().filter(client__in=asked()).exclude(Exists(on_way)).order_by()
    by_client = standing.values("client").annotate(last=Max("valid_to"))
    ending = by_client.filter(last__gte=today, last__lte=today + within)
    return Cases(ending, since=Cast(F("last") - within, DateTimeField()), on=F("last"))


def _label(reason: Reason) -> str:
    return _("The relationship scheme ends on %(day)s") % {"day": f"{reason.case.on:%d.%m}"}


def _schemes(reason: Reason) -> str:
    return f"{address('deals:scheme_list')}?client={reason.client.pk}"


def register_scheme_reasons() -> None:
    """Declare it."""
    register(ENDING)


ENDING = ReasonRule(
    code="scheme_ends",
    rank=66,
    name=gettext_lazy("Relationship scheme ends"),
    verb=gettext_lazy("Agree on the scheme of the next period"),
    tone="warning",
    icon="heart-handshake",
    cases=_ending,
    label=_label,
    link=_schemes,
    settled_by_contact=False,
)
