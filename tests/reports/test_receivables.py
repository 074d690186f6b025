"""Receivables as reports read them: ageing, turnover, discipline, promises (D.5, D.6, DL-11)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import calendar
from crm.errors import RuleViolation
from crm.work import registry
from crm.work.production_calendar import seed_calendar
from deals.conditions.terms import PaymentTerms, due_date
from deals.receivables.ageing import parse_intervals, parse_steps
from reports.actions import rollup
from reports.queries.receivables.ageing import ageing, open_invoices
from reports.queries.receivables.discipline import discipline
from reports.queries.receivables.expected import expected_receipts, promises
from reports.queries.receivables.turnover import DebtShare, debt_share, dso, dso_of, trailing_dso
from tests.factories import clients, contacts, deals
from tests.factories.spreading import allocate_payment
from tests.kernel.shared_files import shared_example

D = Decimal
DAY = date(2026, 10, 31)
TODAY = date(2026, 11, 27)


@pytest.fixture
def seeded(db):
    seed_calendar()
    calendar.forget()


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="A", name="ООО «Ромашка»")


def paid(client, bill, amount, on):
    money = deals.payment(client, amount, on=on)
    allocate_payment(money.pk, by=None, named=[bill.pk])


def by_code(report):
    return {interval.code: report.total.by_interval[interval.code] for interval in report.intervals}


def examples_book(cast):
    """The invoices of AR-1; payments came before the day of the report."""
    given = shared_example("AR-1")["input"]
    known, bills = {}, {}
    for row in given["invoices"]:
        owner = known.setdefault(row["client"], clients.client(cast.manager, name=row["client"]))
        shipped = date.fromisoformat(row["shipped"])
        due = due_date(shipped, PaymentTerms(row["days"], row["mode"]))
        bill = deals.invoice(owner, row["amount"], on=shipped, due=due, number=row["no"])
        if D(row["paid"]):
            paid(owner, bill, row["paid"], shipped)
        bills[row["no"]] = bill
    for name, amount in given["advances"].items():
        deals.payment(known[name], amount, on=date(2026, 10, 30))
    return known, bills


@pytest.mark.parametrize("today", [DAY, TODAY], ids=["of today", "of a day gone by"])
def test_ageing_of_the_worked_example(cast, seeded, today):
    known, _bills = examples_book(cast)
    expected = shared_example("AR-1")["expected"]
    report = ageing(cast.director, as_of=DAY, today=today, by="client")
    assert by_code(report) == {code: D(text) for code, text in expected["totals"].items()}
    assert report.total.total == D(expected["receivables_total"])
    assert report.total.overdue == D(expected["overdue_total"])
    assert report.total.overdue_percent == D(expected["overdue_share_pct"])
    assert report.total.reserve == D(expected["reserve_total"])
    assert report.total.advance == D(expected["advances_total"])
    rows = {row.key: row for row in report.rows}
    found = {name: rows[(owner.pk,)] for name, owner in known.items()}
    assert {
        name: {"total": str(row.total), "overdue": str(row.overdue)} for name, row in found.items()
    } == expected["by_client"]
    if today == DAY:
        open_ones = open_invoices(cast.director, as_of=DAY, today=today).order_by("pk")
        shown = [(bill.number, bill.due_on.isoformat(), bill.open_amount) for bill in open_ones]
        assert shown == [(r["invoice"], r["due"], D(r["open"])) for r in expected["rows"]]


def test_every_grouping_adds_up_to_the_same(cast, seeded):
    known, _bills = examples_book(cast)
    deals.invoice(known["C1"], "33.33", on=date(2026, 7, 1), contract=deals.contract(known["C1"]))
    deals.sale(known["C2"], "500.00", on=date(2026, 10, 30))
    returned = deals.returned(known["C3"], "-99000.00", on=date(2026, 10, 30))
    assert returned.applied_amount == 0  # read before it was set off
    totals = {
        by: ageing(cast.director, as_of=DAY, today=DAY, by=by).total
        for by in ("client", "manager", "unit", "contract", "territory")
    }
    assert len(set(map(str, totals.values()))) == 1
    assert totals["client"].advance == D("20000.00") + D("19000.00")


@pytest.mark.parametrize(
    ("days", "code", "reserve"),
    [(0, "not_due", "0.00"), (1, "d1_7", "0.00"), (7, "d1_7", "0.00"), (8, "d8_14", "0.00"),
     (44, "d31_60", "0.00"), (45, "d31_60", "50.01"), (90, "d61_90", "50.01"),
     (91, "d91_plus", "100.01")],
)  # fmt: skip
def test_borders_of_intervals_and_of_the_reserve(cast, client, days, code, reserve):
    due = DAY - timedelta(days=days)
    deals.invoice(client, "100.01", on=due, due=due)
    for today in (DAY, TODAY):
        report = ageing(cast.director, as_of=DAY, today=today)
        assert [c for c, amount in by_code(report).items() if amount] == [code]
        assert report.total.reserve == D(reserve)
        assert report.total.worst_days == days
        # The total of one client is as great as its debt, and still no row of its own.
        assert [(row.key, row.total) for row in report.rows] == [((client.pk,), D("100.01"))]


def test_what_was_paid_later_was_open_then_and_what_was_free_then_is_an_advance(cast, client):
    bill = deals.invoice(client, "100.00", on=date(2026, 9, 1), due=date(2026, 9, 30))
    paid(client, bill, "60.00", date(2026, 11, 5))
    early = deals.payment(client, "70.00", on=date(2026, 10, 20))
    later = deals.invoice(client, "50.00", on=date(2026, 11, 10), due=date(2026, 11, 20))
    allocate_payment(early.pk, by=None, named=[later.pk])
    then = ageing(cast.manager, as_of=DAY, today=TODAY).total
    assert (then.total, then.advance) == (
        D("80.00"),
        D("50.00"),
    )  # 20 of the early 70 paid the bill
    now = ageing(cast.manager, as_of=TODAY, today=TODAY).total
    assert (now.total, now.advance) == (D("20.00"), 0)


def test_everybody_sees_the_debts_of_visible_clients_only(cast, client):
    deals.invoice(client, "100.00", on=DAY)
    deals.invoice(clients.client(cast.stranger), "900.00", on=DAY)
    seen = {
        name: ageing(getattr(cast, name), as_of=DAY, today=DAY, by="manager").total.total
        for name in ("manager", "manager2", "sector_head", "stranger_head", "accountant", "lawyer",
                     "director", "marketer", "logistics", "admin")
    }  # fmt: skip
    assert seen == {
        "manager": 100, "manager2": 0, "sector_head": 100, "stranger_head": 900,
        "accountant": 1000, "lawyer": 1000, "director": 1000,
        "marketer": 0, "logistics": 0, "admin": 0,
    }  # fmt: skip


def test_the_number_of_queries_does_not_grow_with_the_invoices(cast, client):
    def count():
        with CaptureQueriesContext(connection) as seen:
            ageing(cast.director, as_of=DAY, today=DAY)
        return len(seen)

    deals.invoice(client, on=DAY)
    count()  # settings and the scope are read once
    before = count()
    for _number in range(5):
        deals.invoice(clients.client(cast.manager), on=DAY)
    assert count() == before <= 5


def test_intervals_are_growing_whole_numbers():
    assert [i.code for i in parse_intervals("30,60; 90")] == [
        "not_due", "d1_30", "d31_60", "d61_90", "d91_plus",
    ]  # fmt: skip
    assert parse_steps("1, 7, 15") == [1, 7, 15]
    for text in ("", "7, 7", "14, 7", "0, 7", "-1", "7.5", "a", "٧", "7,,14", "99999"):
        with pytest.raises(RuleViolation):
            parse_intervals(text)


def test_the_setting_refuses_what_is_no_list_of_intervals(db):
    for key in ("receivables.intervals", "receivables.alert_after"):
        declared = registry.declaration(key)
        assert registry.clean(declared, " 10, 20 ") == "10, 20"
        with pytest.raises(RuleViolation):
            registry.clean(declared, "20, 10")


# Turnover


def test_dso_of_the_worked_example():
    example = shared_example("DSO-1")
    given, expected = example["input"], example["expected"]
    row = dso_of((), D(given["opening"]), D(given["closing"]), D(given["net_shipments"]), 31)
    assert row.receivables == D(expected["average"])
    assert row.dso == D(expected["dso"])


def test_debt_to_shipments_of_the_worked_example():
    example = shared_example("KPI-2")
    given, expected = example["input"], example["expected"]
    row = DebtShare((), D(given["receivables"]), D(given["net_shipments"]), D(given["norm_pct"]))
    shown = {"pct": row.percent, "norm_amount": row.norm_amount, "excess": row.excess}
    assert shown == {name: D(text) for name, text in expected.items()}


def test_dso_and_the_share_of_debt_count_documents(cast, client):
    deals.sale(client, "300.00", on=date(2026, 9, 10))
    deals.sale(client, "700.00", on=date(2026, 10, 12))
    deals.returned(client, "-100.00", on=date(2026, 10, 20))
    deals.invoice(client, "50.00", on=date(2026, 10, 25))  # imported without its shipment
    (row,) = dso(cast.manager, date(2026, 10, 1), DAY, today=TODAY)
    assert (row.opening, row.closing, row.sales) == (D(300), D(950), D(650))
    assert row.dso == D("29.81")
    (trailing,) = trailing_dso(cast.manager, DAY, today=TODAY)
    assert (trailing.receivables, trailing.sales) == (D(950), D(950))
    assert trailing.dso == D(90)
    rollup.count_changes(today=TODAY)
    (share,) = debt_share(cast.manager, date(2026, 10, 1), today=TODAY, by="manager")
    assert (share.percent, share.norm_amount, share.excess) == (D("146.15"), D(390), D(560))
    assert dso(cast.stranger, date(2026, 10, 1), DAY, today=TODAY)[0].dso is None


# Discipline


def test_discipline_of_the_worked_example(cast, client):
    example = shared_example("DISC-1")
    rows = [(D(row["paid"]), row["delay"]) for row in example["input"]]
    expected = {name: D(text) for name, text in example["expected"].items()}
    for amount, delay in rows:
        bill = deals.invoice(client, amount, on=date(2026, 9, 1), due=date(2026, 10, 15))
        paid(client, bill, amount, date(2026, 10, 15) + timedelta(days=delay))
    (row,) = discipline(cast.manager, date(2026, 10, 1), DAY)
    assert row.discipline.weighted_delay == expected["weighted_delay_days"]
    assert row.discipline.on_time_percent == expected["on_time_share_pct"]
    assert (row.payments, row.worst_days) == (3, 5)
    assert discipline(cast.manager2, date(2026, 10, 1), DAY) == []


# Receipts to come


def test_receipts_to_come_by_due_day_and_by_promise(cast, client):
    for amount, due in (("10.00", TODAY - timedelta(days=1)), ("20.00", TODAY),
                        ("30.00", TODAY), ("40.00", TODAY + timedelta(days=61))):  # fmt: skip
        deals.invoice(client, amount, on=date(2026, 10, 1), due=due)
    word = {"promise_amount": D("5.00"), "promise_on": date(2026, 11, 30)}
    contacts.done(client, cast.manager, **word)
    contacts.done(client, cast.manager, **word, promise_kept=True)
    rows = expected_receipts(cast.manager, today=TODAY)
    assert [(row.day, row.due, row.invoices, row.promised) for row in rows] == [
        (None, D(10), 1, 0), (TODAY, D(50), 2, 0), (date(2026, 11, 30), 0, 0, D(5)),
    ]  # fmt: skip
    assert expected_receipts(cast.stranger, today=TODAY)[0].due == 0


def test_promises_show_what_came_in_time(cast, client):
    word = {"promise_amount": D("500.00"), "promise_on": date(2026, 11, 24)}
    contacts.done(client, cast.manager, "2026-11-20 23:30", **word)
    for day, amount in ((19, "1.00"), (20, "100.00"), (24, "200.00"), (25, "50.00")):
        deals.payment(client, amount, on=date(2026, 11, day))
    deals.payment(client, "70.00", on=date(2026, 11, 21), state="reversed")
    month = date(2026, 11, 1), date(2026, 11, 30)
    (row,) = promises(cast.manager, *month)
    assert (row.received, row.state) == (D(300), "open")
    assert promises(cast.manager, *month, state="kept") == []
    assert promises(cast.stranger, *month) == []
