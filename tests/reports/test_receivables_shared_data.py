"""Ageing, DSO, discipline and acts over the customer's 1,267 invoices, against known figures."""

import csv
import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from clients.models import Client
from crm.accounts.models import Role
from deals.actions import acts as made
from deals.models import Allocation, Invoice, Payment
from deals.receivables.ageing import parse_intervals
from reports import registry
from reports.parameters import Period
from reports.queries.receivables.ageing import ageing
from reports.queries.receivables.discipline import discipline
from reports.queries.receivables.grouping import names_of
from reports.queries.receivables.turnover import trailing_dso
from tests.factories import accounts, clients, reconciliations
from tests.kernel.shared_files import shared_file

D = Decimal
NAME = "accounts_receivable/ibm_ar_50_customers.csv"
BORDERS = parse_intervals("30, 60, 90")
LONG = parse_intervals("30, 60, 90, 180, 365")
TODAY = date(2026, 11, 27)


def day(text):
    month, number, year = text.split("/")
    return date(int(year), int(month), int(number))


def test_the_figures_of_the_file(db):
    """One book for all of it: filling it takes longer than asking."""
    facts = json.loads(shared_file("data/facts.json").read_text("utf-8"))
    facts = facts["accounts_receivable"][f"shared/{NAME}"]
    director = accounts.user(role=Role.DIRECTOR)
    _fill(director)
    for text, figures in facts["at_date"].items():
        _check_day(director, date.fromisoformat(text), figures)
    _check_discipline(director, facts)
    _check_acts(director, facts)
    Allocation.objects.all().delete()
    report = ageing(director, as_of=date(2013, 12, 31), today=TODAY, by="all", intervals=LONG)
    expected = facts["as_if_nothing_was_ever_paid_at_2013-12-31"]
    assert list(report.total.by_interval.values()) == [
        D(total) for _count, total in expected.values()
    ]
    assert report.total.invoices == sum(count for count, _total in expected.values())


def _fill(director):
    manager = accounts.user(role=Role.MANAGER)
    known, bills, money = {}, [], []
    with shared_file(f"data/{NAME}").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            owner = known.setdefault(row["customerID"], None) or clients.client(
                manager, code=row["customerID"], name=row["customerID"]
            )
            known[row["customerID"]] = owner
            values = {
                "client": owner,
                "amount": D(row["InvoiceAmount"]),
                "number": row["invoiceNumber"],
            }
            bills.append(
                Invoice(
                    **values,
                    issued_on=day(row["InvoiceDate"]),
                    due_on=day(row["DueDate"]),
                    is_disputed=row["Disputed"] == "Yes",
                )
            )
            on = day(row["SettledDate"])
            more = {"direction": "in", "state": "matched", "paid_on": on, "dated_on": on}
            money.append(Payment(**values, **more))
    Invoice.objects.bulk_create(bills)
    Payment.objects.bulk_create(money)
    Allocation.objects.bulk_create(
        Allocation(invoice=bill, payment=paid, amount=bill.amount, kind="fifo", on_day=paid.paid_on)
        for bill, paid in zip(bills, money, strict=True)
    )


def _check_day(director, at, figures):
    report = ageing(director, as_of=at, today=TODAY, by="client", intervals=BORDERS)
    total = report.total
    assert total.invoices == figures["open_invoices"]
    assert total.total == D(figures["balance"])
    assert total.overdue == D(figures["overdue"])
    assert total.disputed == D(figures["disputed_open"])
    assert list(total.by_interval.values()) == [D(s) for _n, s in figures["buckets"].values()]
    owing = [row for row in report.rows if row.total]
    assert len(owing) == figures["customers_with_debt"]
    names = names_of("client", [row.key for row in owing[:5]])
    top = [(names[row.key].text, row.total, row.overdue) for row in owing[:5]]
    assert top == [(code, D(debt), D(late)) for code, debt, late in figures["top5_debtors"]]
    (dso,) = trailing_dso(director, at, today=TODAY)
    assert dso.sales == D(figures["sales_last_90_days"])
    assert dso.dso == D(figures["DSO_90 = balance/sales_last_90_days*90"])


def _check_discipline(director, facts):
    (whole,) = discipline(director, date(2012, 1, 1), date(2014, 12, 31), by="all")
    assert whole.discipline.paid == D(facts["total"])
    assert whole.discipline.paid - whole.discipline.on_time == D(facts["late_amount"])
    assert (whole.payments, whole.worst_days) == (facts["invoices"], facts["max_days_late"])


def _check_acts(director, facts):
    """An act of every customer at two dates, one going on where the other ended."""
    first = date(2012, 1, 1)
    turnover = Counter()
    for at in (date(2012, 12, 31), date(2013, 11, 30)):
        acts = {}
        for client in Client.objects.select_related("manager").order_by("pk"):
            act = reconciliations.act(client, by=client.manager, as_of=at, first=first)
            assert act.opening + act.debit - act.credit == act.closing
            acts[client.code] = act
            turnover[client.code] += act.debit
        assert len(acts) == facts["customers"]
        _check_balances(director, facts["at_date"][str(at)], at, acts)
        first = at + timedelta(days=1)
    for client in Client.objects.all():
        rest = made.balance_of(client.pk, made.Period(first, date(2014, 1, 31)))
        assert rest.opening == acts[client.code].closing
        assert rest.closing == 0, "all of it was paid in the end"
        known = facts["per_customer"][client.code]
        assert turnover[client.code] + rest.debit == D(known["amount"])


def _check_balances(director, figures, at, acts):
    """Closing balances are those of the facts, of the ageing, and of the report that compares."""
    owing = {code: act.closing for code, act in acts.items() if act.closing}
    assert sum(owing.values()) == D(figures["balance"])
    assert len(owing) == figures["customers_with_debt"]
    for code, debt, _late in figures["top5_debtors"]:
        assert owing[code] == D(debt)
    report = ageing(director, as_of=at, today=TODAY, by="client", intervals=BORDERS)
    names = names_of("client", [row.key for row in report.rows])
    assert {names[row.key].client.code: row.total for row in report.rows} == owing
    differing = registry.get("act_differences").rows(director, {"period": Period(at, at)})
    assert list(differing) == []
