"""The customer's shipments: every figure that facts.json promises, from the reports themselves."""

import json
from decimal import Decimal

import pytest
from django.core.management import call_command

from tests.kernel.shared_files import shared_file
from tests.reports import retail

D = Decimal


@pytest.fixture
def ask(db, capsys):
    """A report as the command line prints it."""

    def run(name, *parameters):
        call_command("report", name, *parameters, "--json")
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture(scope="module")
def facts():
    content = json.loads(shared_file("data/facts.json").read_text(encoding="utf-8"))
    return content["online_retail"]["shared_2010-12_2011-08"]


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


def test_the_reports_give_the_customers_figures(ask, facts):
    """One import, many figures."""
    assert retail.load() == facts["documents"]
    for basis in ("net", "gross"):
        abc_counts(ask, facts, "before", "inclusive", basis)
        abc_counts(ask, facts, "including", "exclusive", basis)
    shipments_by_month_and_type(ask, facts)
    shipments_by_client(ask, facts)
    the_balance_of_a_client(ask, facts)
