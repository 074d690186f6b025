"""The cost budget: drawn up, filled cell by cell, approved, corrected; execution by BUDGET-1."""

import json
import threading
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, transaction
from django.urls import reverse
from django.utils import timezone

from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from reports.actions.budget_cells import save_budget_cells
from reports.actions.budget_drafts import add_missing_lines, correct_budget, draw_up_budget
from reports.actions.budget_moves import send_budget
from reports.actions.plan_cells import Cell
from reports.formulas.budgets import Execution
from reports.models import BUDGET_MOVES, Budget, BudgetItem, BudgetLine, BudgetState, Expense
from reports.parameters import Period
from reports.queries.budgets import costs_of
from reports.queries.cost_reports import budget_rows, expense_rows, expense_totals
from tests.approvals.racing import failures, race, somebody_waits_for_a_row
from tests.cast import assemble, fresh, signed_in
from tests.factories import costs
from tests.guarding import refused
from tests.standing import standing

D = Decimal
TODAY = costs.TODAY
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@standing
def budget(cast):
    return costs.budget(cast.department, cast.department_head, travel="1000", representation="500")


def line(budget, code="travel", month=3, unit=None):
    unit = unit or budget.org_unit
    return budget.lines.get(item__code=code, month__month=month, org_unit=unit)


def send(budget, by):
    send_budget(budget.pk, by=by, version=budget.version, today=TODAY)
    budget.refresh_from_db()
    return budget


def sign(budget, by, decision="approve", comment=""):
    approval = Approval.objects.of(budget).running().get()
    approvals.decide(
        approval.pk, by=by, decision=decision, comment=comment, version=approval.version,
        target_version=approval.target_version, today=TODAY,
    )  # fmt: skip
    budget.refresh_from_db()
    return budget


def test_execution_comes_from_sums():
    parts = [Execution(D(100), D(150)), Execution(D(300), D(90), D(200)), Execution(D(0), D(10))]
    whole = sum(parts, Execution())
    assert (whole.percent, whole.over, whole.is_over) == (D("62.50"), D(-150), False)
    assert [one.percent for one in parts] == [D(150), D(30), None]
    assert [one.over for one in parts] == [50, -210, 10]
    assert [one.tone(90) for one in parts] == ["danger", "", "danger"]
    assert (
        Execution(D(100), D(90)).tone(90) == Execution(D(100), D(10), D(91)).tone(90) == "warning"
    )
    assert Execution().tone(90) == ""


def test_a_budget_has_every_unit_item_and_month(cast, budget):
    items = BudgetItem.objects.in_use().count()
    assert budget.lines.count() == 2 * items * 12  # the department and its sector
    with pytest.raises(RuleViolation) as again:
        draw_up_budget(cast.department.pk, 2026, "empty", by=cast.department_head, today=TODAY)
    assert again.value.field == "year"
    for other in (cast.stranger_head, cast.sector_head, cast.director, cast.manager):
        with pytest.raises(PermissionDenied):
            draw_up_budget(cast.department.pk, 2027, "empty", by=other, today=TODAY)
    with pytest.raises(RuleViolation):
        draw_up_budget(cast.department.pk, 2030, "empty", by=cast.department_head, today=TODAY)
    BudgetItem.objects.create(code="gifts", name_ru="Подарки", name_en="Gifts")
    version = budget.version
    assert add_missing_lines(budget.pk, by=cast.department_head, version=version) == 24
    assert add_missing_lines(budget.pk, by=cast.department_head, version=version) == 0


def test_the_next_year_begins_with_the_last_budget_or_fact(cast, budget):
    costs.hold(budget, cast.department_head, cast.director)
    costs.cost(cast.sector, cast.accountant, "777.70", on=date(2026, 5, 9))
    head, unit = cast.department_head, cast.department
    planned = draw_up_budget(unit.pk, 2027, "budget", by=head, today=TODAY)
    assert line(planned).amount == 1000
    Budget.objects.filter(pk=planned.pk).delete()
    spent = draw_up_budget(unit.pk, 2027, "fact", by=head, today=TODAY)
    assert line(spent, month=5, unit=cast.sector).amount == D("777.70")
    assert spent.lines.filter(amount__gt=0).count() == 1


def test_a_budget_goes_its_way_and_a_correction_takes_its_place(cast, budget):
    head, director = cast.department_head, cast.director
    empty = costs.budget(cast.other_department, cast.stranger_head)
    with pytest.raises(RuleViolation):
        send(empty, cast.stranger_head)
    refused(StaleVersion, lambda: send_budget(budget.pk, by=head, version=9, today=TODAY))
    refused(PermissionDenied, lambda: send(budget, director))
    send(budget, head)
    with pytest.raises(PermissionDenied):
        sign(budget, head)
    sign(budget, director, "return", "Много на командировки")
    assert budget.state == "returned"
    assert "командировки" in budget.comment
    save_budget_cells(budget.pk, [Cell(line(budget).pk, "m03", "1000.00", "800")], by=head)
    budget.refresh_from_db()
    sign(send(budget, head), director)
    assert (budget.state, budget.approved_by) == ("approved", director)
    refused(RuleViolation, lambda: save_budget_cells(budget.pk, [], by=head), "reports_budget")
    say = {"by": head, "version": budget.version, "comment": "Новый сектор"}
    second = correct_budget(budget.pk, **say)
    with pytest.raises(RuleViolation):
        correct_budget(budget.pk, **say)
    assert (second.revision, line(second).amount) == (2, 800)
    assert costs_of(head, *YEAR).sum().plan == 12 * 1500 - 200, "the old one holds"
    save_budget_cells(second.pk, [Cell(line(second).pk, "m03", "800.00", "2 000,50")], by=head)
    sign(send(second, head), director)
    budget.refresh_from_db()
    assert (budget.state, second.state) == ("superseded", "approved")
    assert costs_of(head, *YEAR).sum().plan == D("19000.50")


def test_states_and_sent_lines_are_kept_by_the_database(cast, budget):
    assert set(BUDGET_MOVES) == set(BudgetState)
    row = line(budget)
    send(budget, cast.department_head)
    with pytest.raises(IntegrityError, match="budget that was sent"), transaction.atomic():
        BudgetLine.objects.filter(pk=row.pk).update(amount=1)
    sign(budget, cast.director)
    rows = Budget.objects.filter(pk=budget.pk)
    for change in ({"state": "draft"}, {"year": 2025}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    facts = {"year": 2026, "org_unit": cast.department, "created_by": cast.director}
    with pytest.raises(IntegrityError, match="budget_correction_says_why"), transaction.atomic():
        Budget.objects.create(revision=2, **facts)
    Budget.objects.create(revision=2, comment="x", **facts)
    with pytest.raises(IntegrityError, match="budget_one_in_work"), transaction.atomic():
        Budget.objects.create(revision=3, comment="x", **facts)
    lines = costs.budget(cast.department, cast.department_head, year=2027).lines
    with pytest.raises(IntegrityError, match="budget_line_not_negative"), transaction.atomic():
        lines.update(amount=-1)


def post(budget, person, *cells):
    rows = [dict(zip(("line", "field", "was", "now"), cell, strict=True)) for cell in cells]
    answer = signed_in(person).post(
        reverse("reports:budget_cells", args=[budget.pk]),
        json.dumps({"cells": rows}),
        content_type="application/json",
    )
    is_json = answer["Content-Type"] == "application/json"
    return answer.status_code, answer.json() if is_json else None


def test_cells_are_saved_whole_or_not_at_all(cast, budget):
    row, other = line(budget), line(budget, month=4)
    foreign = line(costs.budget(cast.other_department, cast.stranger_head))
    good = (row.pk, "m03", "1000.00", "1\xa0234,5 ₽")
    for bad in (
        (other.pk, "m04", "1000.00", "много"),
        (other.pk, "m04", "1000.00", "-1"),
        (other.pk, "m05", "1000.00", "1"),
        (foreign.pk, "m03", "", "1"),
    ):
        status, told = post(budget, cast.department_head, good, bad)
        assert (status, told["refused"][0]["line_id"]) == (422, bad[0])
    row.refresh_from_db()
    assert row.amount == 1000
    empty = (other.pk, "m04", "1000.00", "")
    status, told = post(budget, cast.department_head, good, empty)
    assert status == 200
    assert told["saved"][0]["values"]["m03"] == ["1234.50", "1\xa0234,50"]
    assert told["saved"][1]["values"]["m04"] == ["", ""]
    status, told = post(budget, cast.department_head, (row.pk, "m03", "1000.00", "7"))
    assert (status, told["clashes"][0]["theirs"]) == (409, "1234.50")
    assert str(cast.department_head) in told["clashes"][0]["reason"]
    assert post(budget, cast.director, good)[0] == 403


def test_whoever_is_second_in_a_cell_is_told(committed_db):
    cast = assemble()
    budget = costs.budget(cast.department, cast.department_head)
    row, outcome = line(budget), []

    def second():
        cell = Cell(row.pk, "m03", "", "200")
        outcome.append(save_budget_cells(budget.pk, [cell], by=fresh(cast.department_head)))
        connections.close_all()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        save_budget_cells(budget.pk, [Cell(row.pk, "m03", "", "100")], by=cast.department_head)
        thread.start()
        assert somebody_waits_for_a_row("reports_budget")
    thread.join(timeout=20)
    assert outcome[0].status == 409
    row.refresh_from_db()
    assert row.amount == 100


def test_of_two_who_draw_it_up_one_does(committed_db):
    cast = assemble()

    def draw_up():
        head = fresh(cast.department_head)
        return draw_up_budget(cast.department.pk, 2026, "empty", by=head, today=TODAY)

    results = race(draw_up, draw_up)
    assert [type(one) for one in failures(results)] == [RuleViolation]
    assert Budget.objects.count() == 1


def test_the_page_shows_plan_fact_and_the_over_run_with_links(cast, budget):
    costs.hold(budget, cast.department_head, cast.director)
    costs.cost(cast.department, cast.accountant, "1500", on=date(2026, 3, 10))
    costs.cost(cast.sector, cast.accountant, "200", on=date(2026, 4, 1))
    costs.cost(cast.other_department, cast.accountant, "9000", on=date(2026, 3, 10))
    browser, url = signed_in(cast.department_head), reverse("reports:budget")
    travel = costs.item("travel").pk
    page = browser.get(url, {"year": 2026, "months": "q1", "open": travel}).content.decode()
    page = page.replace("&amp;", "&").replace("\xa0", " ")
    assert "3 000,00" in page
    assert "1 500,00" in page
    assert "50,00 %" in page
    assert "150,00 %" in page, "March alone is over"
    assert f"item={travel}&unit={cast.department.pk}&spent_from=2026-03-01" in page
    assert "9 000" not in page
    year = browser.get(url, {"year": 2026, "view": "months"}).content.decode()
    assert year.count("alert-triangle") == 1
    found = costs_of(cast.department_head, *YEAR, [cast.sector.pk]).sum()
    assert (found.plan, found.fact) == (0, 200)
    everything = costs_of(cast.director, *YEAR).sum()
    assert everything.fact == 10700
    assert costs_of(cast.sector_head, *YEAR).sum().fact == 200
    assert costs_of(fresh(cast.manager), *YEAR).sum() == Execution()


def test_numbers_lead_to_as_much_money_as_they_say(cast, budget):
    costs.hold(budget, cast.department_head, cast.director)
    day = date(2026, 3, 31)
    costs.cost(cast.department, cast.accountant, "1500", on=day)
    costs.cost(cast.sector, cast.accountant, "100.10", on=day)
    browser = signed_in(cast.accountant)
    for by, name in (("item", ""), ("unit", ""), ("month", "")):
        url = reverse("reports:report", args=["budget"])
        page = browser.get(url, {"from": "2026-03-01", "to": "2026-03-31", "by": by})
        assert page.status_code == 200, name
        assert "1\xa0600,10" in page.content.decode()
    params = {"period": Period(date(2026, 3, 1), day), "unit": None, "by": "unit"}
    for row in budget_rows(cast.accountant, params):
        rows = browser.get(row["url"]).content.decode()
        assert f"{row['fact']:.2f}".replace(".", ",")[-6:] in rows.replace("\xa0", "")
    assert Expense.objects.count() == 2


def test_the_report_of_representation_expenses(cast):
    today = timezone.localdate()
    contact = costs.talk(cast.manager)
    by = {"by": cast.department_head, "payer": cast.accountant}
    costs.expense(cast.manager, "4000", contact=contact, state="paid", **by)
    costs.expense(cast.manager, "2000", contact=contact, state="approved", **by)
    costs.expense(cast.manager, "900", contact=contact)
    params = {"period": Period(today.replace(day=1), today), "unit": None, "by": "employee"}
    (row,) = expense_rows(cast.department_head, params)
    assert (row["count"], row["amount"], row["paid"]) == (2, 6000, 4000)
    assert (row["limit"], row["used"]) == (15000, D("40.00"))
    assert expense_totals(cast.department_head, params, [row])["used"] == D("40.00")
    (row,) = expense_rows(cast.department_head, params | {"by": "client"})
    assert (row["shipped"], row["share"]) == (0, None)
    assert expense_rows(fresh(cast.stranger), params) == []


def test_queries_of_the_budget_pages_stay_few(cast, budget, django_assert_max_num_queries):
    costs.hold(budget, cast.department_head, cast.director)
    browser = signed_in(cast.department_head)
    for url in (
        reverse("reports:budget"),
        reverse("reports:budget") + "?view=months",
        budget.get_absolute_url(),
    ):
        browser.get(url)
        with django_assert_max_num_queries(12):
            browser.get(url)
