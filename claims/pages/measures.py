"""What the page of a corrective measure shows: the rate before, after and by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from claims import permissions
from claims.models import CorrectiveMeasure, MeasureState
from claims.rates import Rate, rate_after, rate_of
from crm.accounts.models import User
from crm.calendar import month_start

MONTHS = 6


@dataclass(frozen=True)
class MeasurePage:
    """One measure for one person."""

    row: CorrectiveMeasure
    user: User
    today: date

    @cached_property
    def after(self) -> Rate | None:
        """The rate since it was carried out, as it stands today."""
        return rate_after(self.row, today=self.today)

    @property
    def after_to(self) -> date | None:
        """The last day that is counted by now."""
        if self.row.after is None:
            return None
        return min(self.row.after[1], self.today - timedelta(days=1))

    @property
    def is_whole(self) -> bool:
        """As many days have gone by as are compared with."""
        return self.row.after is not None and self.today > self.row.after[1]

    @cached_property
    def chart(self) -> dict[str, Any]:
        """The rate of the last months: two queries for each."""
        month = self.today.replace(day=1)
        firsts = [month_start(month, -back) for back in range(MONTHS - 1, -1, -1)]
        rates = [
            rate_of(self.row, first, min(month_start(first, 1), self.today) - timedelta(days=1))
            for first in firsts
        ]
        return {
            "type": "line",
            "labels": [f"{first:%m.%Y}" for first in firsts],
            "datasets": [
                {
                    "label": _("Claimed ÷ shipped, %"),
                    "data": [rate.percent or 0 for rate in rates],
                }
            ],
        }

    @property
    def may_begin(self) -> bool:
        states = {MeasureState.PLANNED, MeasureState.DONE}
        return self.row.state in states and permissions.can_carry_out(self.user, self.row)

    @property
    def may_finish(self) -> bool:
        states = {MeasureState.PLANNED, MeasureState.RUNNING}
        return self.row.state in states and permissions.can_carry_out(self.user, self.row)

    @property
    def may_check(self) -> bool:
        done = self.row.state == MeasureState.DONE and self.after is not None
        return done and permissions.can_judge_measure(self.user, self.row)

    @property
    def may_give_up(self) -> bool:
        states = {MeasureState.PLANNED, MeasureState.RUNNING}
        return self.row.state in states and permissions.can_judge_measure(self.user, self.row)
