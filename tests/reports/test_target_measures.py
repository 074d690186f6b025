"""Target tasks that are counted by themselves: registration sheets of those due."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clients.models import RegistrationSheet
from crm.errors import RuleViolation
from crm.notices.models import Notice
from reports.actions import targets as actions
from reports.models import TargetTask
from reports.queries.duties import tasks_due
from tests.cast import fresh, signed_in
from tests.factories import clients, registration

D = Decimal
MONTH, TODAY, DUE = date(2026, 11, 1), date(2026, 11, 10), date(2026, 11, 27)


@pytest.fixture
def sheets(cast):
    """Four sheets of the manager, one of the other manager of the sector, all due in December."""
    owners = [cast.manager] * 4 + [cast.manager2]
    return [registration.empty_sheet(clients.client(who), date(2026, 12, 1)) for who in owners]


def hand_in(sheet, on, *, approved=None):
    """The sheet is whole and handed in; approved on a day."""
    facts = {"state": "submitted", "filled_count": 1, "completeness_pct": 100}
    facts |= {"first_submitted_on": on, "submitted_at": at(on), "submitted_by": sheet.manager}
    if approved:
        facts |= {
            "state": "approved",
            "decided_at": at(approved),
            "decided_by": sheet.campaign.author,
        }
    RegistrationSheet.objects.filter(pk=sheet.pk).update(**facts)


def at(day):
    return timezone.make_aware(datetime.combine(day, time(12)))


def task(owner, by, *, measure="sheets_submitted", plan="80", weight="100"):
    wanted = actions.Task("Листы", D(weight), D(plan), "шт.", DUE, measure)
    row = actions.draw_up_task(owner.pk, MONTH, wanted, by=by, today=TODAY)
    (row,) = actions.set_tasks(row.pk, by=by, version=row.version)
    row.refresh_from_db()
    return row


def test_the_sheets_handed_in_by_the_day_count_and_the_links_lead_to_them(cast, sheets):
    hand_in(sheets[0], date(2026, 11, 9))
    row = task(cast.manager, cast.department_head)
    assert (row.fact, row.unit) == (D(25), "%")
    assert row.evidence.startswith("1 из 4")
    hand_in(sheets[1], DUE)
    hand_in(sheets[2], DUE + timedelta(days=1))  # after the day of the task
    hand_in(sheets[4], DUE)  # another's
    assert actions.count_tasks(today=date(2026, 11, 26)) == 1
    assert actions.count_tasks(today=date(2026, 11, 26)) == 0
    row.refresh_from_db()
    assert (row.fact, row.completion, row.state) == (D(50), D("62.5"), "set")
    assert row.evidence.startswith("2 из 4")
    head = signed_in(cast.department_head)
    page = head.get(row.get_absolute_url())
    counted = page.context["page"].counted
    assert (counted.done, counted.due) == (2, 4)
    for url, number in ((counted.url, 2), (counted.due_url, 4)):
        assert url.replace("&", "&amp;") in page.content.decode()
        content = head.get(url).content.decode()
        names = [one.client.name for one in sheets if one.client.name in content]
        assert len(names) == number, url
    history = head.get(reverse("reports:target_history", args=[row.pk])).content.decode()
    assert "Факт целевой задачи подсчитан" in history


def test_approved_ones_of_the_whole_unit_count_for_its_head(cast, sheets):
    for sheet, day in zip(sheets, (26, 27, 28, None, 20), strict=True):
        on = day and date(2026, 11, day)
        hand_in(sheet, date(2026, 11, 20), approved=on)
    row = task(cast.sector_head, cast.director, measure="sheets_approved")
    assert row.fact == D(60)  # 26th, 27th and the other manager's; the 28th is too late
    assert task(cast.manager, cast.director, measure="sheets_approved").fact == D(50)


def test_the_clock_reports_when_the_day_is_over_and_another_still_accepts(cast, sheets):
    hand_in(sheets[0], TODAY)
    row = task(cast.manager, cast.department_head)
    assert tasks_due(fresh(cast.manager)) == []
    assert actions.remind_of_tasks(today=DUE) == 0
    with pytest.raises(RuleViolation):
        actions.report_task(row.pk, by=cast.manager, version=row.version, fact=D(100), evidence="я")
    assert actions.count_tasks(today=DUE) == 0
    assert actions.count_tasks(today=DUE + timedelta(days=30)) == 1  # after an outage too
    assert actions.count_tasks(today=DUE + timedelta(days=30)) == 0
    row.refresh_from_db()
    assert (row.state, row.fact, row.evidence[:6]) == ("reported", D(25), "1 из 4")
    assert Notice.objects.filter(kind="target.reported", user=cast.department_head).exists()
    with pytest.raises(PermissionDenied):
        actions.accept_task(row.pk, by=cast.manager, version=row.version)
    row = actions.return_task(
        row.pk, by=cast.department_head, version=row.version, comment="Где остальные?"
    )
    assert tasks_due(fresh(cast.manager)) == [row]
    hand_in(sheets[1], DUE)
    owner = signed_in(cast.manager)
    url = reverse("reports:target_report", args=[row.pk])
    assert 'name="fact"' not in owner.get(url).content.decode()
    assert owner.post(url, {"version": row.version, "evidence": "Ещё один"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.fact) == ("reported", D(50))
    assert row.evidence.splitlines()[1] == "Ещё один"
    head, accept = signed_in(cast.department_head), reverse("reports:target_accept", args=[row.pk])
    head.post(accept, {"version": row.version, "comment": ""})
    hand_in(sheets[2], DUE)
    actions.count_tasks(today=DUE + timedelta(days=31))
    row.refresh_from_db()
    assert (row.state, row.fact) == ("accepted", D(50)), "what was accepted stays"


def test_the_form_plans_in_per_cent(cast):
    head, today = signed_in(cast.department_head), timezone.localdate()
    url = reverse("reports:target_create")
    sent = {"owner": cast.manager.pk, "month": f"{today:%Y-%m}", "name": "Листы", "weight": "100",
            "unit": "шт.", "due_on": f"{today}", "measure": "sheets_approved"}  # fmt: skip
    wrong = head.post(url, sent | {"plan": "101"})
    assert (wrong.status_code, "plan" in wrong.context["form"].errors) == (422, True)
    assert head.post(url, sent | {"plan": "90", "measure": "mood"}).status_code == 422
    assert head.post(url, sent | {"plan": "90"}).status_code == 302
    row = TargetTask.objects.get()
    assert (row.unit, row.measure) == ("%", "sheets_approved")
    edit = head.get(reverse("reports:target_edit", args=[row.pk])).content.decode()
    assert 'value="sheets_approved" selected' in edit
    with (
        pytest.raises(IntegrityError, match="target_task_measured_in_percent"),
        transaction.atomic(),
    ):
        TargetTask.objects.filter(pk=row.pk).update(plan=120)
