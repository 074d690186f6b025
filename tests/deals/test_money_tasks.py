"""Periodic work of money (C.6): declared with its times, safe to run twice and late."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.notices.models import Notice
from crm.work import periodic
from deals.actions.reconciling import report_differences
from deals.actions.snapshots import snapshot_ageing
from deals.models import AgeingLine, AgeingSnapshot, Invoice, Payment
from reports.registry import get
from tests.factories import clients, deals
from tests.factories.spreading import allocate_payment

D = Decimal
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("kind", "schedule"),
    [
        ("receivables_alerts", periodic.daily(8, 30)),
        ("late_shipment_alerts", periodic.daily(16)),
        ("no_order_alert", periodic.daily(16)),
        ("ageing_snapshot", periodic.daily(1)),
        ("stop_shipping_check", periodic.every(30)),
        ("abc_recalculation", periodic.monthly(3, 3)),
        ("import_1c_dropfolder", periodic.every(15)),
        ("reconcile_paid_amounts", periodic.daily(2, 30)),
    ],
)
def test_the_work_is_declared_with_its_time(kind, schedule):
    assert {job.kind: job.due for job in periodic.jobs()}[kind] == schedule


# --- the photograph of debts ---------------------------------------------------------------------


@pytest.fixture
def owes(cast):
    """A client: 100 not due, 200 a week late, 300 for half a year."""
    client = clients.client(cast.manager, category="B")
    for amount, days in (("100.00", -5), ("200.00", 7), ("300.00", 180)):
        due = TODAY - timedelta(days=days)
        deals.invoice(client, amount, on=min(due, date(2026, 11, 1)), due=due)
    return client


def test_debts_of_the_night_are_kept_by_age_once(cast, owes):
    deals.invoice(owes, "50.00", on=TODAY, due=TODAY)  # of this day: not in the books of the night
    assert snapshot_ageing(today=TODAY) == 1
    assert snapshot_ageing(today=TODAY) == 0
    line = AgeingLine.objects.get()
    assert (line.client, line.manager) == (owes, cast.manager)
    assert AgeingSnapshot.objects.get().borders == [7, 14, 30, 60, 90]
    assert line.amounts == [D(100), D(200), 0, 0, 0, 0, D(300)]
    assert (line.total, line.overdue) == (D(600), D(500))


def test_a_missed_night_is_made_up_as_the_debts_stood_then(cast, owes):
    money = deals.payment(owes, "300.00", on=TODAY + timedelta(days=2))
    allocate_payment(money.pk, by=None)
    snapshot_ageing(today=TODAY)
    snapshot_ageing(today=TODAY + timedelta(days=3))
    totals = AgeingLine.objects.order_by("snapshot__on").values_list("total", flat=True)
    assert list(totals) == [D(600), D(300)]


def test_the_photograph_is_seen_like_the_client(cast, owes):
    snapshot_ageing(today=TODAY)
    seen = {
        name: AgeingLine.objects.visible_to(getattr(cast, name)).count()
        for name in ("manager", "manager2", "department_head", "stranger_head", "marketer")
    }
    assert seen == {
        "manager": 1, "manager2": 0, "department_head": 1, "stranger_head": 0, "marketer": 0,
    }  # fmt: skip


def test_the_course_of_debts_is_a_report(cast, owes):
    snapshot_ageing(today=TODAY)
    snapshot_ageing(today=TODAY + timedelta(days=1))
    report = get("debt_history")
    days = {"from": TODAY, "to": TODAY}
    [row] = report.rows(cast.manager, days)
    assert (row["on"], row["clients"], row["total"], row["overdue"]) == (TODAY, 1, D(600), D(500))
    assert round(row["overdue_percent"]) == 83
    assert not list(report.rows(cast.manager2, days))
    assert report.chart(days, [row])["datasets"][1]["data"] == [D(500)]
    assert not report.may_open(cast.marketer)


def test_the_database_keeps_lines_sensible(cast, owes):
    snapshot = AgeingSnapshot.objects.create(on=TODAY, borders=[7])
    values = {"snapshot": snapshot, "client": owes, "amounts": [1, 0, 0], "overdue": 0}
    AgeingLine.objects.create(**values, total=1)
    for name, more in (("ageing_line_once", {"total": 1}), ("ageing_line_of_a_debt", {"total": 0})):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            AgeingLine.objects.create(**values | more)


# --- what is paid is what is allocated -----------------------------------------------------------


def test_sums_that_differ_are_told_once_a_day_and_left_alone(cast, owes):
    money = deals.payment(owes, "300.00", on=TODAY)
    allocate_payment(money.pk, by=None)
    check = {"today": TODAY, "now": timezone.now()}
    assert report_differences(**check) == 0
    assert not Notice.objects.filter(kind="money.differs").exists()
    wrong = Invoice.objects.get(amount=300)
    Invoice.objects.filter(pk=wrong.pk).update(paid_amount=250, settled_on=None)
    assert report_differences(**check) == 1
    assert report_differences(**check) == 1
    told = Notice.objects.filter(kind="money.differs", channel="ui")
    assert set(told.values_list("user", flat=True)) == {cast.accountant.pk, cast.admin.pk}
    assert f"invoice {wrong.pk}" in told.first().params["which"]
    wrong.refresh_from_db()
    assert wrong.paid_amount == D(250), "a person looks first"
    assert Payment.objects.get().allocated_amount == D(300)
