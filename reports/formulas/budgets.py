"""BUDGET-1: execution of a budget. Knows no tables.

Execution % = fact ÷ plan × 100 from sums, never averaged, none for a plan of nought;
over = fact − plan (above nought: an over-run). Roubles with VAT. Fact is what was paid, by the
month of the day it was spent; what is approved and not paid yet stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from crm.money import percent

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Execution:
    """Plan, fact and what waits for payment; sums of them are sums of their parts."""

    plan: Decimal = NOTHING
    fact: Decimal = NOTHING
    approved: Decimal = NOTHING

    def __add__(self, other: Execution) -> Execution:
        return Execution(
            self.plan + other.plan, self.fact + other.fact, self.approved + other.approved
        )

    @property
    def percent(self) -> Decimal | None:
        """Fact to plan, half up to two digits; None without a plan."""
        return percent(self.fact, self.plan)

    @property
    def over(self) -> Decimal:
        """Fact less plan."""
        return self.fact - self.plan

    @property
    def is_over(self) -> bool:
        """More was spent than planned."""
        return self.over > 0

    @property
    def will_be_over(self) -> bool:
        """It will be once everything approved is paid."""
        return self.fact + self.approved > self.plan

    @property
    def is_empty(self) -> bool:
        return not (self.plan or self.fact or self.approved)

    def tone(self, warn_percent: int) -> str:
        """danger above the plan, warning from the percentage on or with what is approved."""
        if self.is_over:
            return "danger"
        near = self.percent is not None and self.percent >= warn_percent
        return "warning" if near or self.will_be_over else ""
