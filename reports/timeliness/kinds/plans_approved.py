"""Monthly plans are approved by the last working day of the month before (CAL-3)."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from reports.timeliness.kind import Any, Kind, QuerySet, day_of, termed
from reports.timeliness.kinds.plans_sent import plans_of


def _rows(user: User | None) -> QuerySet[Any]:
    return termed(
        plans_of(user),
        who=F("org_unit__head"),
        unit=F("org_unit"),
        due=F("approve_by"),
        done=day_of("approved_at"),
    )


KIND = Kind(
    code="plans_approved",
    order=50,
    label=_("Plans approved"),
    rule=_("By the day of the plan on which it is to be approved"),
    rows=_rows,
    what=str,
    url=lambda row: row.get_absolute_url(),
    client=lambda row: None,
    related=("org_unit",),
)
