"""Claims in figures: CLAIM-1 by reason and fault, products, returns, costs (CM-02, CM-04)."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim
from crm.shell.nav import address
from reports import registry
from reports.parameters import Period
from tests.cast import signed_in
from tests.factories import claims, clients, deals
from tests.kernel.shared_files import shared_example

pytestmark = pytest.mark.django_db
D = Decimal
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
DAY = date(2026, 11, 9)
SUMS = ("received", "received_amount", "satisfied", "satisfied_amount")


@pytest.fixture
def client(cast):
    return clients.client(cast.manager)


def rows(name, user, **params):
    params = {"period": NOVEMBER, "manager": None, "unit": None, "kind": ""} | params
    return [dict(row) for row in registry.get(name).rows(user, params)]


def totals(name, user, found, **params):
    params = {"period": NOVEMBER, "manager": None, "unit": None, "kind": ""} | params
    return registry.get(name).totals(user, params, found)


def entered(client, case):
    """A claim of the worked example."""
    kind = "service" if case["reason"] == "service" else "goods"
    reason = claims.reason(case["reason"])
    more = {"on": DAY, "kind": kind, "reason": reason, "guilty_party": case["guilty"]}
    if case["satisfied"] is None:
        return claims.claim(client, case["claimed"], state="in_review", **more)
    more["decision"] = case["decision"]
    return claims.decided(client, case["claimed"], case["satisfied"], **more)


def test_claim_1_by_reason_and_by_guilty_party(cast, client):
    example = shared_example("CLAIM-1")
    for case in example["input"]:
        entered(client, case)
    claims.claim(client, "500.00", on=DAY, state="withdrawn", objection="Ошибка клиента")
    names = {str(claims.reason(code)): code for code in example["expected"]["by_reason"]}
    found = rows("claims", cast.department_head, by="reason")
    got = {names[row["name"]]: {name: row[name] for name in SUMS} for row in found}
    for code, wanted in example["expected"]["by_reason"].items():
        assert {k: str(v) for k, v in got.pop(code).items()} == {
            k: str(v) for k, v in wanted.items()
        }
    assert not got
    by_party = rows("claims", cast.department_head, by="guilty")
    got = {row["key"]: {name: str(row[name]) for name in SUMS} for row in by_party}
    expected = example["expected"]["by_guilty"]
    assert got == {code: {k: str(v) for k, v in one.items()} for code, one in expected.items()}
    whole = totals("claims", cast.department_head, found, by="reason")
    assert (whole["count_share"], whole["amount_share"]) == (D("66.67"), D("61.35"))
    assert rows("claims", cast.stranger_head, by="reason") == []

    matrix = rows("claims_by_fault", cast.director)
    shortage = next(row for row in matrix if row["name"] == str(claims.reason("shortage")))
    assert (shortage["n_warehouse"], shortage["n_carrier"], shortage["received"]) == (1, 1, 2)
    assert sum(row["received"] for row in matrix) == 9


def test_received_goes_by_its_day_and_satisfied_by_the_day_of_the_decision(cast, client):
    claims.decided(client, "100.00", "100.00", on=date(2026, 10, 20), decided_on=DAY)
    (row,) = rows("claims", cast.manager, by="manager")
    assert [row[name] for name in SUMS] == [0, D("0.00"), 1, D("100.00")]
    (month,) = rows("claims", cast.manager, by="month")
    assert month["name"] == "11.2026"


def test_products_share_what_a_claim_gave(cast, client):
    tea, coffee = deals.product(), deals.product()
    lines = [
        {"product": tea, "quantity": 1, "amount": D("300.00")},
        {"product": coffee, "quantity": 2, "amount": D("100.00")},
    ]
    claims.decided(client, "400.00", "200.00", on=DAY, lines=lines)
    found = {row["key"]: row for row in rows("claims", cast.manager, by="product")}
    assert [found[tea.pk][name] for name in SUMS] == [1, D("300.00"), 1, D("150.00")]
    assert found[coffee.pk]["satisfied_amount"] == D("50.00")
    whole = totals("claims", cast.manager, list(found.values()), by="product")
    assert (whole["received"], whole["satisfied_amount"]) == (1, D("200.00"))
    goods = rows("claims_for_purchasing", cast.purchasing)
    assert [(row["sku"], row["claims"], row["quantity"]) for row in goods] == [
        (tea.sku, 1, 1),
        (coffee.sku, 1, 2),
    ]


def test_what_comes_back_and_what_claims_cost(cast, client):
    deals.sale(client, "1000.00", on=DAY)
    deals.returned(client, "-150.00", on=DAY)
    claims.decided(client, "80.00", "50.00", on=DAY)
    for by in ("manager", "client", "month", "group"):
        (row,) = rows("return_rate", cast.director, by=by) or [None]
        if by == "group":  # documents without lines name no goods
            continue
        assert (row["shipped"], row["returned"], row["rate"]) == (
            D("1000.00"),
            D("150.00"),
            D("15.00"),
        )
    (cost,) = rows("claim_cost", cast.manager)
    assert (cost["claims"], cost["cost"], cost["share"]) == (1, D("50.00"), D("5.00"))
    assert rows("claim_cost", cast.stranger) == []


def test_the_page_leads_from_every_figure_to_its_rows(cast, client):
    line = {"product": deals.product(name="Чай"), "quantity": 1, "amount": D("80.00")}
    today = timezone.localdate()
    claims.decided(client, "80.00", "50.00", on=today, lines=[line])
    claims.claim(client, "10.00", on=today)
    browser = signed_in(cast.department_head)
    page = browser.get(reverse("reports:claims"))
    shown = page.context["page"]
    assert (shown.whole["received"], shown.whole["satisfied_amount"]) == (2, D("50.00"))
    assert shown.standing == {"open": 1, "late": 0, "to_compensate": 1, "to_answer": 1}
    (row,) = shown.faults
    assert (row.count, row.cells.count("heat-5")) == (2, 2)
    (of_warehouse,) = re.findall('href="([^"]+)"', row.cells)
    assert browser.get(unescape(of_warehouse)).status_code == 200
    text = page.content.decode()
    assert "Чай" in text
    assert "guilty_party=warehouse" in text or not address("claims:list")
    for name in ("report", "faults"):  # of claims of all kinds
        assert browser.get(shown.urls[name]).status_code == 200


@pytest.mark.parametrize(
    ("name", "readers"),
    [
        ("claims", {"manager", "department_head", "director"}),
        ("claims_for_purchasing", {"manager", "department_head", "director", "purchasing"}),
    ],
)
def test_purchasing_reads_claims_for_goods_alone(cast, name, readers):
    people = {"manager", "department_head", "director", "purchasing", "marketer", "logistics"}
    open_to = {who for who in people if registry.get(name).may_open(getattr(cast, who))}
    assert open_to == readers
    assert Claim.objects.visible_to(cast.marketer).count() == 0
