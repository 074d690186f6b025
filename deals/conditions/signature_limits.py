"""Kinds of the limit matrix for sales: what is asked, and the limits of the first day.

Sources: D.4 (deferrals), CONTRACT-1 (signatures; the visas before them are approval routes),
C.5 nos. 9, 12, 16 (offers, orders on hold, credit limits). Discounts belong to the categories and
stand in `clients/categorising/discount_limits.py`. All values are the administrator's.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clients.policy.categories import WHO
from crm.accounts.models import Role
from crm.approvals.limit_kinds import Level, LimitKind, Measure, register
from crm.approvals.models import StepKind
from crm.approvals.registry import RouteStep

DEFERRAL = "payment_deferral"
PRICE_DEVIATION = "price_deviation"
ORDER_RELEASE = "order_release"
CREDIT_LIMIT = "credit_limit"
SCHEME = "relationship_scheme"
RETRO = "retro_bonus"
CONTRACT_SIGNATURE = "contract.signature"
CONTRACT_SIGNATURE_OTHER = "contract.signature_other"

AMOUNT = Measure("amount", "amount", _("Amount with VAT"), "₽")
DAYS = _("calendar days")

DEFERRALS = {"": 0, "A": 45, "B": 21, "C": 14, "trading_hall": 0}
# Discount, working days sooner: up to here the department head decides (D.4), then the director.
SCHEMES = {"": ("3", 0), "A": ("10", 2), "B": ("7", 1), "C": ("3", 0), "trading_hall": ("0", 0)}
# Only the director and above sign what is no standard contract.
TOP = (Level(Role.DIRECTOR, amount="20000000"), Level(Role.GENERAL_DIRECTOR))


def _visa(role: str) -> RouteStep:
    return RouteStep(StepKind.VISA, role=role)


KINDS = (
    LimitKind(
        kind=PRICE_DEVIATION,
        label=_("Price of an offer below the lowest one"),
        icon="receipt",
        measures=(Measure("deviation", "percent", _("Below the lowest price by"), "%"),),
        defaults=(
            Level(Role.SECTOR_HEAD, percent="2"),
            Level(Role.DEPARTMENT_HEAD, percent="5"),
            Level(Role.DIRECTOR),
        ),
    ),
    LimitKind(
        kind=DEFERRAL,
        label=_("Deferral of payment"),
        icon="calendar-due",
        measures=(Measure("deferral", "days", _("Deferral"), DAYS),),
        categories=WHO,
        defaults=tuple(
            level
            for category, days in DEFERRALS.items()
            for level in (
                Level(Role.DEPARTMENT_HEAD, days=days, category=category),
                Level(Role.DIRECTOR, category=category),
            )
        ),
        own_limit=False,
    ),
    LimitKind(
        kind=SCHEME,
        label=_("Relationship scheme"),
        icon="heart-handshake",
        measures=(
            Measure("discount", "percent", _("Discount"), "%"),
            Measure("acceleration", "days", _("Shipped sooner by"), _("working days")),
        ),
        categories=WHO,
        defaults=tuple(
            level
            for category, (percent, days) in SCHEMES.items()
            for level in (
                Level(Role.DEPARTMENT_HEAD, percent=percent, days=days, category=category),
                Level(Role.DIRECTOR, percent="15", category=category),
            )
        ),
        own_limit=False,
    ),
    LimitKind(
        kind=RETRO,
        label=_("Retro bonus"),
        icon="rosette-discount",
        measures=(Measure("rate", "percent", _("Highest rate including services"), "%"),),
        visas=(_visa(Role.MARKETER), _visa(Role.ACCOUNTANT)),
        defaults=(Level(Role.DEPARTMENT_HEAD, percent="3"), Level(Role.DIRECTOR)),
        own_limit=False,
    ),
    LimitKind(
        kind=CREDIT_LIMIT,
        label=_("Credit limit"),
        icon="credit-card",
        measures=(Measure("over_norm", "amount", _("Above the norm of the category by"), "₽"),),
        visas=(_visa(Role.ACCOUNTANT),),
        defaults=(Level(Role.DEPARTMENT_HEAD, amount="0"), Level(Role.DIRECTOR)),
        own_limit=False,
    ),
    LimitKind(
        kind=ORDER_RELEASE,
        label=_("Release of an order on hold"),
        icon="truck-delivery",
        measures=(
            Measure("excess", "percent", _("Above the credit limit by"), "%"),
            Measure("overdue", "days", _("Longest overdue"), DAYS),
        ),
        defaults=(Level(Role.DEPARTMENT_HEAD, percent="10", days=30), Level(Role.DIRECTOR)),
    ),
    LimitKind(
        kind=CONTRACT_SIGNATURE,
        label=_("Signature under a standard contract"),
        icon="signature",
        measures=(AMOUNT,),
        decides=StepKind.SIGN,
        defaults=(
            Level(Role.MANAGER, amount="500000"),
            Level(Role.SECTOR_HEAD, amount="1000000"),
            Level(Role.DEPARTMENT_HEAD, amount="5000000"),
            *TOP,
        ),
    ),
    LimitKind(
        kind=CONTRACT_SIGNATURE_OTHER,
        label=_("Signature under a contract of its own wording"),
        icon="signature",
        measures=(AMOUNT,),
        decides=StepKind.SIGN,
        defaults=TOP,
    ),
)


def register_signature_limits() -> None:
    """Called once when the app is ready."""
    for kind in KINDS:
        register(kind)
