"""The reason of My day that follows from surveys: a client that is not satisfied."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.contacting.next_step import Cases, Reason, ReasonRule, asked, register
from clients.models import SurveyResponse
from crm.shell.nav import address_of


def _dissatisfied(today: date) -> Cases:
    """A bad mark that nobody has dealt with."""
    rows = SurveyResponse.objects.low().filter(client__in=asked()).order_by()
    found = rows.values("client").annotate(
        first=Min("answered_at"), survey=Min("invitation__survey")
    )
    return Cases(found, since=F("first"), amount=F("survey"))


def _label(reason: Reason) -> str:
    day = timezone.localtime(reason.since)
    return _("Dissatisfied by the survey of %(day)s") % {"day": f"{day:%d.%m}"}


def _link(reason: Reason) -> str:
    return address_of("clients:survey_detail", int(reason.case.amount or 0))


def register_survey_reasons() -> None:
    """Declare it."""
    register(DISSATISFIED)


DISSATISFIED = ReasonRule(
    code="dissatisfied",
    rank=38,
    name=gettext_lazy("Dissatisfied by a survey"),
    verb=gettext_lazy("Find out what the client is not satisfied with"),
    tone="danger",
    icon="mood-sad",
    cases=_dissatisfied,
    label=_label,
    link=_link,
)
