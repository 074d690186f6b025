"""Policy of claims: terms of answers, up to which amount who decides (C.9, D.7)."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group, Kind

CLAIMS = Group(_("Claims"))
CALENDAR, WORKING = _("calendar days"), _("working days")
WHOLE = (
    (
        "answer_days",
        10,
        1,
        365,
        _("A claim is answered within, where the contract says nothing"),
        CALENDAR,
    ),
    ("soon_days", 3, 0, 30, _("A claim comes to My day before its last day"), WORKING),
    ("settle_days", 5, 1, 60, _("What was decided is compensated and answered within"), WORKING),
    ("head_days", 3, 0, 60, _("A late claim is reported to the head above after"), WORKING),
    ("board_days", 30, 0, 365, _("Closed claims stay on the board for"), CALENDAR),
)
LIMITS = (
    ("manager_limit", 10_000, _("A manager decides claims of up to")),
    ("sector_head_limit", 50_000, _("A sector head decides claims of up to")),
)


def register_claim_policy() -> None:
    """Declare the settings of claims."""
    for name, default, least, most, label, unit in WHOLE:
        CLAIMS.whole(f"claim.{name}", default, least, most, label, unit)
    for name, default, label in LIMITS:
        CLAIMS.register(
            f"claim.{name}",
            kind=Kind.DECIMAL,
            default=Decimal(default),
            minimum=0,
            maximum=1_000_000_000,
            label=label,
            unit="₽",
        )
