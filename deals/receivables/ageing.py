"""How old a debt is: intervals of days overdue and the reserve for doubtful debts (D.5, AR-1).

Days overdue are calendar days after the due day; a payment on the due day is in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from crm.errors import RuleViolation
from crm.work.registry import setting

NOT_DUE = "not_due"
MOST_INTERVALS = 12
LONGEST = 3650
# Tax Code art. 266 (4), calendar days overdue: law, not policy.
HALF_FROM, HALF_TO = 45, 90


@dataclass(frozen=True)
class Interval:
    """Days overdue from `first` to `last`, both included; None is open on that side."""

    code: str
    first: int | None
    last: int | None

    @property
    def label(self) -> str:
        """In words, for the head of a column."""
        if self.first is None:
            return _("Not due")
        if self.last is None:
            return _("from %(days)s days") % {"days": self.first}
        if self.first == self.last:
            return _("%(days)s d.") % {"days": self.first}
        return _("%(first)s–%(last)s d.") % {"first": self.first, "last": self.last}

    def due_days(self, as_of: date) -> tuple[date | None, date | None]:
        """The first and the last due day of what stands in the interval on the day."""
        earliest = None if self.last is None else as_of - timedelta(days=self.last)
        latest = None if self.first is None else as_of - timedelta(days=self.first)
        return earliest, latest


def parse_intervals(text: str) -> list[Interval]:
    """«7, 14, 30» → not due, 1–7, 8–14, 15–30, 31 and more; raises RuleViolation for nonsense."""
    parts = [part.strip() for part in str(text).replace(";", ",").split(",")]
    known = all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts)
    borders = [int(part) for part in parts] if known else []
    growing = all(a < b for a, b in zip([0, *borders], borders, strict=False))
    if not borders or not growing or len(borders) > MOST_INTERVALS or borders[-1] > LONGEST:
        raise RuleViolation(
            _("Enter increasing whole numbers separated by commas, for example 7, 14, 30."),
            field="value",
        )
    made, first = [Interval(NOT_DUE, None, 0)], 1
    for last in borders:
        made.append(Interval(f"d{first}_{last}", first, last))
        first = last + 1
    return [*made, Interval(f"d{first}_plus", first, None)]


def current_intervals() -> list[Interval]:
    """The intervals of the setting in force."""
    return parse_intervals(setting("receivables.intervals"))


def parse_steps(text: str) -> list[int]:
    """Days after the due day on which is reminded: «1, 7, 15»; RuleViolation for nonsense."""
    return [interval.last for interval in parse_intervals(text)[1:-1] if interval.last]
