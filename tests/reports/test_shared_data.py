"""Nine months of the customer's documents: every figure of facts.json, as facts and in reports."""

import csv
import gzip
import json
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db.models import Sum

from clients.models import Client, ClientAssignment
from reports.models import ClientMonth, FactMark, KpiSnapshot
from reports.parameters import month_start
from tests.factories import accounts
from tests.kernel.shared_files import shared_file
from tests.reports import retail
from tests.standing import standing

D = Decimal


@pytest.fixture(scope="module")
def facts():
    content = json.loads(shared_file("data/facts.json").read_text(encoding="utf-8"))
    return content["online_retail"]["shared_2010-12_2011-08"]


@standing
def documents(db):
    """How many documents of the customer were brought in, with their clients."""
    return retail.load()


def test_nine_months_of_facts_are_those_of_the_customer(documents, facts, capsys):
    assert documents == facts["documents"]
    call_command("rollup", "--json")  # the documents have marked their months
    assert not FactMark.objects.exists()
    capsys.readouterr()
    company = {f"{one.month:%Y-%m}": one for one in KpiSnapshot.objects.company()}
    net = {month: str(one.ship) for month, one in company.items() if month in facts["monthly_net"]}
    assert net == facts["monthly_net"]
    assert sum(row.ship for row in ClientMonth.objects.all()) == D(facts["net_total"])
    assert ClientMonth.objects.values("client").distinct().count() - 1 == facts["customers"]
    bought = _bought()
    for month in facts["monthly_net"]:
        first = date.fromisoformat(f"{month}-01")
        base = set().union(*(bought[month_start(first, -back)] for back in range(3)))
        assert company[month].active == len(bought[first]), month
        assert company[month].base == len(base), month
    call_command("rollup", "--all", "--json")
    assert json.loads(capsys.readouterr().out)["changed"] == 0
    reports_go_by_who_answered_on_the_day(facts, capsys)


def reports_go_by_who_answered_on_the_day(facts, capsys):
    """Every third customer has changed hands in the middle of May; report and rollup agree."""
    people = {name: accounts.user(last_name=name) for name in ("Первый", "Второй")}
    ClientAssignment.objects.bulk_create(
        ClientAssignment(client=client, manager=people[name], valid_from=since, valid_to=until)
        for client in Client.objects.order_by("pk")[::3]
        for name, since, until in (
            ("Первый", date(2010, 11, 1), date(2011, 5, 15)),
            ("Второй", date(2011, 5, 15), None),
        )
    )
    call_command("rollup", "--json")
    capsys.readouterr()
    for month in ("2011-04", "2011-05", "2011-06"):
        call_command("report", "shipments", "by=manager", f"period={month}", "--json")
        answer = json.loads(capsys.readouterr().out)
        place = {one["name"]: n for n, one in enumerate(answer["columns"])}
        told = {row[place["name"]]: D(row[place["net"]]) for row in answer["rows"]}
        assert answer["totals"]["net"] == facts["monthly_net"][month]
        rows = ClientMonth.objects.of_month(date.fromisoformat(f"{month}-01")).order_by()
        sums = dict(rows.values_list("manager__last_name").annotate(Sum("ship")))
        assert told.pop("Без менеджера") == sums.pop(None)
        assert {name.split()[0]: net for name, net in told.items()} == sums
        assert len(told) == (2 if month == "2011-05" else 1)


def _bought():
    """Customers with an invoice, by month, read from the file itself."""
    found = defaultdict(set)
    with gzip.open(shared_file(retail.DOCUMENTS), "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["DocType"] == "invoice" and row["CustomerID"]:
                found[month_start(date.fromisoformat(row["InvoiceDate"][:10]))].add(
                    row["CustomerID"]
                )
    return found


@pytest.fixture
def ask(db, capsys):
    """A report as the command line prints it."""

    def run(name, *parameters):
        call_command("report", name, *parameters, "--json")
        return json.loads(capsys.readouterr().out)

    return run


def column(answer, name):
    place = [one["name"] for one in answer["columns"]].index(name)
    return [row[place] for row in answer["rows"]]


WHOLE = ("as_of=2011-08-31", "months=9")


def abc_counts(ask, facts, border, rule, basis):
    name = {"net": "abc_by_net_revenue_with_customer_id",
            "gross": "abc_by_gross_invoices_with_customer_id"}[basis]  # fmt: skip
    expected = facts[name]
    answer = ask("abc", *WHOLE, f"border={border}", f"basis={basis}")
    totals = answer["totals"]
    assert {letter: totals[letter] for letter in "ABC"} == expected[rule]
    buying = [D(net) for net in column(answer, "net") if D(net) > 0]
    assert len(buying) == expected["customers_with_positive_revenue"]
    assert sum(buying) == D(expected["total"])
    if basis == "net":
        assert totals["without_turnover"] == expected["customers_with_zero_or_negative"]
    if rule == "inclusive":
        amounts = {letter: totals[f"{letter}_net"] for letter in "ABC"}
        assert amounts == expected["inclusive_revenue"]
    top = list(zip(column(answer, "client"), column(answer, "net"), strict=True))[:10]
    assert top == [tuple(row) for row in expected["top10"]]


def shipments_by_month_and_type(ask, facts):
    whole = "period=2010-12..2011-08"
    answer = ask("shipments", whole, "by=month")
    months = [f"{text[3:]}-{text[:2]}" for text in column(answer, "name")]
    assert dict(zip(months, column(answer, "net"), strict=True)) == facts["monthly_net"]
    shipped = dict(zip(months, column(answer, "shipped"), strict=True))
    assert shipped == facts["monthly_invoices_gross"]
    documents = dict(zip(months, column(answer, "documents"), strict=True))
    assert documents == facts["monthly_documents"]
    assert answer["totals"]["net"] == facts["net_total"]
    assert answer["totals"]["documents"] == facts["documents"]
    assert answer["totals"]["returns_share"] == "8.27"
    answer = ask("shipments", "from=2010-12-01", "to=2011-08-31", "by=type")
    kinds = dict(zip(column(answer, "code"), column(answer, "net"), strict=True))
    words = {"invoice": "sale", "credit_note": "return", "adjustment": "adjustment"}
    assert kinds == {words[key]: value for key, value in facts["amount_by_type"].items()}


def shipments_by_client(ask, facts):
    answer = ask("shipments", "period=2010-12..2011-08", "by=client")
    assert len(answer["rows"]) == facts["customers"] + 1  # and those without a client
    returned = zip(column(answer, "name"), column(answer, "returned"), strict=True)
    least = sorted((D(amount), name) for name, amount in returned if name.isdigit())[:10]
    assert [[name, str(amount)] for amount, name in least] == facts["top10_returns"]


def the_balance_of_a_client(ask, facts):
    code, net = facts["abc_by_net_revenue_with_customer_id"]["top10"][0]
    answer = ask("client_balance", f"client={code}", "from=2010-12-01", "to=2011-08-31")
    assert (answer["totals"]["opening"], answer["totals"]["closing"]) == ("0.00", net)
    half = ask("client_balance", f"client={code}", "from=2011-03-01", "to=2011-08-31")
    assert half["totals"]["closing"] == net
    opening, debit, credit = (D(half["totals"][k]) for k in ("opening", "debit", "credit"))
    assert opening > 0
    assert opening + debit - credit == D(net)


def test_the_reports_give_the_customers_figures(ask, documents, facts):
    for basis in ("net", "gross"):
        abc_counts(ask, facts, "before", "inclusive", basis)
        abc_counts(ask, facts, "including", "exclusive", basis)
    shipments_by_month_and_type(ask, facts)
    shipments_by_client(ask, facts)
    the_balance_of_a_client(ask, facts)
