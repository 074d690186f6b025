"""What is left of a claim by now: payments after it lower what is still claimed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from claims.models import OutgoingClaim, OutgoingLine
from claims.querysets.outgoing import owed_now
from deals.models import Allocation
from deals.querysets.shipments import ZERO


@dataclass(frozen=True)
class Remaining:
    """Open of the debt and of penalty with interest, roubles."""

    principal: Decimal
    accrual: Decimal
    claimed: Decimal

    @classmethod
    def of(cls, claim: OutgoingClaim) -> Remaining:
        """By the invoices as they are now; one query."""
        rows = OutgoingLine.objects.filter(claim=claim).order_by()
        left = rows.aggregate(left=Coalesce(Sum(owed_now("")), ZERO))["left"]
        return cls(left, claim.penalty + claim.interest - claim.accrual_paid, claim.total)

    @property
    def total(self) -> Decimal:
        return self.principal + self.accrual

    @property
    def paid(self) -> Decimal:
        """What has come since it was counted."""
        return self.claimed - self.total


def settled_since(claim: OutgoingClaim) -> QuerySet[Allocation]:
    """Parts of payments and returns that count after the day of the calculation."""
    invoices = OutgoingLine.objects.filter(claim=claim).values("invoice")
    rows = Allocation.objects.filter(invoice__in=invoices, on_day__gt=claim.calculated_to)
    return rows.select_related("payment", "credit", "invoice").order_by("on_day", "pk")
