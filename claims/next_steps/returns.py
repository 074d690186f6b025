"""The reasons of My day that follow from returns: one was refused, goods do not come."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import F, Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Return
from clients.contacting.next_step import Cases, Reason, ReasonRule, asked, register
from crm.shell.nav import address
from crm.work.registry import setting


def _refused(today: date) -> Cases:
    """The head has refused a return lately, and nobody has spoken to the client since."""
    since = today - timedelta(days=setting("return.refused_days"))
    rows = Return.objects.filter(
        client__in=asked(), state="rejected", decided_on__gte=since, decided_on__lte=today
    )
    rows = rows.exclude(client__last_contact_at__date__gt=F("decided_on"))
    by_client = rows.order_by().values("client")
    return Cases(by_client.annotate(day=Min("decided_on")), on=F("day"))


def _refused_label(reason: Reason) -> str:
    return _("Return rejected on %(day)s: tell the client") % {"day": _day(reason)}


def _awaited(today: date) -> Cases:
    """Approved, and the goods have not come in time."""
    last = today - timedelta(days=setting("return.receive_days"))
    rows = Return.objects.to_receive().filter(client__in=asked(), decided_on__lt=last)
    by_client = rows.order_by().values("client")
    return Cases(by_client.annotate(day=Min("decided_on")), on=F("day"))


def _awaited_label(reason: Reason) -> str:
    return _("Return approved on %(day)s, the goods have not come") % {"day": _day(reason)}


def _day(reason: Reason) -> str:
    return f"{reason.case.on or reason.at.today:%d.%m}"


def _returns(reason: Reason, state: str) -> str:
    page = address("claims:return_list")
    return f"{page}?client={reason.client.pk}&state={state}" if page else ""


REFUSED = ReasonRule(
    code="return_refused",
    rank=47,
    name=gettext_lazy("Rejected returns"),
    verb=gettext_lazy("Tell the client why the return is rejected"),
    tone="warning",
    icon="truck-return",
    cases=_refused,
    label=_refused_label,
    link=lambda reason: _returns(reason, "rejected"),
)
AWAITED = ReasonRule(
    code="return_awaited",
    rank=64,
    name=gettext_lazy("Returns whose goods do not come"),
    verb=gettext_lazy("Ask when the goods come back"),
    tone="warning",
    icon="truck-return",
    cases=_awaited,
    label=_awaited_label,
    link=lambda reason: _returns(reason, "approved"),
)


def register_return_reasons() -> None:
    """Declare them."""
    for rule in (REFUSED, AWAITED):
        register(rule)
