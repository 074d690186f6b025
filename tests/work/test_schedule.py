"""When periodic work falls due: by the company's clock, month ends and leap days included."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crm.work.periodic import daily, every, hourly, monthly

MOSCOW = ZoneInfo("Europe/Moscow")


def msk(*moment):
    return datetime(*moment, tzinfo=MOSCOW)


def names(schedule, after, until):
    return [period.name for period in schedule.periods(after=after, until=until)]


def test_a_day_begins_at_midnight_of_the_company_and_not_of_greenwich():
    midnight = daily(0)
    assert names(midnight, msk(2026, 3, 1, 12), msk(2026, 3, 1, 23, 59, 59)) == []
    assert names(midnight, msk(2026, 3, 1, 23, 59, 59), msk(2026, 3, 2)) == ["2026-03-02"]
    eve = datetime(2026, 3, 1, 21, tzinfo=UTC)  # 00:00 in Moscow
    assert midnight.latest(eve).name == "2026-03-02"
    assert midnight.latest(eve).day.isoformat() == "2026-03-02"


def test_a_period_is_due_from_its_very_moment_and_never_twice():
    moment = msk(2026, 3, 2, 8, 15)
    assert names(daily(8, 15), msk(2026, 3, 1, 8, 15), moment) == ["2026-03-02"]
    assert names(daily(8, 15), moment, msk(2026, 3, 3, 8, 14)) == []


def test_the_thirty_first_becomes_the_last_day_of_a_shorter_month():
    year = list(monthly(31, 6).periods(after=msk(2025, 12, 31, 7), until=msk(2026, 12, 31, 7)))
    assert [period.name for period in year] == [f"2026-{month:02d}" for month in range(1, 13)]
    assert [p.day.day for p in year] == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def test_the_twenty_ninth_of_february_is_a_day_like_any_other():
    leap = names(daily(5), msk(2028, 2, 28, 4), msk(2028, 3, 1, 6))
    assert leap == ["2028-02-28", "2028-02-29", "2028-03-01"]
    february = list(monthly(29, 5).periods(after=msk(2027, 2, 1), until=msk(2027, 3, 1)))
    assert [p.day.isoformat() for p in february] == ["2027-02-28"]


def test_hours_are_named_by_the_company_clock():
    assert names(hourly(10), msk(2025, 12, 31, 22, 30), msk(2026, 1, 1, 0, 10)) == [
        "2025-12-31T23",
        "2026-01-01T00",
    ]


def test_half_hours_are_named_by_the_company_clock():
    assert names(every(30), msk(2025, 12, 31, 23, 0), msk(2026, 1, 1, 0, 30)) == [
        "2025-12-31T23:30",
        "2026-01-01T00:00",
        "2026-01-01T00:30",
    ]


def test_new_year_ends_the_old_year_only_at_midnight_of_the_company():
    january = monthly(1, 0)
    assert january.latest(msk(2025, 12, 31, 23, 59, 59)).name == "2025-12"
    assert january.latest(msk(2026, 1, 1)).name == "2026-01"


@pytest.mark.parametrize(
    "schedule", [every(30), hourly(59), daily(23, 59), monthly(31, 23), monthly(1, 0)]
)
@pytest.mark.parametrize("moment", [msk(2026, 3, 31), msk(2026, 3, 1), msk(2028, 2, 29, 23, 59)])
def test_every_schedule_has_a_latest_period_at_any_moment(schedule, moment):
    latest = schedule.latest(moment)
    assert latest.due_at <= moment
    assert names(schedule, latest.due_at, moment) == []


def test_periods_sort_by_their_names_as_they_do_in_time():
    for schedule in (every(30), hourly(), daily(9), monthly(30, 9)):
        found = names(schedule, msk(2025, 11, 1), msk(2026, 3, 1))
        assert found == sorted(found)
        assert len(found) == len(set(found))


def test_an_outage_of_a_zone_without_summer_time_has_days_of_twenty_four_hours():
    found = names(hourly(), msk(2026, 3, 28), msk(2026, 3, 30))
    assert len(found) == 48
