"""Who decides about an expense: limit matrices of the engine, editable as signature limits.

Within the person's limit of the month the head of the department decides about representation
expenses, above it the director; other expenses by their amount. Nobody decides about own money.
"""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.approvals.limit_kinds import Level, LimitKind, Measure, register
from crm.approvals.limits import LimitRoute, route_for

REPRESENTATION = "expense.representation"
OTHER = "expense.other"
KINDS = (
    LimitKind(
        kind=REPRESENTATION,
        label=_("Entertainment expense"),
        icon="glass-full",
        measures=(Measure("over_limit", "amount", _("Above the limit of the month by"), "₽"),),
        defaults=(
            Level(Role.DEPARTMENT_HEAD, amount="0"),
            Level(Role.DIRECTOR, amount="30000"),
            Level(Role.GENERAL_DIRECTOR, amount="100000"),
        ),
        own_limit=False,
    ),
    LimitKind(
        kind=OTHER,
        label=_("Other expense"),
        icon="receipt",
        measures=(Measure("amount", "amount", _("Amount"), "₽"),),
        defaults=(
            Level(Role.DEPARTMENT_HEAD, amount="50000"),
            Level(Role.DIRECTOR, amount="500000"),
            Level(Role.GENERAL_DIRECTOR),
        ),
        own_limit=False,
    ),
)


def expense_route(*, is_representation: bool, amount: Decimal, over: Decimal) -> LimitRoute:
    """Who decides about so much."""
    if is_representation:
        return route_for(REPRESENTATION, over_limit=over)
    return route_for(OTHER, amount=amount)


def register_expense_limits() -> None:
    """Called once when the app is ready."""
    for kind in KINDS:
        register(kind)
