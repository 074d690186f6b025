"""The months a dashboard is about: a relative preset or a month; both stand in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.calendar import half_start
from reports.forms.dashboards import chosen_month
from reports.parameters import month_start

PRESETS: dict[str, str | Promise] = {
    "this_month": _("This month"),
    "last_month": _("Last month"),
    "this_half_year": _("This half-year"),
}


@dataclass(frozen=True)
class Months:
    """From the first to the last month, both by their first days; `code` is what was asked for."""

    first: date
    last: date
    code: str

    @classmethod
    def of(cls, month: date) -> Months:
        """One month."""
        return cls(month, month, f"{month:%Y-%m}")

    @property
    def is_one(self) -> bool:
        return self.first == self.last

    @property
    def all(self) -> list[date]:
        """Each of them, the earliest first."""
        found, month = [], self.first
        while month <= self.last:
            found.append(month)
            month = month_start(month, 1)
        return found

    @property
    def before(self) -> list[date]:
        """As many months, up to the first one."""
        count = len(self.all)
        return [month_start(self.first, number - count) for number in range(count)]

    @property
    def query(self) -> dict[str, str]:
        """Parameters of the address."""
        return {"period": self.code}


def chosen_months(given: Mapping[str, str], *, today: date) -> Months:
    """The period or the month of the address, else this month; BadRequest for nonsense.

    The half-year goes up to this month: of the months to come there is no fact to be held against.
    """
    this, code = month_start(today), given.get("period") or given.get("month") or "this_month"
    known = {
        "this_month": (this, this),
        "last_month": (month_start(today, -1), month_start(today, -1)),
        "this_half_year": (half_start(today), this),
    }
    if code in known:
        return Months(*known[code], code)
    month = chosen_month(code, today=today)
    return Months(month, month, code)
