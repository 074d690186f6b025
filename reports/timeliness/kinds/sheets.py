"""Registration sheets are handed in by the last day of the campaign (III.10, III.12)."""

from django.db.models import Case, F, When
from django.utils.translation import gettext_lazy as _

from clients.models import RegistrationSheet
from clients.querysets.registration import COUNTED
from crm.accounts.models import User
from reports.timeliness.kind import Any, Kind, QuerySet, seen, termed


def _rows(user: User | None) -> QuerySet[Any]:
    """A sheet that came back is not handed in again yet; the first time counts once it is."""
    handed_in = When(state__in=("submitted", "approved"), then=F("first_submitted_on"))
    return termed(
        seen(RegistrationSheet.objects, user).filter(COUNTED),
        who=F("manager"),
        unit=F("client__org_unit"),
        due=F("deadline"),
        done=Case(handed_in),
    )


KIND = Kind(
    code="sheets",
    order=80,
    label=_("Registration sheets handed in"),
    rule=_("By the last day of the sheet; the first time counts once the sheet is whole"),
    rows=_rows,
    what=str,
    url=lambda row: row.get_absolute_url(),
    related=("client", "campaign"),
)
