"""Acts of reconciliation come back signed by the day of the schedule (REC-1)."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from reports.timeliness.kind import Any, Kind, QuerySet, termed
from reports.timeliness.kinds.acts_sent import act_words, answerer, binding


def _rows(user: User | None) -> QuerySet[Any]:
    return termed(
        binding(user),
        who=answerer(),
        unit=F("client__org_unit"),
        due=F("sign_by"),
        done=F("signed_on"),
    )


KIND = Kind(
    code="acts_signed",
    order=70,
    label=_("Acts of reconciliation signed"),
    rule=_("By the day of the schedule, also where the contract counts it as agreed"),
    rows=_rows,
    what=act_words,
    url=lambda row: row.get_absolute_url(),
    related=("client",),
)
