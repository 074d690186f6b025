"""Retro bonuses in any state, written past the actions.

kept = retro.agreement(contract, manager, tiers={"0": "2"})     # in force since January 2026
"""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from deals.bonuses.retro import Tier
from deals.models import RetroBonusAccrual, RetroBonusAgreement, RetroBonusTier

STARTS = date(2026, 1, 1)
APPROVED = ("active", "expired", "terminated")


def tiers(said):
    """{"1000000": "1"} as the product takes it."""
    return [Tier(Decimal(volume), Decimal(pct)) for volume, pct in said.items()]


def agreement(contract, author, *, said=None, state="active", **more):
    """Of quarters, 2 % from the first rouble unless told otherwise."""
    more.setdefault("valid_from", STARTS)
    if state in APPROVED:
        more = {"approved_by": author, "approved_at": timezone.now()} | more
    made = RetroBonusAgreement.objects.create(
        contract=contract, client=contract.client, author=author, state=state, **more
    )
    for tier in tiers(said or {"0": "2"}):
        RetroBonusTier.objects.create(agreement=made, from_volume=tier.from_volume, pct=tier.pct)
    return made


def accrual(of, *, state="calculated", by=None, amount="20000.00", **more):
    """Of the third quarter of 2026, 2 % of a million."""
    values = {
        "period_start": date(2026, 7, 1), "period_end": date(2026, 9, 30),
        "base": Decimal(1_000_000), "rate": Decimal(2), "amount": Decimal(amount),
    }  # fmt: skip
    if state not in ("calculated", "recalculated"):
        values |= {"checked_by": by, "checked_at": timezone.now()}
    if state in ("approved", "offset", "paid", "closed"):
        values |= {"approved_by": by, "approved_at": timezone.now()}
    if state in ("offset", "paid", "closed"):
        values |= {"given_amount": Decimal(amount), "given_on": date(2026, 10, 20), "document": "1"}
    return RetroBonusAccrual.objects.create(
        agreement=of, client=of.client, state=state, **values | more
    )
