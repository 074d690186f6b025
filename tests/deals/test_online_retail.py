"""16,459 real documents of a distributor: every figure that facts.json promises about them."""

import gzip
import itertools
import json
import os
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Count, F, Max, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from claims.actions.book_returns import follow_books
from claims.models import Return
from clients.models import Client
from crm.imports import registry
from crm.imports.mapping import guess
from crm.imports.policy import limits
from crm.money import round_half_up
from crm.work import invariants
from deals.importers.numbers import number
from deals.models import Invoice, Shipment, ShipmentLine
from tests.deals.importing import imported
from tests.kernel.shared_files import shared_file

FOLDER = "data/online_retail"
DOCUMENTS = f"{FOLDER}/invoices_2010-12_2011-08.csv.gz"
LINES = f"{FOLDER}/lines_2010-12_2011-08.csv.gz"
FIRST_LINES, FIRST_DOCUMENTS = 6_000, 1_000
FIGURES = (
    *("lines", "no_customer", "no_description", "credit_lines", "negative_qty_not_credit"),
    *("zero_price", "negative_price", "stock_codes", "exact_sum"),
)


def facts(*keys):
    found = json.loads(shared_file("data/facts.json").read_text(encoding="utf-8"))["online_retail"]
    for key in keys:
        found = found[key]
    return found


@pytest.fixture
def documents(cast, capsys):
    """The file of documents, imported by the command."""
    return imported(capsys, "import_sales", shared_file(DOCUMENTS), "--create-clients")


def by_client(rows, most=10):
    """The ten largest sums as facts.json has them."""
    sums = rows.exclude(client=None).values_list("client__external_id").annotate(s=Sum("amount"))
    ordered = sorted(sums, key=lambda pair: (-abs(pair[1]), pair[0]))
    return [[name, f"{total:.2f}"] for name, total in ordered[:most]]


def test_every_figure_of_the_documents(documents, capsys):
    expected = facts("shared_2010-12_2011-08")
    assert documents["documents"] == documents["new"] == expected["documents"]
    assert documents["unassigned"] == expected["documents_without_customer"]
    assert documents["clients_created"] == Client.objects.count() == expected["customers"]
    assert {k: v["count"] for k, v in documents["by_type"].items()} == expected["by_type"]
    assert {k: v["amount"] for k, v in documents["by_type"].items()} == expected["amount_by_type"]
    rows = Shipment.objects.counted()
    turnover = rows.turnover()
    assert f"{turnover['net']:.2f}" == expected["net_total"]
    gross = rows.filter(kind="sale").aggregate(s=Sum("amount"))["s"]
    returned = rows.filter(kind="return").aggregate(s=Sum("amount"))["s"]
    share = expected["returns_share_of_gross_invoices"]
    assert str(round_half_up(-returned / gross, 4)) == share
    _check_months(rows, expected)
    _check_clients(rows, expected)
    _check_debts()
    _check_returns(rows, expected)
    again = imported(capsys, "import_sales", shared_file(DOCUMENTS), "--create-clients")
    assert (again["new"], again["duplicates"]) == (0, expected["documents"])
    assert again["clients_created"] == 0


def _check_months(rows, expected):
    months = rows.annotate(month=TruncMonth("posted_on")).values("month").order_by("month")
    net = {
        f"{m['month']:%Y-%m}": (m["n"], m["s"])
        for m in months.annotate(n=Count("pk"), s=Sum("amount"))
    }
    assert {m: f"{s:.2f}" for m, (_n, s) in net.items()} == expected["monthly_net"]
    assert {m: n for m, (n, _s) in net.items()} == expected["monthly_documents"]
    sold = months.filter(kind="sale").annotate(s=Sum("amount"))
    assert {f"{m['month']:%Y-%m}": f"{m['s']:.2f}" for m in sold} == expected[
        "monthly_invoices_gross"
    ]


def _check_clients(rows, expected):
    last_day = date.fromisoformat(expected["last_date"])
    assert rows.aggregate(day=Max("posted_on"))["day"] == last_day
    abc = expected["abc_by_net_revenue_with_customer_id"]
    assert by_client(rows) == abc["top10"]
    assert (
        by_client(rows.filter(kind="sale"))
        == expected["abc_by_gross_invoices_with_customer_id"]["top10"]
    )
    returns = rows.filter(kind="return")
    assert by_client(returns) == expected["top10_returns"]
    with_returns = returns.exclude(client=None).values("client").distinct().count()
    assert with_returns == expected["customers_with_returns"]
    counts = rows.filter(kind="sale").exclude(client=None).values_list("client__external_id")
    ordered = sorted(counts.annotate(n=Count("pk")), key=lambda pair: (-pair[1], pair[0]))
    assert [list(pair) for pair in ordered[:10]] == expected["top10_by_invoice_count"]
    latest = rows.exclude(client=None).values("client").annotate(day=Max("posted_on"))
    ages = Counter(_bucket((last_day - row["day"]).days) for row in latest)
    assert ages == expected["customers_by_days_since_last_document_at_last_date"]


def _bucket(days):
    for top, name in ((30, "<=30"), (60, "31-60"), (90, "61-90"), (180, "91-180")):
        if days <= top:
            return name
    return ">180"


def _check_debts():
    """Every positive document of a client is a debt; returns have lowered debts, no kopeck more."""
    found = invariants.violations(timezone.now())
    for name in ("a posted sale has its invoice", "returns are set off by their allocations"):
        assert found[name] == []
    assert found["invoices are paid by their allocations"] == []
    owed = Invoice.objects.aggregate(owed=Sum("open_amount"), all=Sum("amount"))
    credits = Shipment.objects.credits().exclude(client=None)
    applied = credits.aggregate(s=Sum("applied_amount"))["s"]
    assert owed["all"] - owed["owed"] == applied
    # A credit is left only where the client owes nothing any more.
    left = credits.filter(applied_amount__lt=-F("amount")).values("client")
    assert not Invoice.objects.unpaid().filter(client__in=left).exists()


def _check_returns(rows, expected):
    """Credit notes of known clients become returns, once; no figure moves."""
    notes = rows.filter(kind="return").exclude(client=None)
    assert follow_books(today=timezone.localdate()) == notes.count() == Return.objects.count()
    assert follow_books(today=timezone.localdate()) == 0
    assert f"{rows.turnover()['net']:.2f}" == expected["net_total"]
    amounts = Return.objects.aggregate(s=Sum("amount"))["s"]
    assert amounts == -notes.turnover()["net"]
    assert Return.objects.values("client").distinct().count() == expected["customers_with_returns"]
    _check_months(rows, expected)


def first(file, number):
    """The head of a packed file and so many of its lines."""
    with gzip.open(shared_file(file), "rt", encoding="utf-8") as packed:
        return list(itertools.islice(packed, number + 1))


def test_lines_make_the_same_documents(cast, capsys, tmp_path):
    """The first six thousand lines, against the file of documents."""
    path, documents = tmp_path / "lines.csv", tmp_path / "documents.csv"
    text = first(LINES, FIRST_LINES)
    last = text[-1].partition(",")[0]  # cut off in the middle
    text = [line for line in text if not line.startswith(f"{last},")]
    path.write_text("".join(text), encoding="utf-8")
    documents.write_text("".join(first(DOCUMENTS, FIRST_DOCUMENTS)), encoding="utf-8")
    made = imported(capsys, "import_sales", path, "--create-clients")
    assert made["rows"] == made["created"] == ShipmentLine.objects.count() == len(text) - 1
    lines = dict(Shipment.objects.values_list("number", "amount"))
    again = imported(capsys, "import_sales", documents, "--create-clients")
    assert again["duplicates"] == made["documents"] == len(lines) > 200
    assert again["warnings"] == 0  # not one amount differs


def test_every_figure_of_the_lines_as_they_are_read(db):
    expected = facts("lines", "shared")
    assert figures_of_lines() == {name: expected[name] for name in FIGURES}


@pytest.mark.skipif(not os.environ.get("KLIENTURA_LONG"), reason="KLIENTURA_LONG=1 runs it")
def test_every_line_makes_its_document(db, capsys):
    """The whole file, looked through and not written."""
    expected = facts("lines", "shared")
    made = imported(capsys, "import_sales", shared_file(LINES), "--create-clients", "--dry-run")
    assert made["rows"] == made["created"] == expected["lines"]
    assert made["documents"] == expected["documents"]
    assert made["clients_created"] == expected["customers"]
    by_type = facts("shared_2010-12_2011-08", "amount_by_type")
    assert {k: v["amount"] for k, v in made["by_type"].items()} == by_type


def figures_of_lines():
    """What the product's reader makes of the lines, added up."""
    kind = registry.get("sales")
    table = kind.read_file(shared_file(LINES).read_bytes(), limits())
    at = guess(kind, table.header)
    counts, codes, exact = Counter(), set(), Decimal(0)
    for _number, cells in table.lines:
        quantity, price = number(cells[at["quantity"]]), number(cells[at["price"]])
        credit = cells[at["number"]].startswith("C")
        counts["lines"] += 1
        counts["no_customer"] += not cells[at["client_id"]]
        counts["no_description"] += not cells[at["product"]]
        counts["credit_lines"] += credit
        counts["negative_qty_not_credit"] += quantity < 0 and not credit
        counts["zero_price"] += price == 0
        counts["negative_price"] += price < 0
        codes.add(cells[at["sku"]])
        exact += quantity * price
    return {**counts, "stock_codes": len(codes), "exact_sum": str(exact)}
