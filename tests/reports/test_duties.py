"""My day says what waits beside the clients: reports, target tasks, sheets of pay, explanations."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.calendar import month_end
from reports.actions import plan_explanations
from reports.actions.rollup import count_changes
from reports.days.plans import previous
from reports.models import IncentiveSheet, ReportSubmission, TargetTask
from reports.queries.duties import duties_of
from tests.cast import everybody, fresh, signed_in
from tests.factories import accounts, clients, deals, incentives, leads, plans, submissions

D = Decimal
DAY = timedelta(days=1)
TODAY = timezone.localdate()
MONTH = previous(TODAY)


def page(person):
    return signed_in(fresh(person)).get(reverse("reports:my_day_duties")).content.decode()


def task(owner, due, state="set", **more):
    values = {"name": "Собрать анкеты", "weight": 100, "plan": 10, "unit": "шт."}
    made = TargetTask(
        month=due.replace(day=1), owner=owner, org_unit=owner.org_unit, due_on=due, state=state,
        created_by=owner, set_by=owner, set_at=timezone.now(), **values, **more,
    )  # fmt: skip
    made.save()
    return made


def test_reports_and_tasks_of_the_person_wait_with_their_days(cast):
    late = submissions.due(cast, TODAY - 2 * DAY)
    own = task(cast.sector_head, TODAY + 3 * DAY)
    task(cast.manager2, TODAY)
    text = page(cast.sector_head)
    assert str(late) in text
    assert f"срок был {late.due_on:%d.%m.%Y}" in text
    assert own.name in text
    assert f"до {own.due_on:%d.%m.%Y}" in text
    assert text.index(str(late)) < text.index(own.name)
    found = {
        name: (len(one.reports), len(one.tasks))
        for name, person in everybody(cast).items()
        if any((one := duties_of(fresh(person), TODAY)).__dict__.values())
    }
    assert found == {"sector_head": (1, 1), "manager2": (0, 1)}
    # Whoever stands in for the absent author hands the report in, and learns why it came back.
    accounts.delegation(cast.sector_head, cast.manager, first=TODAY, last=TODAY)
    assert [row.pk for row in duties_of(fresh(cast.manager), TODAY).reports] == [late.pk]
    rows = ReportSubmission.objects.filter(pk=late.pk)
    handed = {"first_submitted_on": TODAY, "late_days": 2}
    rows.update(state="submitted", **handed)
    assert "Отчёт сектора" not in page(cast.sector_head)
    rows.update(state="returned", return_reason="Нет причин", **handed)
    assert "Нет причин" in page(cast.sector_head)


def test_sheets_wait_for_those_who_read_and_decide_them(cast):
    sheet = incentives.sheet(cast.manager, superior=cast.department_head)
    other = incentives.sheet(cast.manager2, superior=cast.department_head)
    waiting = {
        name: (len(one.own_sheets), one.to_decide)
        for name, person in everybody(cast).items()
        if (one := duties_of(fresh(person), TODAY)).own_sheets or one.to_decide
    }
    assert waiting == {"department_head": (0, [(sheet.month, 2)])}
    assert "Решить 2 листа премирования" in page(cast.department_head)
    assert IncentiveSheet.objects.waiting_for(cast.department_head) == 2
    now = timezone.now()
    IncentiveSheet.objects.filter(pk=other.pk).update(
        state="approved", approved_by=cast.director, approved_at=now, decided_at=now,
        decided_by=cast.department_head, objection_until=TODAY + 3 * DAY,
    )  # fmt: skip
    assert [one.pk for one in duties_of(fresh(cast.manager2), TODAY).own_sheets] == [other.pk]
    text = page(cast.manager2)
    assert "или возразите" in text
    assert other.get_absolute_url() in text
    assert page(cast.manager).count("возразите") == 0


@pytest.fixture
def unfulfilled(cast):
    """The manager's plan of the month before was carried out by 89.99 %."""
    client = clients.client(cast.manager)
    plan = plans.plan(cast.department, month=MONTH)
    plans.line(plan, client, ship="10000", cash="0", active=0)
    deals.sale(client, "8999.00", on=month_end(MONTH.year, MONTH.month))
    return plans.settle(plan, cast.director)


def test_an_explanation_is_owed_below_the_norm_until_it_is_written_and_again_when_refused(
    cast, unfulfilled
):
    client = unfulfilled.lines.get().client
    assert [one.plan for one in duties_of(fresh(cast.manager), TODAY).explanations] == [unfulfilled]
    assert unfulfilled.get_absolute_url() in page(cast.manager)
    assert duties_of(fresh(cast.manager2), TODAY).explanations == []
    row = plan_explanations.explain(
        unfulfilled.pk, manager_id=cast.manager.pk, client_id=None, reason="Нет товара",
        by=cast.manager, today=TODAY,
    )  # fmt: skip
    assert duties_of(fresh(cast.manager), TODAY).explanations == []
    plan_explanations.judge_explanation(
        row.pk, by=cast.department_head, version=row.version, justified=False, judgement="Товар был"
    )
    assert "Товар был" in page(cast.manager)
    # By exactly 90 % nothing is owed.
    deals.sale(client, "1.00", on=month_end(MONTH.year, MONTH.month))
    count_changes(today=TODAY)
    assert duties_of(fresh(cast.manager), TODAY).explanations == []


def test_steps_with_leads_that_are_due_wait_for_their_manager(cast):
    leads.lead(cast.manager, name="ООО «Пора»", next_on=TODAY, next_step="Отвезти образцы")
    leads.lead(cast.manager, name="ООО «Позже»", next_on=TODAY + DAY)
    leads.lead(cast.manager2, name="ООО «Чужая»", next_on=TODAY)
    text = page(cast.manager)
    assert "ООО «Пора»: Отвезти образцы" in text
    assert "Позже" not in text
    assert "Чужая" not in text


def test_the_lines_cost_the_same_for_one_and_for_many(
    cast, unfulfilled, django_assert_max_num_queries
):
    url = reverse("reports:my_day_duties")
    for times in range(2):
        browser = signed_in(fresh(cast.manager))
        with django_assert_max_num_queries(12):
            assert unfulfilled.get_absolute_url() in browser.get(url).content.decode()
        if not times:
            first = submissions.definition(code="own", author_role="manager")
            for number in range(5):
                task(cast.manager, TODAY + number * DAY)
            submissions.due(cast, author=cast.manager, definition=first)
            plans.line(plans.plan(cast.other_department, month=MONTH), clients.client(cast.manager))


def test_my_day_loads_the_lines_for_oneself_alone(cast):
    url = reverse("reports:my_day_duties")
    assert url in signed_in(cast.manager).get(reverse("reports:my_day")).content.decode()
    other = {"manager": cast.manager.pk}
    seen = signed_in(cast.sector_head).get(reverse("reports:my_day"), other)
    assert url not in seen.content.decode()
