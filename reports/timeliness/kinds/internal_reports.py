"""Internal reports are handed in by the day of the calendar (RP-06, III.16)."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from reports.models import ReportSubmission
from reports.timeliness.kind import Any, Kind, QuerySet, seen, termed


def _rows(user: User | None) -> QuerySet[Any]:
    return termed(
        seen(ReportSubmission.objects, user),
        who=F("author"),
        unit=F("author__org_unit"),
        due=F("due_on"),
        done=F("first_submitted_on"),
    )


KIND = Kind(
    code="internal_reports",
    order=100,
    label=_("Internal reports"),
    rule=_("By the day of the calendar of reports; the first handing in counts"),
    rows=_rows,
    what=str,
    url=lambda row: row.get_absolute_url(),
    client=lambda row: None,
    related=("definition",),
)
