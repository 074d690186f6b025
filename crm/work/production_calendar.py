"""Official production calendar 2023–2027 as seed rows of the calendar table.

Sources: government decrees on transfer of days off, D.9; checked against two independent
publications for 2023–2026 and CAL-1 for 2025–2027 (decree of 17.09.2026 no. 1187 for 2027).
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse

from crm import calendar
from crm.accounts.models import Role, User
from crm.history import verb
from crm.notices.actions import notify_many
from crm.work.models import CalendarDay
from crm.work.registry import setting

# Weekdays off, weekend days worked, and days shortened by an hour (worked, weekend or not).
_OFF = {
    2023: "0102 0103 0104 0105 0106 0223 0224 0308 0501 0508 0509 0612 1106",
    2024: "0101 0102 0103 0104 0105 0108 0223 0308 0429 0430 0501 0509 0510 0612 1104 1230 1231",
    2025: "0101 0102 0103 0106 0107 0108 0501 0502 0508 0509 0612 0613 1103 1104 1231",
    2026: "0101 0102 0105 0106 0107 0108 0109 0223 0309 0501 0511 0612 1104 1231",
    2027: "0101 0104 0105 0106 0107 0108 0222 0223 0308 0503 0510 0614 1104 1105 1231",
}
_WORKING = {2024: "0427 1228"}
_SHORT = {
    2023: "0222 0307 1103",
    2024: "0222 0307 0508 0611 1102",
    2025: "0307 0430 0611 1101",
    2026: "0430 0508 0611 1103",
    2027: "0220 0430 0611 1103",
}
YEARS = tuple(_OFF)


def official_days(year: int) -> dict[date, str]:
    """Return the days of the year that differ from Monday–Friday, with their kind."""
    tables = ((calendar.OFF, _OFF), (calendar.WORKING, _WORKING), (calendar.SHORT, _SHORT))
    return {day: kind for kind, table in tables for day in _days(year, table.get(year, ""))}


def _days(year: int, text: str) -> Iterator[date]:
    """Read days written as mmdd."""
    for code in text.split():
        yield date(year, int(code[:2]), int(code[2:]))


def seed_calendar() -> int:
    """Fill the years the table knows nothing about; return the number of rows written.

    A year with any row belongs to the customer and is left alone: neither an edited day nor a
    removed one comes back.
    """
    known = _known_years()
    rows = [
        CalendarDay(day=day, kind=kind)
        for year in YEARS
        if year not in known
        for day, kind in official_days(year).items()
    ]
    with verb("calendar.seeded", by=None):
        CalendarDay.objects.bulk_create(rows, ignore_conflicts=True)
    calendar.forget()
    return len(rows)


def remind_of_missing_calendar(*, today: date) -> int:
    """Tell the administrators once a month which year is near, or has begun, without a calendar.

    Until somebody enters it the holidays of that year are counted as working days.
    """
    horizon = today + timedelta(days=setting("calendar.remind_days"))
    missing = set(range(today.year, horizon.year + 1)) - _known_years()
    return sum(
        notify_many(
            User.objects.working().filter(role=Role.ADMIN),
            kind="calendar.missing",
            params={"year": year},
            url=reverse("work:calendar_year", args=[year]),
            dedupe_key=f"calendar.missing:{year}:{today:%Y-%m}",
        )
        for year in sorted(missing)
    )


def _known_years() -> set[int]:
    return {day.year for day in CalendarDay.objects.dates("day", "year")}
