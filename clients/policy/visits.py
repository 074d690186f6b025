"""Policy of merchandisers' visits: the norm, the terms, what a visit must leave, what it costs."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group, Kind

VISITS = Group(_("Merchandisers' visits"))
NORMS = (
    ("a", 4, _("Visits a month to an outlet of a client of category A")),
    ("b", 2, _("Visits a month to an outlet of a client of category B")),
    ("c", 1, _("Visits a month to an outlet of a client of category C or without one")),
)


def register_visit_policy() -> None:
    """Declare them."""
    for name, default, label in NORMS:
        VISITS.whole(f"visits.norm_{name}", default, 0, 31, label)
    VISITS.whole(
        "visits.plan_day",
        20,
        1,
        28,
        _("Next month's visits are planned on day"),
        unit=_("of the month"),
    )
    VISITS.whole("visits.least_photos", 1, 0, 20, _("Photos that a visit must have, at least"))
    VISITS.whole(
        "visits.move_days",
        14,
        1,
        62,
        _("A visit can be moved ahead by at most"),
        unit=_("calendar days"),
    )
    _register_economics()


def _register_economics() -> None:
    """What MERCH-1 counts with."""
    VISITS.register(
        "visits.month_cost",
        kind=Kind.DECIMAL,
        default=Decimal("45000.00"),
        minimum=0,
        maximum=10_000_000,
        label=_("A merchandiser costs the company a month (MERCH-1)"),
        unit=_("roubles"),
    )
    VISITS.register(
        "visits.margin_pct",
        kind=Kind.DECIMAL,
        default=Decimal("25.00"),
        minimum=0,
        maximum=100,
        label=_("Gross profit in shipments, for the effect of visits (MERCH-1)"),
        unit="%",
        help=_("The product does not know purchase prices: this share stands in for them."),
    )
    VISITS.whole(
        "visits.baseline_months",
        3,
        1,
        12,
        _("Shipments to an outlet are compared with the average of so many months before"),
        unit=_("months"),
    )
