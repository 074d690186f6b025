"""When a payment is due (CAL-2, D.6): terms of the contract, the limit, or the category."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from crm import calendar
from crm.calendar import DayType


@dataclass(frozen=True)
class PaymentTerms:
    """So many days after the shipment, calendar or working ones."""

    days: int
    day_type: DayType = "calendar"


def due_date(shipped_on: date, terms: PaymentTerms) -> date:
    """The last day of payment in time.

    Calendar days: the day after so many days, moved to a working day (Civil Code 191, 193);
    working days: the n-th working day after the shipment.
    """
    if terms.day_type == "working" and terms.days:
        return calendar.add_working_days(shipped_on, terms.days)
    return calendar.current().forward(shipped_on + timedelta(days=terms.days))
