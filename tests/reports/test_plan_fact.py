"""Plan and fact: the worked examples through reports, files and the page."""

import json
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from python_calamine import CalamineWorkbook

from reports import registry
from reports.actions import rollup
from reports.models import TargetTask
from reports.queries.active_base import growth
from reports.queries.kpi import coverage_percent, result_of
from reports.queries.plan_fact import Pace
from reports.queries.receivables.turnover import DebtShare
from tests.cast import signed_in
from tests.factories import clients, deals, facts
from tests.kernel.shared_files import shared_example
from tests.standing import standing

D = Decimal
MONTH = "2026-10"


@standing
def october(db):
    """The company of PLAN-1 with its plan in force."""
    example = shared_example("PLAN-1")
    made = facts.october(example)
    facts.planned(example, made)
    made.example = example
    return made


@pytest.fixture
def ask(capsys):
    """A report as the command line prints it: rows by name, and the totals."""

    def run(name, *parameters):
        call_command("report", name, *parameters, "--json")
        answer = json.loads(capsys.readouterr().out)
        names = [one["name"] for one in answer["columns"]]
        rows = [dict(zip(names, row, strict=True)) for row in answer["rows"]]
        return {row.get("name", n): row for n, row in enumerate(rows)}, answer["totals"]

    return run


KEYS = {
    "plan_ship": "plan_ship",
    "ship": "fact_ship",
    "ship_pct": "ship_pct",
    "plan_cash": "plan_cash",
    "cash": "fact_cash",
    "cash_pct": "cash_pct",
    "plan_active": "plan_active",
    "active": "fact_active",
    "active_pct": "active_pct",
}


def same(row, expected):
    assert {name: row[name] for name in KEYS} == {n: expected[key] for n, key in KEYS.items()}


def test_kpi_1_is_the_worked_example_at_every_level(october, ask):
    told = october.example["expected"]
    for name in ("kpi1", "plan_fact"):
        rows, totals = ask(name, f"month={MONTH}", "by=manager")
        for code, expected in told["by_manager"].items():
            same(rows[code], expected)
        same(totals, told["department"])
        rows, _totals = ask(name, f"month={MONTH}", "by=unit")
        for code, expected in told["by_sector"].items():
            same(rows[f"Сектор {code}"], expected)
        rows, _totals = ask(name, f"month={MONTH}", "by=department")
        same(rows["Отдел D1"], told["department"])
        rows, _totals = ask(name, f"month={MONTH}", "by=client")
        for code, expected in told["by_client"].items():
            same(rows[code], expected)
    rows, _totals = ask("kpi1", f"month={MONTH}", "by=category")
    assert rows["A"]["ship"] == "2109450.74"
    assert rows["A"]["plan_ship"] == "2100000.00"
    rows, totals = ask("plan_fact", f"month={MONTH}", "by=manager", "manager=m1")
    assert (len(rows), totals["ship"], totals["ship_forecast"]) == (1, "1646350.75", "1646350.75")


def test_the_contact_plan_is_the_worked_example(october, ask):
    told = shared_example("CONT-1")["expected"]
    rows, totals = ask("contact_compliance", f"month={MONTH}")
    names = ("plan", "done", "credited", "compliance_pct", "activity_pct")
    for code, expected in told["by_manager"].items():
        assert {name: rows[code][name] for name in names} == expected
    assert {name: totals[name] for name in names} == told["department"]


def test_the_documents_behind_a_figure_add_up_to_it(october, ask):
    _rows, totals = ask("fact_documents", f"month={MONTH}", "metric=ship", "client=C2")
    assert totals["amount"] == "382900.00"  # the return lowers it
    for metric, expected in (("cash", "1493650.25"), ("active", 2), ("contacts", 12)):
        call = ("fact_documents", f"month={MONTH}", f"metric={metric}", "manager=m1")
        assert ask(*call)[1]["amount"] == expected


def test_the_page_shows_each_manager_and_the_clients_of_the_one_that_is_opened(october):
    head = signed_in(october.head)
    url = reverse("reports:plan_fact")
    m1 = october.managers["M1"]
    page = head.get(url, {"month": MONTH, "open": m1.pk}).content.decode()
    for text in ("1 646 350,75", "95,16", "1 263 450,75", "3 028 448,61", "95,23", "Сектор S1"):
        assert text in page.replace("\u00a0", " "), text
    assert f"month={MONTH}&amp;row=manager%3A{m1.pk}" in page
    part = head.get(url, {"month": MONTH, "metric": "active"}, headers={"HX-Request": "true"})
    assert "66,67" in part.content.decode()
    assert "<html" not in part.content.decode()
    own = signed_in(m1).get(url, {"month": MONTH, "metric": "cash"}).content.decode()
    assert "1 493 650,25" in own.replace("\u00a0", " ")
    assert " M1</a>" in own
    assert " M2</a>" not in own
    assert head.get(url, {"unit": october.company.pk}).status_code == 404
    assert head.get(url, {"metric": "profit"}).status_code == 400
    company = signed_in(october.chief).get(url, {"month": MONTH}).content.decode()
    assert "3 028 448,61" in company.replace("\u00a0", " ")
    assert f"unit={october.department.pk}" in company


@pytest.mark.parametrize("who", ["M1", "head"])
def test_every_figure_leads_to_its_rows(october, who):
    browser = signed_in(october.managers.get(who) or october.head)
    page = browser.get(reverse("reports:plan_fact"), {"month": MONTH}).context["page"]
    links = {url for line in page.lines for url in (line.plan_url, line.fact_url) if url}
    assert links
    assert {browser.get(url).status_code for url in links} == {200}


def test_the_file_holds_the_figures_of_the_page(october):
    url = reverse("reports:report", args=["kpi1"])
    answer = signed_in(october.chief).get(url, {"month": MONTH, "export": "xlsx"})
    content = b"".join(answer.streaming_content)
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    cells = {cell for row in sheet.to_python() for cell in row}
    assert {1646350.75, 95.16, 3028448.61, 95.23} <= cells


def test_the_number_of_queries_does_not_grow_with_the_rows(october, django_assert_max_num_queries):
    client = signed_in(october.chief)
    with django_assert_max_num_queries(12):
        client.get(reverse("reports:plan_fact"), {"month": MONTH, "unit": october.department.pk})


def test_the_forecast_goes_by_working_days(db):
    given = shared_example("PLAN-2")
    asked, told = given["input"], given["expected"]
    pace = Pace.of(date(2026, 11, 1), date.fromisoformat(asked["as_of"]))
    assert (pace.elapsed, pace.total) == (told["elapsed_wd"], told["total_wd"])
    forecast = pace.forecast(D(asked["fact_to_date"]))
    assert forecast == D(told["forecast"])
    assert round(forecast * 100 / D(asked["plan"]), 2) == D(told["forecast_pct"])
    assert Pace.of(date(2026, 11, 1), date(2026, 11, 1)).forecast(D(5)) is None  # a Sunday
    assert Pace.of(date(2026, 10, 1), date(2026, 11, 1)).forecast(D(5)) == D(5)


def test_kpi_2_is_debt_over_shipments_and_its_excess(cast, ask):
    given = shared_example("KPI-2")
    asked, told = given["input"], given["expected"]
    share = DebtShare(
        (), *(D(asked[name]) for name in ("receivables", "net_shipments", "norm_pct"))
    )
    found = {"pct": share.percent, "norm_amount": share.norm_amount, "excess": share.excess}
    assert found == {name: D(value) for name, value in told.items()}
    client = clients.client(cast.manager)
    rest = D(asked["net_shipments"]) - D(asked["receivables"])
    deals.sale(client, asked["net_shipments"], on=date(2026, 10, 5))
    deals.returned(client, f"-{rest}", on=date(2026, 11, 5))  # later: the debt of October stays
    rollup.count_changes(today=facts.TODAY)
    _rows, totals = ask("kpi2", f"month={MONTH}")
    assert totals["net_shipments"] == asked["net_shipments"]
    assert totals["receivables"] == asked["net_shipments"]
    assert (totals["pct"], totals["norm_pct"]) == ("100.00", "60.00")
    assert totals["excess"] == str(D(asked["net_shipments"]) - D(totals["norm_amount"]))


def test_kpi_3_is_the_base_of_three_months_by_the_categories_of_the_day(cast, ask):
    from clients.models import CategoryAssignment, Client
    from reports.models import KpiSnapshot

    given = shared_example("KPI-3")
    asked, told = given["input"], given["expected"]
    for code, months in asked["months_with_shipments"].items():
        category = "A" if code == "C1" else "B"
        one = clients.client(cast.manager, code=code, name=code, category=category)
        for month in months.split():
            deals.sale(one, "100.00", on=date(2026, int(month), 9))
    raised = CategoryAssignment.objects.get(client__code="C4")
    CategoryAssignment.objects.filter(pk=raised.pk).update(valid_to=date(2026, 10, 15))
    CategoryAssignment.objects.filter(client__code="C8").update(
        category="A"
    )  # never bought: no part of the base
    from clients.models import CategoryChangeRequest

    request = CategoryChangeRequest.objects.create(
        client=raised.client, from_category="B", to_category="A", reason="Растут закупки клиента",
        effective_from=date(2026, 10, 15), state="effective", author=cast.manager)  # fmt: skip
    CategoryAssignment.objects.create(
        client=raised.client, category="A", kind="change", valid_from=date(2026, 10, 15),
        decided_by=cast.director, request=request)  # fmt: skip
    rollup.count_changes(today=facts.TODAY)
    (whole,) = growth(cast.director, date(2026, 10, 1), 3).values()
    codes = dict(Client.objects.values_list("pk", "code"))
    assert sorted(codes[pk] for pk in whole.now) == told["base_oct"]
    assert sorted(codes[pk] for pk in whole.before) == told["base_sep"]
    assert sorted(codes[pk] for pk in whole.a_now) == told["A_oct"]
    assert sorted(codes[pk] for pk in whole.a_before) == told["A_sep"]
    rows, totals = ask("kpi3", f"month={MONTH}", "by=client")
    assert [name for name, row in rows.items() if row["change"] in {"вошёл", "entered"}] == told[
        "entered"
    ]
    assert [name for name, row in rows.items() if row["change"] in {"вышел", "left"}] == told[
        "left"
    ]
    assert (totals["base"], totals["before"], totals["growth"]) == (6, 6, told["growth"])
    assert (totals["growth_pct"], totals["a_growth"]) == (told["growth_pct"], told["A_growth"])
    assert totals["a_growth_pct"] == told["A_growth_pct"]
    kept = KpiSnapshot.objects.of_month(date(2026, 10, 1)).company().get()
    assert (kept.base, kept.base_a) == (told["count_oct"], len(told["A_oct"]))


def test_kpi_4_weighs_what_was_reached(db):
    given = shared_example("KPI-4")
    tasks = [TargetTask(**{k: v if k == "name" else D(v) for k, v in one.items()})
             for one in given["input"]]  # fmt: skip
    assert [str(one.completion_percent) for one in tasks] == given["expected"]["completion"]
    assert str(result_of(tasks)) == given["expected"]["result"]
    assert result_of([]) is None


def test_coverage_is_outlets_that_buy_over_all(cast, ask):
    given = shared_example("COV-1")
    asked = given["input"]
    assert str(coverage_percent(active=asked["active_outlets"], total=asked["total_outlets"])) == given["expected"]["coverage_pct"]  # fmt: skip  # noqa: E501
    buyer, other = (clients.client(cast.manager, territory="Север") for _ in range(2))
    for place in range(7):
        clients.outlet(buyer, name=f"Магазин {place}")
    for place in range(3):
        clients.outlet(other, name=f"Лавка {place}")
    deals.sale(buyer, "10.00", on=date(2026, 10, 9))
    rollup.count_changes(today=facts.TODAY)
    rows, totals = ask("coverage", f"month={MONTH}")
    assert (rows["Север"]["coverage_pct"], totals["coverage_pct"]) == ("70.00", "70.00")
    assert registry.get("coverage").how
