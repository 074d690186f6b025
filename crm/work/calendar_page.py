"""What the calendar page shows: a year of months of weeks of days."""

import calendar
from dataclasses import dataclass
from datetime import date

from crm.work.models import ORDINARY, CalendarDay, CalendarDayKind

YEARS = range(2020, 2041)


@dataclass(frozen=True)
class DayCell:
    """One day of the page."""

    day: date
    kind: str
    note: str
    differs: bool
    in_month: bool
    is_today: bool
    version: int

    @property
    def label(self) -> str:
        """The kind of day in words."""
        return str(CalendarDayKind(self.kind).label)


@dataclass(frozen=True)
class MonthBox:
    """A month: its first day, weeks of seven cells and the number of working days."""

    first: date
    weeks: list[list[DayCell]]
    working_days: int


@dataclass(frozen=True)
class YearPage:
    """A year with its neighbours."""

    year: int
    months: list[MonthBox]
    working_days: int
    known: bool
    years: list[int]


def year_of(year: int, *, today: date) -> YearPage:
    """The page of a year; `known` is false when the table holds nothing of it."""
    rows = CalendarDay.objects.filter(
        day__gte=date(year - 1, 12, 25), day__lte=date(year + 1, 1, 7)
    )
    exceptions = {row.day: row for row in rows}
    months = [_month(date(year, month, 1), exceptions, today) for month in range(1, 13)]
    return YearPage(
        year=year,
        months=months,
        working_days=sum(month.working_days for month in months),
        known=any(day.year == year for day in exceptions),
        years=[y for y in range(year - 2, year + 3) if y in YEARS],
    )


def day_of(year: int, month: int, day: int) -> DayCell | None:
    """One day; None when there is no such date or year."""
    try:
        moment = date(year, month, day)
    except ValueError:
        return None
    if year not in YEARS:
        return None
    row = CalendarDay.objects.filter(pk=moment).first()
    return _cell(moment, {moment: row} if row else {}, moment.replace(day=1), date.min)


def _month(first: date, exceptions: dict[date, CalendarDay], today: date) -> MonthBox:
    weeks = [
        [_cell(day, exceptions, first, today) for day in week]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    working = sum(
        cell.in_month and cell.kind != CalendarDayKind.OFF for week in weeks for cell in week
    )
    return MonthBox(first, weeks, working)


def _cell(day: date, exceptions: dict[date, CalendarDay], first: date, today: date) -> DayCell:
    ordinary = CalendarDayKind.OFF if day.weekday() >= 5 else CalendarDayKind.WORKING
    row = exceptions.get(day)
    return DayCell(
        day=day,
        kind=row.kind if row else ordinary,
        note=row.note if row else "",
        differs=row is not None,
        in_month=day.month == first.month,
        is_today=day == today,
        version=row.version if row else ORDINARY,
    )
