"""What the page of a cost-reduction measure shows, and what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.accounts.models import User
from crm.money import percent
from reports.models import OPEN_SAVING, CostMeasure, SavingState
from reports.permissions import costs as permissions


@dataclass(frozen=True)
class SavingPage:
    """One measure for one person."""

    row: CostMeasure
    user: User
    today: date

    @property
    def reached(self) -> Decimal | None:
        """Saving reached to the planned one, %."""
        if self.row.actual_saving is None:
            return None
        return percent(self.row.actual_saving, self.row.planned_saving)

    @property
    def is_late(self) -> bool:
        return self.row.state in OPEN_SAVING and self.row.due_on < self.today

    @property
    def may_begin(self) -> bool:
        planned = self.row.state == SavingState.PLANNED
        return planned and permissions.can_carry_saving_out(self.user, self.row)

    @property
    def may_finish(self) -> bool:
        return permissions.can_carry_saving_out(self.user, self.row)

    @property
    def may_confirm(self) -> bool:
        return permissions.can_confirm_saving(self.user, self.row)

    @property
    def may_change(self) -> bool:
        return permissions.can_change_saving(self.user, self.row)
