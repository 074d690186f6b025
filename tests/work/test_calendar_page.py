"""The production calendar on screen: seen by all, edited by the administrator."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from crm import calendar
from crm.errors import RuleViolation
from crm.notices.models import Notice
from crm.work import actions
from crm.work.calendar_page import year_of
from crm.work.models import CalendarDay
from crm.work.production_calendar import YEARS, remind_of_missing_calendar
from crm.work.registry import setting
from tests.cast import everybody, signed_in
from tests.factories import accounts

DAY = date(2026, 6, 10)  # an ordinary Wednesday


def url(day=DAY):
    return reverse("work:calendar_day", args=[day.year, day.month, day.day])


def test_the_year_shows_its_official_number_of_working_days(db):
    assert year_of(2026, today=DAY).working_days == 247
    assert [month.working_days for month in year_of(2025, today=DAY).months][:2] == [17, 20]


def test_everybody_sees_the_calendar_and_only_the_administrator_may_touch_it(cast):
    for person in everybody(cast).values():
        client = signed_in(person)
        page = client.get(reverse("work:calendar_year", args=[2026]))
        is_admin = person == cast.admin
        assert page.status_code == 200
        assert ("day-button" in page.content.decode()) == is_admin
        assert client.get(url()).status_code == (200 if is_admin else 403)
        posted = client.post(url(), {"day": DAY.isoformat(), "kind": "working", "note": ""})
        assert posted.status_code == (204 if is_admin else 403)


def test_a_day_off_by_decree_counts_at_once_and_can_be_taken_back(cast):
    client = signed_in(cast.admin)
    assert calendar.is_working_day(DAY)
    client.post(url(), {"day": DAY.isoformat(), "kind": "off", "note": "Указ"})
    assert not calendar.is_working_day(DAY)
    assert "Указ" in client.get(reverse("work:calendar_year", args=[2026])).content.decode()
    client.post(url(), {"day": DAY.isoformat(), "kind": "working", "note": ""})
    assert calendar.is_working_day(DAY)
    assert not CalendarDay.objects.filter(pk=DAY).exists()


def test_the_address_decides_which_day_is_changed(cast):
    signed_in(cast.admin).post(url(), {"day": "2026-01-15", "kind": "off"})
    assert CalendarDay.objects.filter(pk=DAY).exists()
    assert not CalendarDay.objects.filter(pk=date(2026, 1, 15)).exists()


@pytest.mark.parametrize("wrong", [{}, {"kind": "feast"}, {"kind": "off", "note": "x" * 201}])
def test_a_wrong_day_is_refused_and_nothing_changes(cast, wrong):
    before = CalendarDay.objects.count()
    answer = signed_in(cast.admin).post(url(), {"day": DAY.isoformat(), **wrong})
    assert answer.status_code == 422
    assert CalendarDay.objects.count() == before


@pytest.mark.parametrize("path", ["2026/2/30/", "2026/13/1/", "1999/1/1/", "99999/1/1/"])
def test_a_date_that_does_not_exist_is_not_found(cast, path):
    assert signed_in(cast.admin).get(f"/calendar/{path}").status_code == 404


@pytest.mark.parametrize("year", [0, 1999, 2041, 99999])
def test_a_year_out_of_range_is_not_found(cast, year):
    assert signed_in(cast.admin).get(f"/calendar/{year}/").status_code == 404


def test_a_year_without_a_decree_warns(cast):
    assert not year_of(2030, today=DAY).known
    page = signed_in(cast.manager).get(reverse("work:calendar_year", args=[2030]))
    assert "alert-warning" in page.content.decode()


def test_the_action_asks_for_the_right_itself(cast):
    with pytest.raises(PermissionDenied):
        actions.change_calendar_day(DAY, kind="off", by=cast.manager)
    with pytest.raises(RuleViolation):
        actions.change_calendar_day(DAY, kind="feast", by=cast.admin)


def test_administrators_are_told_once_a_month_of_a_year_without_a_calendar(cast):
    accounts.user(role="admin", org_unit=cast.company, is_active=False)
    told = Notice.objects.filter(kind="calendar.missing", channel="ui")
    last = max(YEARS)
    near = date(last, 12, 31) - timedelta(days=setting("calendar.remind_days") - 1)
    for day in (near - timedelta(days=1), near, near + timedelta(days=1)):
        remind_of_missing_calendar(today=day)
        assert told.exists() == (day >= near)
    notice = told.get()
    assert (notice.user, notice.params) == (cast.admin, {"year": last + 1})
    assert signed_in(cast.admin).get(notice.url).status_code == 200
    remind_of_missing_calendar(today=date(last + 1, 2, 1))
    assert told.count() == 2, "it has begun without one"
    CalendarDay.objects.create(day=date(last + 1, 5, 1), kind="off")
    assert remind_of_missing_calendar(today=date(last + 1, 3, 1)) == 0
