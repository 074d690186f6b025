"""Policy of costs: limit of representation expenses, receipts, when a budget is nearly spent."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group, Kind

COSTS = Group(_("Costs"))


def register_cost_policy() -> None:
    """Declare the settings."""
    COSTS.register(
        "expense.monthly_limit",
        kind=Kind.DECIMAL,
        default=Decimal(15_000),
        minimum=0,
        maximum=10_000_000,
        label=_("Entertainment expenses of a person in a month, at most"),
        help=_("What is above it goes to whom the signature limits name."),
        unit="₽",
        per_department=True,
    )
    COSTS.register(
        "expense.receipt_from",
        kind=Kind.DECIMAL,
        default=Decimal(0),
        minimum=0,
        maximum=10_000_000,
        label=_("An expense needs a receipt from"),
        unit="₽",
        per_department=True,
    )
    COSTS.whole(
        "expense.log_days",
        30,
        1,
        366,
        _("An expense is logged within"),
        _("calendar days"),
    )
    COSTS.whole(
        "budget.warn_percent",
        90,
        1,
        100,
        _("An item of the budget is marked as nearly spent from"),
        "%",
    )
