"""Payment discipline: how late money comes (DISC-1)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from crm.money import percent, round_half_up


@dataclass(frozen=True)
class Discipline:
    """Payments of a time against their due days; roubles and rouble-days."""

    paid: Decimal
    on_time: Decimal
    late_days: Decimal

    @property
    def weighted_delay(self) -> Decimal | None:
        """Days of delay weighted by the amounts; what came early does not offset what was late."""
        return round_half_up(self.late_days / self.paid) if self.paid else None

    @property
    def on_time_percent(self) -> Decimal | None:
        """Share of the money that came by the due day."""
        return percent(self.on_time, self.paid)
