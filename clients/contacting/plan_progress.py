"""How far a contact plan is and where it is heading, in working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from clients.querysets.plan_totals import PlanSums
from crm.calendar import count_working_days, month_end, month_start
from crm.money import percent, round_half_up
from crm.work.registry import setting

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Progress:
    """Contacts of the month: plan, fact, credited, and where the month is heading.

    Working days up to yesterday have gone.
    """

    month: date
    today: date
    sums: PlanSums
    days_gone: int
    days_total: int

    @classmethod
    def of(cls, month: date, today: date, sums: PlanSums) -> Progress:
        """The month as of today; a month that is over has gone by as a whole."""
        total = count_working_days(month, month_end(month.year, month.month))
        return cls(month, today, sums, _days_gone(month, today), total)

    @property
    def is_running(self) -> bool:
        return self.month == self.today.replace(day=1)

    @property
    def forecast(self) -> int | None:
        """Credited contacts at the end of the month if the pace stays; None on its first day."""
        if not self.days_gone:
            return None
        pace = Decimal(self.sums.credited) * self.days_total / self.days_gone
        return min(int(round_half_up(pace, 0)), self.sums.planned)

    @property
    def forecast_percent(self) -> Decimal | None:
        """The forecast to the plan."""
        forecast = self.forecast
        return None if forecast is None else percent(forecast, self.sums.planned)

    @property
    def expected(self) -> int:
        """What the plan asks for by today, working days counted."""
        if not self.days_total:
            return 0
        return int(round_half_up(Decimal(self.sums.planned * self.days_gone) / self.days_total, 0))

    @property
    def tone(self) -> str:
        """Good, poor or between: what was credited against what is due by today.

        A month that is half gone is judged by its half (`contacts.good_percent`, `.poor_percent`).
        """
        share = percent(self.sums.credited, self.expected)
        if share is None:
            return "neutral"
        if share >= setting("contacts.good_percent"):
            return "success"
        return "danger" if share < setting("contacts.poor_percent") else "warning"


def _days_gone(month: date, today: date) -> int:
    if today <= month:
        return 0
    return count_working_days(month, min(today, month_start(month, 1)) - DAY)


def tone_of(sums: PlanSums, month: date, today: date) -> str:
    """How the sums of the month stand."""
    return Progress.of(month, today, sums).tone
