"""MERCH-1: what the work of merchandisers costs and brings. Knows no tables.

Completion = done ÷ planned; cost of a visit = cost ÷ done; effect = gross profit beyond the usual
one − cost; return = effect ÷ cost. Per cent of sums, never averaged; roubles. What is not known
has no effect, rather than a loss of the whole cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from crm.money import percent, round_half_up

NOTHING = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Economics:
    """Visits and roubles; `incremental_gp` is none where no shipment of an outlet is known."""

    planned: int = 0
    done: int = 0
    cost: Decimal = NOTHING
    incremental_gp: Decimal | None = None

    @property
    def completion_pct(self) -> Decimal | None:
        return percent(self.done, self.planned)

    @property
    def cost_per_visit(self) -> Decimal | None:
        """None where nothing was done."""
        return round_half_up(self.cost / self.done) if self.done else None

    @property
    def net_effect(self) -> Decimal | None:
        known = self.incremental_gp
        return None if known is None else round_half_up(known - self.cost)

    @property
    def roi_pct(self) -> Decimal | None:
        effect = self.net_effect
        return None if effect is None else percent(effect, self.cost)


def beyond_usual(
    shipped: Decimal, before: Decimal, *, days: int, days_before: int, margin_pct: Decimal
) -> Decimal:
    """Gross profit beyond the usual one: shipments less as many as the days before would give."""
    usual = before * days / days_before if days_before else NOTHING
    return round_half_up((shipped - usual) * margin_pct / HUNDRED)
