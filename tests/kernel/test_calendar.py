import json
import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest
from django.core.signals import request_started
from django.db import close_old_connections
from hypothesis import given
from hypothesis import strategies as st

from crm import calendar
from crm.work.models import CalendarDay
from crm.work.production_calendar import YEARS, official_days, seed_calendar
from tests.kernel.shared_files import shared_file

# Own copies of CAL-1 (2025–2027) and of the two years published before.
BY_MONTH = {
    2023: [17, 18, 22, 20, 20, 21, 21, 23, 21, 22, 21, 21],
    2024: [17, 20, 20, 21, 20, 19, 23, 22, 21, 23, 21, 21],
    2025: [17, 20, 21, 22, 18, 19, 23, 21, 22, 23, 19, 22],
    2026: [15, 19, 21, 22, 19, 21, 23, 21, 22, 22, 20, 22],
    2027: [15, 19, 22, 22, 19, 21, 22, 22, 22, 21, 20, 22],
}
OFFICIAL = calendar.WorkingCalendar(
    {day: kind for year in YEARS for day, kind in official_days(year).items()}
)
DAYS = st.dates(min_value=date(2023, 2, 1), max_value=date(2028, 12, 1))


@pytest.fixture
def seeded(db):
    """The official calendar in the table."""
    seed_calendar()


def request_begins():
    """As Django's test client does it: the connection of the test stays open."""
    request_started.disconnect(close_old_connections)
    request_started.send(sender=None)
    request_started.connect(close_old_connections)


@pytest.mark.parametrize("year", YEARS)
def test_working_days_of_every_month(seeded, year):
    counted = [calendar.working_days_in_month(year, month) for month in range(1, 13)]
    assert counted == BY_MONTH[year]
    assert sum(counted) == (248 if year == 2024 else 247)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2024-04-26", 1, "2024-04-27"),
        ("2024-04-27", 1, "2024-05-02"),
        ("2024-12-28", 1, "2025-01-09"),
        ("2025-10-31", 1, "2025-11-01"),
        ("2025-10-31", 2, "2025-11-05"),
        ("2026-01-01", 1, "2026-01-12"),
        ("2026-04-30", 5, "2026-05-08"),
        ("2026-01-12", -1, "2025-12-30"),
        ("2025-05-12", -3, "2025-05-05"),
        ("2027-02-19", 1, "2027-02-20"),
        ("2026-10-31", 0, "2026-10-31"),
    ],
)
def test_adding_working_days(seeded, day, count, expected):
    assert calendar.add_working_days(date.fromisoformat(day), count).isoformat() == expected


@pytest.mark.parametrize(
    ("start", "days", "day_type", "due"),
    [
        ("2026-09-28", 30, "calendar", "2026-10-28"),
        ("2026-09-16", 45, "calendar", "2026-11-02"),
        ("2026-12-01", 30, "calendar", "2027-01-11"),
        ("2026-10-29", 5, "working", "2026-11-06"),
        ("2027-02-15", 5, "working", "2027-02-20"),
        ("2026-12-28", 4, "working", "2027-01-12"),
        ("2026-10-05", 0, "calendar", "2026-10-05"),
        ("2026-10-03", 0, "calendar", "2026-10-05"),
        ("2026-10-03", 0, "working", "2026-10-05"),
    ],
)
def test_terms_end_on_working_days(seeded, start, days, day_type, due):
    assert calendar.due_date(date.fromisoformat(start), days, day_type).isoformat() == due


def test_internal_deadlines_move_back(seeded):
    assert calendar.internal_deadline(2026, 10, 25) == date(2026, 10, 23)
    assert calendar.last_working_day(2026, 10) == date(2026, 10, 30)
    assert calendar.nth_working_day(2026, 11, 3) == date(2026, 11, 5)
    assert calendar.internal_deadline(2027, 2, 31) == date(2027, 2, 26)


def test_forward_and_backward(seeded):
    assert calendar.next_working_day(date(2026, 12, 31)) == date(2027, 1, 11)
    assert calendar.previous_working_day(date(2027, 1, 10)) == date(2026, 12, 30)
    assert calendar.next_working_day(date(2027, 2, 20)) == date(2027, 2, 20)


def test_a_year_outside_the_table_has_weekends_only(seeded):
    assert calendar.is_working_day(date(2035, 1, 1))
    assert not calendar.is_working_day(date(2035, 1, 6))


@given(DAYS, st.integers(-60, 60))
def test_between_counts_what_add_added(day, count):
    moved = OFFICIAL.add(day, count)
    between = (
        OFFICIAL.count(day + timedelta(days=1), moved)
        if count >= 0
        else -OFFICIAL.count(moved, day - timedelta(days=1))
    )
    assert between == count


@given(DAYS, st.integers(1, 60))
def test_adding_and_taking_back_returns_to_the_working_day(day, count):
    working = OFFICIAL.forward(day)
    assert OFFICIAL.add(OFFICIAL.add(working, count), -count) == working
    assert OFFICIAL.add(OFFICIAL.add(day, 1), count) == OFFICIAL.add(day, count + 1)


@given(DAYS)
def test_backward_is_never_later_than_forward(day):
    before, after = OFFICIAL.backward(day), OFFICIAL.forward(day)
    assert before <= day <= after
    assert (before == after) == OFFICIAL.is_working(day)


def test_between_is_signed(seeded):
    assert calendar.working_days_between(date(2026, 10, 30), date(2026, 11, 5)) == 3
    assert calendar.working_days_between(date(2026, 11, 5), date(2026, 10, 30)) == -3
    assert calendar.working_days_between(date(2026, 11, 5), date(2026, 11, 5)) == 0


def test_seeding_twice_adds_nothing(seeded):
    rows = CalendarDay.objects.count()
    assert seed_calendar() == 0
    assert CalendarDay.objects.count() == rows


def test_seeding_leaves_edited_and_removed_days_alone(seeded):
    CalendarDay.objects.filter(day=date(2026, 2, 23)).update(kind=calendar.WORKING)
    CalendarDay.objects.filter(day=date(2026, 6, 12)).delete()
    seed_calendar()
    assert calendar.is_working_day(date(2026, 2, 23))
    assert calendar.is_working_day(date(2026, 6, 12))


def test_an_edit_elsewhere_is_seen_by_the_next_request(seeded):
    assert calendar.is_working_day(date(2026, 11, 23))
    CalendarDay.objects.create(day=date(2026, 11, 23), kind=calendar.OFF)
    request_begins()
    assert not calendar.is_working_day(date(2026, 11, 23))


def test_many_counts_read_the_table_once(seeded, django_assert_num_queries):
    calendar.forget()
    with django_assert_num_queries(1):
        for offset in range(100):
            calendar.add_working_days(date(2026, 1, 1) + timedelta(days=offset), 10)


def test_the_copy_outside_requests_grows_old(seeded, monkeypatch):
    calendar.is_working_day(date(2026, 11, 23))
    CalendarDay.objects.create(day=date(2026, 11, 23), kind=calendar.OFF)
    later = calendar.time.monotonic() + 3
    monkeypatch.setattr(calendar.time, "monotonic", lambda: later)
    assert not calendar.is_working_day(date(2026, 11, 23))


def test_the_official_calendar_agrees_with_the_published_facts():
    facts = json.loads(shared_file("data/facts.json").read_text(encoding="utf-8"))["calendar"]
    for year, published in facts["years"].items():
        days = official_days(int(year))
        worked = {day for day, kind in days.items() if kind != calendar.OFF}
        assert published["shortened_days"] == [
            day.isoformat() for day, kind in sorted(days.items()) if kind == calendar.SHORT
        ]
        assert published["working_weekend_days"] == [
            day.isoformat() for day in sorted(worked) if day.weekday() > 4
        ]
        assert published["non_working_weekdays"] == [
            day.isoformat() for day in sorted(days) if day not in worked
        ]
    for day, count, expected in facts["add_working_days"]:
        assert OFFICIAL.add(date.fromisoformat(day), count).isoformat() == expected


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_every_day_agrees_with_the_first_publication(year):
    path = shared_file(f"data/calendar/consultant{year}.json")
    published = json.loads(path.read_text(encoding="utf-8"))
    day = date(year, 1, 1)
    while day.year == year:
        assert OFFICIAL.is_working(day) == (day.isoformat() not in published["holidays"]), day
        short = day.isoformat() in published["preholidays"]
        assert (OFFICIAL.kind(day) == calendar.SHORT) == short, day
        day += timedelta(days=1)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_transfer_agrees_with_the_second_publication(year):
    path = shared_file(f"data/calendar/xmlcalendar_ru_{year}.xml")
    kinds = {"1": calendar.OFF, "2": calendar.SHORT, "3": calendar.SHORT}
    for row in ET.fromstring(path.read_bytes()).iter("day"):
        day = date.fromisoformat(f"{year}-{row.get('d').replace('.', '-')}")
        if day.weekday() > 4 and row.get("t") == "1":
            assert not OFFICIAL.is_working(day)
        else:
            assert OFFICIAL.kind(day) == kinds[row.get("t")], day
