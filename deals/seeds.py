"""Rows that every installation starts with: VAT rates and the ladder of follow-up."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from crm.history import verb
from deals.models import FollowUpStep, VatKind, VatRate

# VAT-4; Federal Law 425-FZ of 28.11.2025 for the rate of 2026.
RATES = (
    (VatKind.STANDARD, "18", date(2004, 1, 1)),
    (VatKind.STANDARD, "20", date(2019, 1, 1)),
    (VatKind.STANDARD, "22", date(2026, 1, 1)),
    (VatKind.REDUCED, "10", date(2004, 1, 1)),
    (VatKind.ZERO, "0", date(2004, 1, 1)),
)
# Days overdue, what to do, by which kind of contact, whether the head is told (D.6, L258).
LADDER: dict[str, tuple[tuple[int, str, str, bool], ...]] = {
    "A": (
        (1, "Позвонить и узнать день оплаты", "call", False),
        (7, "Письмо с актом задолженности", "email", False),
        (15, "Встреча с лицом, принимающим решение", "meeting", True),
        (30, "Официальное письмо за подписью руководителя отдела", "letter", True),
    ),
    "B": (
        (1, "Позвонить и узнать день оплаты", "call", False),
        (7, "Повторный звонок и письмо", "email", False),
        (15, "Официальное письмо", "letter", True),
        (30, "Передать юристу: претензия", "letter", True),
    ),
    "C": (
        (1, "Позвонить и узнать день оплаты", "call", False),
        (7, "Официальное письмо", "letter", False),
        (15, "Передать юристу: претензия", "letter", True),
    ),
}


def seed_vat_rates() -> int:
    """The rates of the law, each until the next one, for kinds that have none at all."""
    known = set(VatRate.objects.open().values_list("kind", flat=True))
    ends = {
        (kind, day): later for (kind, _, day), (other, _, later) in pairwise(RATES) if kind == other
    }
    rows = [
        VatRate(kind=kind, percent=Decimal(percent), valid_from=day, valid_to=ends.get((kind, day)))
        for kind, percent, day in RATES
        if kind not in known
    ]
    with verb("vat.seeded", by=None):
        VatRate.objects.bulk_create(rows)
    return len(rows)


def seed_follow_up() -> int:
    """The ladder, where there is none at all."""
    if FollowUpStep.objects.exists():
        return 0
    rows = [
        FollowUpStep(
            category=category,
            days_overdue=days,
            action=action,
            contact_kind=kind,
            tells_head=tells,
        )
        for category, steps in {**LADDER, "-": LADDER["C"]}.items()
        for days, action, kind, tells in steps
    ]
    with verb("follow_up.seeded", by=None):
        FollowUpStep.objects.bulk_create(rows)
    return len(rows)
