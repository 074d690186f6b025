"""How often a problem happens: claimed ÷ shipped roubles of the same days, percent (CM-04)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Sum

from claims.models import Claim, ClaimLine, CorrectiveMeasure
from crm.accounts.models import OrgUnit
from crm.money import round_half_up
from deals.models import Shipment, ShipmentLine

NOTHING = Decimal(0)
PLACES = 4


@dataclass(frozen=True)
class Rate:
    """Claims of a problem in some days against what was shipped in them."""

    claims: int
    claimed: Decimal
    shipped: Decimal

    @property
    def percent(self) -> Decimal | None:
        """None where nothing was shipped."""
        if not self.shipped:
            return None
        return round_half_up(self.claimed * 100 / self.shipped, PLACES)


def rate_of(measure: CorrectiveMeasure, first: date, last: date) -> Rate:
    """The rate of the measure's problem in its unit from the first to the last day."""
    units = OrgUnit.objects.subtree_of([measure.org_unit_id]).values("pk")
    claims = Claim.objects.received(first, last).filter(org_unit__in=units)
    claims = claims.exclude(state="withdrawn")
    if measure.reason_id is not None:
        claims = claims.filter(reason=measure.reason_id)
    if measure.guilty_party:
        claims = claims.filter(guilty_party=measure.guilty_party)
    sales = Shipment.objects.counted().in_period(first, last).filter(kind="sale")
    sales = sales.filter(org_unit__in=units).order_by()
    if measure.product_group_id is None:
        found = claims.order_by().aggregate(count=Count("pk"), amount=Sum("claimed_amount"))
        shipped = sales.aggregate(amount=Sum("amount"))
    else:
        of_group = {"product__group": measure.product_group_id}
        lines = ClaimLine.objects.filter(claim__in=claims, **of_group)
        found = lines.aggregate(count=Count("claim", distinct=True), amount=Sum("amount"))
        sold = ShipmentLine.objects.filter(shipment__in=sales, **of_group)
        shipped = sold.aggregate(amount=Sum("amount"))
    return Rate(found["count"], found["amount"] or NOTHING, shipped["amount"] or NOTHING)


def rate_after(measure: CorrectiveMeasure, *, today: date) -> Rate | None:
    """The rate of the days after it, up to yesterday; None while there are none."""
    if measure.after is None:
        return None
    first, last = measure.after
    last = min(last, today - timedelta(days=1))
    return rate_of(measure, first, last) if last >= first else None
