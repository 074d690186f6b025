"""The reason of My day that follows from plans: the client's plan lacks something (S2B.III.2)."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, F, Min, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.contacting.next_step import Cases, Reason, ReasonRule, of_asked, register
from reports.models import EDITABLE, OPEN_PART, PlanLine, PlanPart


def _gaps(today: date) -> Cases:
    """A line with a gap whose manager has not handed it in."""
    lines = PlanLine.objects.filter(of_asked(), plan__state__in=EDITABLE).with_gaps()
    same = {name: OuterRef(name) for name in ("plan", "manager", "org_unit")}
    lines = lines.filter(Exists(PlanPart.objects.filter(state__in=OPEN_PART, **same)))
    by_client = lines.order_by().values("client").annotate(day=Min("plan__submit_by"))
    return Cases(by_client, on=F("day"))


def _label(reason: Reason) -> str:
    on = reason.case.on or reason.at.today
    day = f"{on:%d.%m}"
    if on < reason.at.today:
        return _("The plan was to be filled by %(day)s") % {"day": day}
    return _("The plan is to be filled by %(day)s") % {"day": day}


def _link(reason: Reason) -> str:
    """The tab of the client's plans leads to the grid of the month."""
    return f"{reverse('clients:detail', args=[reason.client.pk])}?tab=plans"


GAPS = ReasonRule(
    code="plan_gaps",
    rank=75,
    name=gettext_lazy("Gaps in the plan"),
    verb=gettext_lazy("Fill the plan"),
    tone="warning",
    icon="target",
    cases=_gaps,
    label=_label,
    link=_link,
    settled_by_contact=False,
)


def register_plan_reasons() -> None:
    """Declare it."""
    register(GAPS)
