"""Who approves a discount by the category of the client (DISCOUNT-1, D.4)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clients.policy.categories import WHO
from crm.accounts.models import Role
from crm.approvals.limit_kinds import Level, LimitKind, Measure, register

DISCOUNT = "discount"
DECIDE = (Role.MANAGER, Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD, Role.DIRECTOR)
# D.4: the discount ceiling of a category holds for everybody below the director.
DISCOUNTS = {
    "": ("3", "5", "10", "15"),
    "A": ("3", "5", "10", "15"),
    "B": ("3", "5", "7", "15"),
    "C": ("3", "3", "3", "15"),
    "trading_hall": ("0", "0", "0", "15"),
}


def register_discount_limits() -> None:
    """Called once when the app is ready."""
    register(
        LimitKind(
            kind=DISCOUNT,
            label=_("Discount"),
            icon="discount",
            measures=(Measure("discount", "percent", _("Discount"), "%"),),
            categories=WHO,
            defaults=tuple(
                Level(role, percent=percent, category=category)
                for category, row in DISCOUNTS.items()
                for role, percent in zip(DECIDE, row, strict=True)
            ),
        )
    )
