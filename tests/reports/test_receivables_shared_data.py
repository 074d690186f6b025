"""Ageing, DSO and discipline over the customer's 1,267 invoices, against the known figures."""

import csv
import json
from datetime import date
from decimal import Decimal

from crm.accounts.models import Role
from deals.ageing import parse_intervals
from deals.models import Allocation, Invoice, Payment
from reports.queries.receivables.ageing import ageing
from reports.queries.receivables.discipline import discipline
from reports.queries.receivables.grouping import names_of
from reports.queries.receivables.turnover import trailing_dso
from tests.factories import accounts, clients
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
