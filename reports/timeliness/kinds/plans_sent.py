"""Monthly plans of departments are endorsed and sent to the director (CAL-3)."""

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from reports.models import MonthlyPlan
from reports.timeliness.kind import Any, Kind, QuerySet, seen, termed


def first_sent() -> Subquery:
    """The moment of the first sending: what came back for rework was in time all the same."""
    events: Any = MonthlyPlan._meta.get_field("events").related_model
    sent = events.objects.filter(pgh_obj=OuterRef("pk"), sent_at__isnull=False)
    return Subquery(sent.order_by("sent_at").values("sent_at")[:1])


def plans_of(user: User | None) -> Any:
    """First versions: a correction has no term of its own."""
    rows = seen(MonthlyPlan.objects, user).filter(revision=1)
    return rows.select_related("org_unit")


def _rows(user: User | None) -> QuerySet[Any]:
    return termed(
        plans_of(user),
        who=F("org_unit__head"),
        unit=F("org_unit"),
        due=F("approve_by"),
        done=TruncDate(Coalesce(first_sent(), F("sent_at"))),
    )


KIND = Kind(
    code="plans_sent",
    order=40,
    label=_("Plans sent to the director"),
    rule=_("By the day on which the plan is to be approved; the first sending counts"),
    rows=_rows,
    what=str,
    url=lambda row: row.get_absolute_url(),
    client=lambda row: None,
    related=("org_unit",),
)
