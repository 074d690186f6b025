"""A month is closed once; what comes later stands beside its figures, with who, when and what."""

import json
import os
import signal
import threading
import time
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from clients.models import ClientAssignment
from crm.errors import RuleViolation
from deals.actions.posting import post_shipment
from deals.models import Shipment
from reports.actions import closing, rollup
from reports.models import ClientMonth, FactMark, KpiSnapshot, LateChange, MonthClosing
from tests.approvals.racing import overtaken
from tests.cast import fresh, signed_in
from tests.factories import clients, deals

D = Decimal
OCTOBER, TODAY = date(2026, 10, 1), date(2026, 11, 28)


def test_a_late_document_stands_beside_the_closed_figures(cast):
    client = clients.client(cast.manager)
    deals.sale(client, "100.00", on=date(2026, 10, 5))
    closing.close_month(OCTOBER, by=cast.director, today=TODAY)
    day = date(2026, 10, 30)
    late = post_shipment(deals.draft(client, "30.00", on=day).pk, by=cast.accountant, on=day)
    assert LateChange.objects.get().document_id == late.pk
    rollup.count_changes(today=TODAY)
    row = ClientMonth.objects.get(month=OCTOBER)
    assert (row.ship, row.final_ship, row.sales, row.final_sales) == (D(130), D(100), 2, 1)
    kept = KpiSnapshot.objects.of_month(OCTOBER).company().get()
    assert (kept.ship, kept.final["ship"], kept.final["debt"]) == (D(130), "100.00", "100.00")
    other = clients.client(cast.stranger)
    deals.sale(other, "7.00", on=date(2026, 10, 9))
    deals.sale(client, "9.00", on=date(2026, 11, 9))  # of an open month: nothing is late
    rollup.count_changes(today=TODAY)
    assert ClientMonth.objects.get(client=other).final_ship == 0
    own = signed_in(cast.manager)
    page = own.get(reverse("reports:plan_fact"), {"month": "2026-10"}).content.decode()
    assert "100,00" in page
    assert "130,00" in page
    told = own.get(reverse("reports:report", args=["late_changes"]), {"month": "2026-10"})
    text = told.content.decode()
    assert late.number in text
    assert cast.accountant.short_name in text
    assert text.count("<tr>") == 2  # the head and one's own; the stranger's is not shown
    assert LateChange.objects.count() == 2


def test_a_late_hand_over_is_a_change_too_and_nothing_closed_is_lost(cast):
    client = clients.client(cast.manager, since=date(2026, 9, 1))
    deals.sale(client, "100.00", on=date(2026, 10, 20))
    closing.close_month(OCTOBER, by=cast.director, today=TODAY)
    ClientAssignment.objects.filter(client=client).update(valid_to=date(2026, 10, 10))
    ClientAssignment.objects.create(
        client=client, manager=cast.manager2, valid_from=date(2026, 10, 10)
    )
    rollup.count_changes(today=TODAY)
    rows = ClientMonth.objects.order_by("ship")
    assert [(r.manager, r.ship, r.final_ship) for r in rows] == [
        (cast.manager, D(0), D(100)),
        (cast.manager2, D(100), D(0)),
    ]
    assert set(LateChange.objects.values_list("source", flat=True)) == {"assignment"}
    rollup.count_all(today=TODAY)
    assert rows.count() == 2


def test_who_may_close_what_and_when(cast):
    with pytest.raises(PermissionDenied):
        closing.close_month(OCTOBER, by=cast.department_head, today=TODAY)
    with pytest.raises(RuleViolation):
        closing.close_month(date(2026, 11, 1), by=cast.director, today=TODAY)
    director = signed_in(cast.director)
    deals.sale(clients.client(cast.manager), "5.00", on=date(2026, 10, 5))
    director.post(reverse("reports:month_close", args=["2026-10"]))
    assert MonthClosing.objects.get().closed_by == cast.director
    with pytest.raises(RuleViolation):
        closing.close_month(OCTOBER, by=cast.director, today=TODAY)


def test_the_clock_closes_from_the_first_working_day_on_once(cast):
    client = clients.client(cast.manager)
    assert closing.close_due_month(today=date(2026, 12, 1)) == 0  # a company without figures
    deals.sale(client, "100.00", on=date(2026, 10, 5))
    assert closing.close_due_month(today=date(2026, 11, 1)) == 0  # a Sunday
    assert closing.close_due_month(today=date(2026, 11, 2)) == 1
    assert closing.close_due_month(today=date(2026, 11, 2)) == 0
    assert closing.close_due_month(today=date(2026, 11, 3)) == 0
    made = MonthClosing.objects.get()
    assert (made.month, made.closed_by, made.norm_percent) == (OCTOBER, None, D(60))


def test_a_month_is_counted_on_demand_and_a_wrong_one_is_refused(cast, capsys):
    client = clients.client(cast.manager)
    deals.sale(client, "100.00", on=date(2026, 10, 5))
    FactMark.objects.all().delete()  # as after a restore of half the tables
    ClientMonth.objects.create(month=OCTOBER, client=client, manager=cast.stranger, ship=D(1))
    call_command("rollup", "--json")
    assert json.loads(capsys.readouterr().out) == {"months": [], "changed": 0}
    for month in ("2026-13", "abc", "2999-01", "1900-01", "2026-10-05"):
        with pytest.raises(CommandError):
            call_command("rollup", "--month", month)
    call_command("rollup", "--month", "2026-09", "--json")
    assert ClientMonth.objects.get().ship == D(1)  # another month stays as it was
    call_command("rollup", "--month", "2026-10", "--json")
    row = ClientMonth.objects.get()
    assert (row.manager, row.ship) == (cast.manager, D(100))
    capsys.readouterr()
    call_command("rollup", "--all", "--json")
    assert json.loads(capsys.readouterr().out)["changed"] == 0


def test_a_killed_count_leaves_everything_as_it_was(committed_db, cast):
    """Another process takes the marks, is killed before it ends, and the next count has them."""
    client = clients.client(cast.manager)
    deals.sale(client, "100.00", on=date(2026, 10, 5))
    child = os.fork()
    if child == 0:  # pragma: no cover
        try:
            _count_and_hang()
        finally:
            os._exit(1)
    _wait_for_lock()
    waiting = threading.Thread(target=_count_here)
    waiting.start()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    waiting.join(timeout=30)
    assert not waiting.is_alive()
    assert ClientMonth.objects.get().ship == D(100)
    assert not FactMark.objects.exists()


def _count_and_hang():
    from django.db import connections, transaction

    connections["default"].connection = None
    with transaction.atomic():
        rollup.count_changes(today=TODAY)
        time.sleep(60)


def _count_here():
    rollup.count_changes(today=TODAY)
    connection.close()


def _wait_for_lock():
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                           " AND objid = %s", [rollup.LOCK])  # fmt: skip
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("the other process never began")


def test_a_document_that_commits_while_the_month_closes_is_counted_or_late(committed_db, cast):
    """Watched in pg_locks, both ways round: who came first is waited for."""
    client = clients.client(cast.manager)
    deals.sale(client, "100.00", on=date(2026, 10, 5))

    def close():
        return closing.close_month(OCTOBER, by=fresh(cast.director), today=TODAY)

    def post():
        return deals.sale(client, "30.00", on=date(2026, 10, 30))

    found = overtaken(post, close)
    assert isinstance(found, MonthClosing), found
    assert ClientMonth.objects.get().final_ship == D(130)
    assert not LateChange.objects.exists()
    MonthClosing.objects.all().delete()
    found = overtaken(close, post)
    assert isinstance(found, Shipment), found
    assert LateChange.objects.get().document_id == found.pk
    assert ClientMonth.objects.get().final_ship == D(130)


def test_a_hand_over_that_commits_while_the_month_closes_is_late(committed_db, cast):
    client = clients.client(cast.manager, since=date(2026, 9, 1))
    deals.sale(client, "100.00", on=date(2026, 10, 20))

    def close():
        return closing.close_month(OCTOBER, by=fresh(cast.director), today=TODAY)

    def hand_over(day=9):
        ClientAssignment.objects.filter(client=client).update(valid_to=date(2026, 10, day))

    assert not isinstance(overtaken(hand_over, close), Exception)
    assert not LateChange.objects.exists()
    assert ClientMonth.objects.get().manager is None
    MonthClosing.objects.all().delete()
    assert overtaken(close, lambda: hand_over(10)) is None
    assert set(LateChange.objects.values_list("source", flat=True)) == {"assignment"}


def test_a_month_that_is_written_for_long_is_closed_later(committed_db, cast):
    client = clients.client(cast.manager)
    deals.sale(client, "100.00", on=date(2026, 10, 5))

    told_off = threading.Event()

    def close():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")
        try:
            return closing.close_month(OCTOBER, by=fresh(cast.director), today=TODAY)
        finally:
            told_off.set()

    def post():
        deals.sale(client, "30.00", on=date(2026, 10, 30))

    found = overtaken(post, close, lambda: told_off.wait(timeout=300))
    assert isinstance(found, RuleViolation), found
    assert not MonthClosing.objects.exists()
