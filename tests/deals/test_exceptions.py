"""The register of exceptions: what was approved beyond the policy, by whom, why, until when."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from crm.notices.models import Notice
from crm.work.periodic import jobs
from deals.actions.exceptions import end_exceptions, note_limit, tell_of_reviews
from deals.actions.order_moves import cancel_order
from deals.actions.orders import release_order
from deals.actions.stops import lift_stop, release_stop, stop_client
from deals.actions.terms_requests import save_terms_request
from deals.models import Order, PolicyException
from deals.tasks.terms import exception_review
from reports.registry import get as report_named
from tests.cast import signed_in
from tests.factories import clients, deals

D = Decimal
DAY = timedelta(days=1)


@pytest.fixture
def client(cast):
    """Category B: a norm of one average month, 400 roubles."""
    made = clients.client(cast.manager, category="B", name="ООО «Ромашка»")
    deals.sale(made, "400.00", on=timezone.localdate().replace(day=1) - DAY)
    return made


@pytest.fixture
def today():
    return timezone.localdate()


def give(client, by, today, *, days=5):
    return save_terms_request(
        client.pk, by=by, today=today, kind="discount", request_id=None, version=0, send=True,
        value=D("3"), valid_from=today, valid_to=today + days * DAY, reason="Крупная партия",
    )  # fmt: skip


def entered(client, by, *, kind="discount", first, last, record=1, **more):
    return PolicyException.objects.create(
        kind=kind, record_id=record, client=client, reason="Спор", owner=by, approved_by=by,
        starts_on=first, ends_on=last, **more,
    )  # fmt: skip


def test_an_approved_discount_is_entered_with_owner_reason_and_end(cast, client, today):
    request = give(client, cast.manager, today)
    row = PolicyException.objects.get()
    assert (row.kind, row.record_id, row.value) == ("discount", request.pk, D("3"))
    assert (row.owner, row.approved_by, row.reason) == (
        cast.manager,
        cast.manager,
        "Крупная партия",
    )
    assert (row.starts_on, row.ends_on, row.ended_on) == (today, today + 5 * DAY, None)


def test_a_limit_above_the_norm_is_entered_until_its_review_and_stands_after_it(
    cast, client, today
):
    within = deals.credit_limit(client, "400.00", by=cast.director, since=today, reason="Рост")
    note_limit(within, by=cast.director, today=today)
    assert not PolicyException.objects.exists()
    within.amount = D("400.01")
    note_limit(within, by=cast.director, today=today)
    row = PolicyException.objects.get()
    assert (row.kind, row.ends_on) == ("limit", today + 180 * DAY)
    late = row.ends_on + DAY
    end_exceptions(today=late)
    rows = PolicyException.objects
    assert (rows.in_force(late).count(), rows.late_for_review(late).count()) == (1, 1)
    assert not rows.expired(late).exists()
    within.amount = D("400.00")
    days = {"first": today, "last": today}
    others = [
        entered(client, cast.manager, record=within.pk, **days),
        entered(client, cast.manager, kind="limit", record=within.pk + 1, **days),
    ]
    for _approved_again in range(2):
        note_limit(within, by=cast.director, today=today)
    assert set(rows.in_force(today)) == set(others)
    assert rows.get(pk=row.pk).version == 2


def test_owner_and_heads_are_told_of_a_review_once_also_after_an_outage(cast, client, today):
    limit = deals.credit_limit(client, "900.00", by=cast.director, since=today, reason="Рост")
    note_limit(limit, by=cast.director, today=today)
    row = PolicyException.objects.get()
    assert tell_of_reviews(today=row.ends_on - DAY) == 0
    told = {cast.director, cast.sector_head, cast.department_head}
    assert tell_of_reviews(today=row.ends_on + 9 * DAY) > 0
    notices = Notice.objects.filter(kind="exception.review")
    assert {notice.user for notice in notices} == told
    assert tell_of_reviews(today=row.ends_on + 10 * DAY) == 0
    later = row.ends_on + DAY
    PolicyException.objects.update(ends_on=later)
    assert tell_of_reviews(today=later) > 0
    PolicyException.objects.update(ended_on=today, ends_on=later + DAY)
    assert tell_of_reviews(today=later + DAY) == 0
    PolicyException.objects.update(starts_on=today - 2 * DAY, ended_on=None, ends_on=today - DAY)
    assert exception_review(today=today - DAY) == 0
    assert exception_review(today=today) > 0


def test_a_release_is_entered_once_follows_the_last_decision_and_ends_with_the_stop(
    cast, client, today
):
    now = timezone.now()
    stop = stop_client(client.pk, by=cast.department_head, reason="manual", note="Спор", now=now)
    for until in (today, today + DAY):
        stop = release_stop(
            stop.pk,
            by=cast.director,
            version=stop.version,
            until=until,
            reason="Слово",
            today=today,
        )
    row = PolicyException.objects.get()
    assert (row.kind, row.owner, row.ends_on) == ("stop", cast.manager, today + DAY)
    assert end_exceptions(today=today) == 0  # the stop stands
    lift_stop(stop.pk, by=cast.director, version=stop.version, now=now)
    assert end_exceptions(today=today) == 1
    assert end_exceptions(today=today) == 0


def test_an_order_released_from_hold_is_entered(cast, client, today):
    order = Order.objects.create(
        client=client, number="З-1", dated_on=today, state="on_hold", hold_reasons=["manual"],
        submitted_by=cast.manager, submitted_at=timezone.now(), total=D("70.00"),
        promised_on=today + 3 * DAY,
    )  # fmt: skip
    release_order(order.pk, by=cast.director, version=1, reason="Слово", today=today)
    row = PolicyException.objects.get()
    assert (row.kind, row.owner, row.value) == ("order", cast.manager, D("70.00"))
    assert row.ends_on == today + 3 * DAY
    assert end_exceptions(today=today) == 0
    order.refresh_from_db()
    cancel_order(order.pk, by=cast.director, version=order.version, reason="Отказ")
    assert end_exceptions(today=today - DAY) == 0  # a night made up: it had not begun then
    assert end_exceptions(today=today) == 1


def test_they_end_by_themselves_the_day_after_the_last(cast, client):
    first, last = date(2026, 11, 10), date(2026, 11, 20)
    entered(client, cast.manager, first=first, last=last)
    rows = PolicyException.objects
    assert [rows.in_force(day).count() for day in (first - DAY, first, last, last + DAY)] == [
        0, 1, 1, 0,
    ]  # fmt: skip
    assert end_exceptions(today=last) == 0
    assert end_exceptions(today=last + 30 * DAY) == 1
    assert rows.expired(last + 30 * DAY).count() == 1
    assert "exception_expiry" in {job.kind for job in jobs()}


def test_expiring_this_month_is_what_ends_in_the_rest_of_it(cast, client):
    today = date(2026, 11, 20)
    for record, last in enumerate(
        (date(2026, 11, 19), today, date(2026, 11, 30), date(2026, 12, 1)), start=1
    ):
        entered(client, cast.manager, first=date(2026, 11, 1), last=last, record=record)
    found = PolicyException.objects.ending_in_month(today).order_by("ends_on")
    assert [row.ends_on.day for row in found] == [20, 30]


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"last": date(2026, 11, 1)}, "exception_period_in_order"),
        ({"reason": ""}, "exception_has_reason"),
    ],
)
def test_the_table_refuses(cast, client, changes, constraint):
    row = {"first": date(2026, 11, 2), "last": date(2026, 11, 3)} | changes
    made = PolicyException(
        kind="discount", record_id=1, client=client, owner=cast.manager,
        approved_by=cast.manager, starts_on=row["first"], ends_on=row["last"],
        reason=row.get("reason", "Спор"),
    )  # fmt: skip
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        made.save()


def test_the_register_shows_the_ready_views_of_ones_own_clients(cast, client, today):
    give(client, cast.manager, today, days=0)
    foreign = clients.client(cast.stranger)
    give(foreign, cast.stranger, today)
    entered(client, cast.manager, kind="limit", first=today - 9 * DAY, last=today - DAY)
    browser, url = signed_in(cast.manager), reverse("deals:exception_list")
    shown = {
        view: browser.get(url, {"state": view}).content.decode().count("ООО «Ромашка»</a>")
        for view in ("in_force", "ending", "late", "expired")
    }
    assert shown == {"in_force": 2, "ending": 1, "late": 1, "expired": 0}
    assert foreign.name not in browser.get(url).content.decode()
    file = b"".join(browser.get(url, {"state": "late", "export": "csv"}))
    assert "пересмотр просрочен" in file.decode("utf-8-sig")


def test_the_reports_count_what_was_given(cast, client, today):
    give(client, cast.manager, today)
    give(clients.client(cast.stranger), cast.stranger, today)
    params = {"as_of": today, "manager": None, "unit": None}
    (row,) = report_named("exceptions").rows(cast.manager, params)
    assert (row["client"], row["days_left"], row["owner"]) == (
        "ООО «Ромашка»", 5, cast.manager.short_name,
    )  # fmt: skip
    for by, key in (
        ("manager", cast.manager.short_name),
        ("client", "ООО «Ромашка»"),
        ("approver", cast.manager.short_name),
        ("month", f"{today:%m.%Y}"),
    ):
        params = {"from": today, "to": today, "by": by}
        (row,) = report_named("discounts_given").rows(cast.department_head, params)
        assert row == {"key": key, "count": 1, "average": D("3.00"), "highest": D("3.00")}
