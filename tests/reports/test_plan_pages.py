"""Pages of plans: the year, one plan, the grid, the tab of the client; the file out and in."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from crm.errors import RuleViolation
from crm.money import format_money
from reports.actions import rollup
from reports.actions.plan_explanations import explain, judge_explanation
from reports.actions.plan_targets import Wanted, Whose, set_target
from reports.models import PlanExplanation
from reports.queries.my_day import my_day
from tests.cast import fresh, signed_in
from tests.deals.importing import imported
from tests.factories import clients, contacts, deals, plans
from tests.standing import standing

pytestmark = pytest.mark.django_db
D = Decimal


@standing
def plan(cast):
    """A plan of November with a whole line of the manager and a gap of the colleague."""
    found = plans.plan(cast.department)
    shop = clients.client(cast.manager, name="Фиалка")
    deals.sale(shop, "321.00", on=date(2026, 10, 6))
    deals.sale(shop, "123.00", on=date(2025, 11, 6))
    rollup.count_changes(today=date(2026, 10, 20))
    plans.line(found, shop, ship="5000.50", contacts=4)
    plans.line(found, clients.client(cast.manager2, name="Василёк"), cash=None)
    return found


def page(person, name, *args, **query):
    answer = signed_in(person).get(reverse(f"reports:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_grid_shows_the_past_beside_the_plan_and_only_own_lines(cast, plan):
    text = page(cast.manager, "plan_grid", plan.pk)
    for word in ("Фиалка", "5\u00a0000,50", 'data-was="5000.50"', "321,00", "123,00"):
        assert word in text
    assert "Василёк" not in text
    gaps = page(cast.sector_head, "plan_grid", plan.pk, gaps=1)
    assert "Василёк" in gaps
    assert "Фиалка" not in gaps
    assert "readonly" in page(cast.director, "plan_grid", plan.pk)


def test_the_page_of_a_plan_says_what_it_lacks(cast, plan):
    text = page(cast.department_head, "plan_detail", plan.pk)
    assert "50,00\u00a0%" in text
    report = signed_in(cast.department_head).get(
        reverse("reports:report", args=["plan_gaps"]), {"month": "2026-11"}
    )
    assert "Василёк" in report.content.decode()
    assert "Фиалка" not in report.content.decode()
    assert "50\u00a0%" in report.content.decode(), "complete of assigned"
    assert "5\u00a0000,50" in page(cast.manager, "plan_list", year=2026)
    buyer = plan.lines.get(client__name="Фиалка").client_id
    assert "5\u00a0000,50" in page(cast.manager, "client_plans", buyer)


def test_a_part_of_a_unit_is_called_so_and_is_not_held_against_the_whole(cast, plan):
    asked = Whose(unit_id=plan.org_unit_id)
    head, version = cast.department_head, plan.version
    set_target(plan.pk, asked, Wanted(ship=D(90_000)), by=head, version=version)
    whole = page(head, "plan_detail", plan.pk)
    assert format_money(D("90000") - D("5000.50"), symbol=False) in whole
    assert "показано менеджеров" not in whole
    own = page(cast.manager, "plan_detail", plan.pk)
    assert own.count("показано менеджеров: 1 из 2") == 2  # the sector and the department
    assert "осталось" not in own


def test_a_plan_in_force_is_not_called_closed_and_leads_to_what_came_of_it(cast, plan):
    assert "/plan-fact/?month" not in page(cast.manager, "plan_detail", plan.pk)
    plans.settle(plan, cast.director)
    for person, query in (
        (cast.manager, "?month=2026-11"),
        (cast.department_head, f"?month=2026-11&amp;unit={plan.org_unit_id}"),
    ):
        text = page(person, "plan_detail", plan.pk)
        assert "Зафиксирован" in text
        assert ">Закрыт<" not in text
        there = reverse("reports:plan_fact") + query
        assert f'href="{there}"' in text
        assert signed_in(person).get(there.replace("&amp;", "&")).status_code == 200


def test_pages_cost_the_same_for_one_line_and_for_many(cast, plan, django_assert_max_num_queries):
    for _number in range(30):
        plans.line(plan, clients.client(cast.manager))
    client = signed_in(cast.department_head)
    for name, most in (("plan_grid", 45), ("plan_detail", 60)):
        with django_assert_max_num_queries(most):
            client.get(reverse(f"reports:{name}", args=[plan.pk]))


def test_a_plan_goes_out_as_a_file_and_comes_in_again_once(cast, plan, capsys, tmp_path):
    answer = signed_in(cast.sector_head).get(reverse("reports:plan_file", args=[plan.pk]))
    own = b"".join(answer.streaming_content)
    code = plan.lines.get(client__name="Фиалка").client.code
    rows = [["Код", "Отгрузки", "Контакты"], [code, "777,25", 9], ["НЕТ-1", "1", 1]]
    options = ("--plan", str(plan.pk), "--by", "sector_head")
    for content, name, counts in (
        (own, "own.xlsx", (0, 2, 0)),
        (rows, "new.csv", (1, 0, 1)),
        (rows, "new.csv", (0, 1, 1)),
    ):
        told = imported(capsys, "import_plan", content, *options, tmp_path=tmp_path, name=name)
        assert (told["updated"], told["unchanged"], told["refused"]) == counts, told
    line = plan.lines.get(client__name="Фиалка")
    assert (line.ship, line.contacts, line.version) == (D("777.25"), 9, 2)


def test_less_than_the_norm_is_explained_and_judged_by_another(cast, plan):
    plans.settle(plan, cast.director)
    line = plan.lines.get(client__name="Фиалка")
    asked = {"manager_id": cast.manager.pk, "client_id": line.client_id, "by": cast.manager}
    with pytest.raises(RuleViolation):
        explain(plan.pk, reason="Рано", today=date(2026, 11, 30), **asked)
    over = date(2026, 12, 1)
    row = explain(plan.pk, reason="Склад закрыт", today=over, **asked)
    deny = {"version": row.version, "justified": False, "judgement": "Не убедили"}
    with pytest.raises(PermissionDenied):
        judge_explanation(row.pk, by=cast.manager, **deny)
    row = judge_explanation(row.pk, by=cast.sector_head, **deny)
    assert row.state == "refused"
    anew = asked | {"by": cast.sector_head}
    row = explain(plan.pk, reason="Склад закрыт, акт приложен", today=over, **anew)
    assert row.state == "written"
    accept = {"version": row.version, "justified": True, "judgement": ""}
    with pytest.raises(PermissionDenied):
        judge_explanation(row.pk, by=fresh(cast.sector_head), **accept)
    judge_explanation(row.pk, by=cast.department_head, **accept)
    assert PlanExplanation.objects.get().state == "justified"
    deals.sale(line.client, "5000.50", on=date(2026, 11, 9))
    with pytest.raises(RuleViolation):
        explain(plan.pk, reason="Ещё", today=over, **asked)


def test_the_dialog_of_an_explanation_names_plan_and_fact_to_whoever_explains(cast, plan):
    plans.settle(plan, cast.director)
    line = plan.lines.get(client__name="Фиалка")
    deals.sale(line.client, "250.00", on=date(2026, 11, 9))
    rollup.count_changes(today=date(2026, 11, 20))
    address = reverse("reports:plan_explain", args=[plan.pk])
    whose = {"manager": cast.manager.pk, "client": line.client_id}
    told = f"план {format_money(line.ship)}, факт {format_money(250)}"
    assert told in signed_in(cast.manager).get(address, whose).content.decode()
    other = signed_in(cast.manager2).get(address, whose)
    assert "факт 250" not in other.content.decode()
    refused = signed_in(cast.manager).post(address, whose | {"reason": " "})
    assert refused.status_code == 422
    assert told in refused.content.decode()
    row = explain(
        plan.pk, manager_id=cast.manager.pk, client_id=line.client_id, reason="Склад закрыт",
        by=cast.manager, today=date(2026, 12, 1),
    )  # fmt: skip
    judge = reverse("reports:plan_explanation_judge", args=[row.pk])
    page = signed_in(cast.sector_head).get(judge).content.decode()
    assert told in page
    assert "Склад закрыт" in page
    untouched = {"version": row.version, "justified": "", "judgement": ""}
    assert signed_in(cast.sector_head).post(judge, untouched).status_code == 422
    assert '<option value="" selected>' in page
    row.refresh_from_db()
    assert row.state == "written", "nobody has judged it by pressing Enter"


def test_my_day_asks_for_the_plan_of_a_client_until_it_is_handed_in(cast, plan):
    def asked():
        person = fresh(cast.manager2)
        day = my_day(person, person, contacts.at("2026-10-21 10:00"), show=20)
        return [
            reason.label
            for row in day.queue.rows
            for reason in row.reasons
            if reason.rule.code == "plan_gaps"
        ]

    assert len(asked()) == 1
    assert "23.10" in asked()[0]
    assert "tab=plans" in page(cast.manager2, "my_day")
    assert "23.10.2026" in page(cast.manager, "my_day_month"), "without gaps too"
    plan.parts.update(state="filled")
    assert asked() == []
    assert "23.10.2026" not in page(cast.manager, "my_day_month")
