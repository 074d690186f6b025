"""The pre-trial term of a claim (PRE-1, APK art. 4 p. 5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from crm.calendar import due_date
from crm.work.registry import setting
from deals.models import Contract, DayType


@dataclass(frozen=True)
class Term:
    """So many days for the answer, as law or contract says."""

    days: int
    day_type: DayType

    def last_day(self, sent_on: date) -> date:
        """The last day of the answer: one off is moved to the next working day."""
        kind: Literal["calendar", "working"] = (
            "working" if self.day_type == DayType.WORKING else "calendar"
        )
        return due_date(sent_on, self.days, kind)

    def lawsuit_from(self, sent_on: date) -> date:
        """The first day on which the court takes the lawsuit."""
        return self.last_day(sent_on) + timedelta(days=1)


def term_of(contracts: Iterable[Contract | None], today: date) -> Term:
    """Of the contracts concerned the longest one; the law's where there is none."""
    terms = {Term(one.claim_response_days, DayType(one.claim_day_type)) for one in contracts if one}
    return max(terms or {by_law()}, key=lambda term: term.last_day(today))


def by_law() -> Term:
    """Calendar days from the day of sending; a setting, because the law has changed before."""
    return Term(setting("outgoing.answer_days"), DayType.CALENDAR)
