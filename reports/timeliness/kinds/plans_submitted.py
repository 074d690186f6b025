"""Parts of monthly plans are submitted by the 25th (CAL-3); corrections have no term."""

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from reports.models import PlanLine, PlanPart
from reports.timeliness.kind import Any, Kind, QuerySet, seen, termed


def _rows(user: User | None) -> QuerySet[Any]:
    """Of first versions; a part whose clients have all gone to others is nobody's duty."""
    lines = PlanLine.objects.filter(
        plan=OuterRef("plan"), manager=OuterRef("manager"), org_unit=OuterRef("org_unit")
    )
    rows = seen(PlanPart.objects, user).filter(plan__revision=1)
    return termed(
        rows.filter(Q(first_submitted_on__isnull=False) | Exists(lines)),
        who=F("manager"),
        unit=F("org_unit"),
        due=F("plan__submit_by"),
        done=F("first_submitted_on"),
    )


KIND = Kind(
    code="plans_submitted",
    order=30,
    label=_("Plans of managers submitted"),
    rule=_("By the day of the plan on which sectors submit; the first submission counts"),
    rows=_rows,
    what=lambda row: str(row.plan),
    url=lambda row: row.plan.get_absolute_url(),
    client=lambda row: None,
    related=("plan__org_unit",),
)
