"""The dashboard of a unit: KPI 1-4 of the worked examples, the course against the plan."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from crm.work import registry
from crm.work.models import Setting
from reports.actions import rollup
from reports.days.months import chosen_months
from reports.queries.receivables.turnover import debt_share, share_and_before
from tests.cast import fresh, signed_in
from tests.factories import deals, facts
from tests.kernel.shared_files import shared_example
from tests.standing import standing

D = Decimal
MONTH = "2026-10"
FACT = {"returns": "0", "cash": "0", "contacts": 0}


@standing
def october(db):
    """The company of PLAN-1 with its plan in force."""
    example = shared_example("PLAN-1")
    made = facts.october(example)
    facts.planned(example, made)
    made.told = example["expected"]
    return made


def part(who, name, **query):
    answer = signed_in(who).get(reverse(f"reports:department_{name}"), {"period": MONTH, **query})
    assert answer.status_code == 200
    return answer


def card(page, label):
    return next(one for one in page.cards if label in one.label)


def test_the_cards_are_kpi_1_of_the_worked_example_at_every_level(october):
    levels = [
        (october.head, october.department, october.told["department"]),
        (october.chief, october.company, october.told["department"]),
        (october.head, october.sectors["S1"], october.told["by_sector"]["S1"]),
    ]
    for who, unit, told in levels:
        page = part(who, "kpi", unit=unit.pk).context["page"]
        for name in ("ship", "cash", "active"):
            one = page.found.measure(name)
            assert (one.plan, one.fact) == (D(told[f"plan_{name}"]), D(told[f"fact_{name}"]))
            assert one.percent == D(told[f"{name}_pct"])


def test_each_card_leads_to_rows_and_tells_how_it_was_counted(october):
    page = part(october.head, "kpi").context["page"]
    http = signed_in(october.head)
    assert len(page.cards) == 8
    for one in page.cards:
        assert http.get(one.url).status_code == 200, one.label
        assert http.get(one.how).status_code == 200, one.label
    assert card(page, "KPI 3").value == "6"
    assert card(page, "KPI 4").percent is None


def test_each_card_of_a_unit_opens_the_report_of_that_unit(october):
    """The director looks at a sector: the report is not that of the whole company."""
    facts.documents(october.of["C2"], {**FACT, "shipped": "1000.00"})
    deals.invoice(october.of["C1"], "700.00", on=date(2026, 10, 10))
    rollup.count_changes(today=date(2026, 11, 28))
    seen = set()
    for unit in (october.company, october.department, *october.sectors.values()):
        found = part(october.chief, "kpi", unit=unit.pk).context["page"].found
        page = part(october.chief, "kpi", unit=unit.pk).context["page"]
        http = signed_in(october.chief)
        base = found.at("base", found.months.last)
        told = http.get(card(page, "KPI 3").url).context["page"].result.totals
        assert (told["base"], told["before"]) == (base, found.at("base", date(2026, 9, 1)) or 0)
        told = http.get(card(page, "KPI 2").url).context["page"].result.totals
        assert told["receivables"] == found.debt.receivables
        assert (told["pct"], told["net_shipments"]) == (found.debt.percent, found.debt.sales)
        before = http.get(card(page, "KPI 2").delta_url).context["page"].result
        assert before.totals.get("pct") == found.debt_before.percent
        seen.add((base, found.debt.receivables))
    assert len(seen) > 2, seen


def test_kpi_2_of_both_months_is_that_of_the_report(october):
    facts.documents(october.of["C2"], {**FACT, "shipped": "1000.00"})
    head, where = october.head, {"unit": october.department.pk}
    asked = {"today": date(2026, 11, 28), "where": where}
    deals.sale(october.of["C1"], "500000.00", on=date(2026, 11, 9))
    deals.invoice(october.of["C1"], "700.00", on=date(2026, 11, 10))
    rollup.count_changes(today=date(2026, 11, 28))
    pair = share_and_before(fresh(head), date(2026, 11, 1), **asked)
    for found, month in zip(pair, (11, 10), strict=True):
        (told,) = debt_share(fresh(head), date(2026, month, 1), **asked)
        assert (found.percent, found.receivables, found.sales) == (
            told.percent, told.receivables, told.sales,
        )  # fmt: skip
        assert found.sales > 0


def test_the_course_ends_with_the_fact_and_the_plan_of_the_table(october):
    told = october.told["department"]
    chart = part(october.head, "course").context["chart"]
    fact, ideal = (one["data"] for one in chart["datasets"])
    assert (fact[-1], ideal[-1]) == (D(told["fact_ship"]), D(told["plan_ship"]))
    # October 2026 begins on a Thursday: one working day of twenty-two has gone by.
    assert ideal[0] == (D(told["plan_ship"]) / 22).quantize(D("0.01"))
    assert ideal[2] == ideal[1] == ideal[3]
    sector = part(october.head, "course", unit=october.sectors["S1"].pk).context["chart"]
    assert sector["datasets"][0]["data"][-1] == D(october.told["by_sector"]["S1"]["fact_ship"])
    url = reverse("reports:report", args=["shipments_by_day"])
    answer = signed_in(october.head).get(url, {"period": MONTH, "export": "xlsx"})
    sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    cells = {cell for row in sheet.get_sheet_by_index(0).to_python() for cell in row}
    assert float(told["fact_ship"]) in cells


def test_the_table_within_the_dashboard_keeps_its_address_and_opens_managers(october):
    m1 = october.managers["M1"]
    query = {"period": MONTH, "within": 1, "open": m1.pk}
    text = (
        signed_in(october.head)
        .get(reverse("reports:plan_fact"), query, headers={"HX-Request": "true"})
        .content.decode()
    )
    assert "hx-push-url" not in text
    assert f"/department/?period={MONTH}&amp;unit=" in text
    assert "C2" in text


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("", date(2026, 11, 1), date(2026, 11, 1)),
        ("last_month", date(2026, 10, 1), date(2026, 10, 1)),
        ("this_half_year", date(2026, 7, 1), date(2026, 11, 1)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 1)),
    ],
)
def test_periods_are_relative(code, first, last):
    found = chosen_months({"period": code}, today=date(2026, 11, 28))
    assert (found.first, found.last) == (first, last)


def test_a_half_year_adds_its_months_up(october, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: facts.TODAY)
    half = part(october.head, "kpi", period="this_half_year").context["page"]
    one_month = part(october.head, "kpi").context["page"]
    assert one_month.unplanned == ""
    added_up = "клиенты каждого месяца сложены"
    assert added_up in half.cards[2].note
    assert added_up not in one_month.cards[2].note
    assert half.found.measure("ship").fact == D(october.told["department"]["fact_ship"])
    table = signed_in(october.head).get(reverse("reports:plan_fact"), {"period": "this_half_year"})
    assert table.context["page"].total.measure.fact == half.found.measure("ship").fact


def test_places_go_by_the_plan_done_and_the_setting_hides_them(october):
    told = october.told["by_manager"]
    found = part(october.head, "leaders").context["leaders"]
    assert {one.name.split()[0]: one.measure.percent for one in found} == {
        code: D(row["ship_pct"]) for code, row in told.items()
    }
    assert [one.place for one in found] == [1, 2, 3]
    assert found[0].measure.percent > found[1].measure.percent > found[2].measure.percent
    wall = part(october.head, "wall").content.decode()
    assert "/department/leaders/" in wall
    assert "<nav" not in wall
    Setting.objects.create(key="dashboard.leaderboard", value=False)
    registry.forget()
    assert "/department/leaders/" not in part(october.head, "wall").content.decode()
    url = reverse("reports:department_leaders")
    assert signed_in(october.head).get(url).status_code == 404
