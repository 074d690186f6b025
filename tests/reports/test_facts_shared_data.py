"""Nine months of the customer's documents as facts: net by month, the base of three months."""

import csv
import gzip
import json
from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.core.management import call_command
from django.db.models import Sum

from clients.models import Client, ClientAssignment
from reports.models import ClientMonth, FactMark, KpiSnapshot
from reports.parameters import month_start
from tests.factories import accounts
from tests.kernel.shared_files import shared_file
from tests.reports import retail

D = Decimal


def test_nine_months_of_facts_are_those_of_the_customer(db, capsys):
    facts = json.loads(shared_file("data/facts.json").read_text(encoding="utf-8"))
    facts = facts["online_retail"]["shared_2010-12_2011-08"]
    assert retail.load() == facts["documents"]
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
    for client in Client.objects.order_by("pk")[::3]:
        for name, since, until in (
            ("Первый", date(2010, 11, 1), date(2011, 5, 15)),
            ("Второй", date(2011, 5, 15), None),
        ):
            ClientAssignment.objects.create(
                client=client, manager=people[name], valid_from=since, valid_to=until
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
