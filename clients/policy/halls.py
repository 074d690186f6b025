"""When a client is unpromising for a personal manager (HALL-1)."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group, Kind

HALLS = Group(_("Trading hall"))


def register_hall_policy() -> None:
    """Declare the bounds of HALL-1."""
    HALLS.whole(
        "hall.days_without_sale",
        180,
        30,
        1500,
        _("A client of category C is unpromising when the last shipment is older than"),
        unit=_("calendar days"),
    )
    HALLS.whole(
        "hall.months",
        3,
        1,
        12,
        _("Months over which average shipments are counted"),
        unit=_("months"),
    )
    for name, label in (
        ("hall.least_shipments", _("Or: average net shipments per month below")),
        ("hall.least_potential", _("And in both cases: potential per month below")),
    ):
        HALLS.register(
            name,
            kind=Kind.DECIMAL,
            default=Decimal("10000.00"),
            minimum=0,
            maximum=100_000_000,
            label=label,
            unit=_("roubles"),
        )
