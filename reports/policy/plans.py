"""Policy of monthly plans: days, the forecast, when an explanation is due (CAL-3, PLAN-4)."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.work.registry import Group

PLANS = Group(_("Monthly plans"), changed_by=(Role.ADMIN, Role.DIRECTOR, Role.DEPARTMENT_HEAD))
DAY, WORKING = _("day of the month before"), _("working days")
WHOLE = (
    ("draft_day", 15, 1, 28, _("Plans of the next month are drawn up on"), DAY),
    ("average_months", 3, 1, 12, _("A draft is the average of the last full months"), _("months")),
    ("submit_day", 25, 1, 31, _("Sectors submit their plans by"), DAY),
    (
        "approve_before",
        0,
        0,
        10,
        _("A plan is approved before the last working day of the month before it by"),
        WORKING,
    ),
    ("check_day", 18, 1, 31, _("Gaps in plans are reported from"), DAY),
    ("remind_days", 5, 0, 20, _("The last days of a plan are reminded of before them"), WORKING),
    ("explain_percent", 90, 1, 100, _("An explanation is due for execution below"), "%"),
)


def register_plan_policy() -> None:
    """Declare the settings of plans."""
    for name, default, least, most, label, unit in WHOLE:
        PLANS.whole(f"plan.{name}", default, least, most, label, unit)
