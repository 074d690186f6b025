"""Target tasks: set by weight, reported, accepted by another; who may what."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from reports.actions import targets as actions
from reports.models import TARGET_MOVES, TargetTask
from reports.queries.kpi import result_of
from tests.cast import signed_in

D = Decimal
MONTH, TODAY = date(2026, 11, 1), date(2026, 11, 10)


def draft(owner, by, weight="100", **more):
    facts = {"name": "Собрать листы", "plan": D(20), "unit": "шт.", "due_on": date(2026, 11, 27)}
    task = actions.Task(weight=D(weight), **(facts | more))
    return actions.draw_up_task(owner.pk, MONTH, task, by=by, today=TODAY)


def reported(owner, by, fact="18", **more):
    (row,) = actions.set_tasks(draft(owner, by, **more).pk, by=by, version=1)
    return actions.report_task(
        row.pk, by=owner, version=row.version, fact=D(fact), evidence="Листы в папке отдела"
    )


def test_tasks_go_from_a_draft_to_what_counts(cast):
    head, owner = cast.department_head, cast.manager
    first, second = draft(owner, head, "60"), draft(owner, head, "30")
    with pytest.raises(RuleViolation, match="90,00"):
        actions.set_tasks(first.pk, by=head, version=1)
    assert not TargetTask.objects.visible_to(owner).exists()  # drafts are the setter's own
    actions.edit_task(second.pk, actions.Task("Выкладка", D(40), D(60), "шт.", date(2026, 11, 27)),
                      by=head, version=1, today=TODAY)  # fmt: skip
    with pytest.raises(StaleVersion):
        actions.set_tasks(second.pk, by=head, version=1)
    assert len(actions.set_tasks(second.pk, by=head, version=2)) == 2
    assert Notice.objects.filter(kind="target.set", user=owner, channel="ui").count() == 1
    first.refresh_from_db()
    row = actions.report_task(first.pk, by=owner, version=first.version, fact=D(15), evidence="Акт")
    with pytest.raises(RuleViolation, match=r"\w"):
        actions.return_task(row.pk, by=head, version=row.version, comment=" ")
    row = actions.return_task(row.pk, by=head, version=row.version, comment="Нет подписи")
    row = actions.report_task(row.pk, by=owner, version=row.version, fact=D(18), evidence="Акт 2")
    row = actions.accept_task(row.pk, by=head, version=row.version)
    assert (row.state, str(row.completion_percent)) == ("accepted", "90.00")
    assert result_of(TargetTask.objects.counted()) == D("54.00")  # the other is not reported yet
    assert actions.close_tasks(MONTH) == 1
    row.refresh_from_db()
    assert row.state == "closed"
    with pytest.raises(RuleViolation):
        draft(owner, head, due_on=date(2026, 10, 1))


def test_nobody_sets_or_accepts_what_is_their_own_or_of_another_department(cast):
    row = reported(cast.manager, cast.department_head)
    for person in (cast.manager, cast.sector_head, cast.general_director):
        with pytest.raises(PermissionDenied):
            actions.accept_task(row.pk, by=person, version=row.version)
    with pytest.raises(TargetTask.DoesNotExist):
        actions.accept_task(row.pk, by=cast.stranger_head, version=row.version)
    for owner, by in (
        (cast.department_head, cast.department_head),
        (cast.stranger, cast.department_head),
        (cast.manager, cast.sector_head),
        (cast.accountant, cast.director),
    ):
        with pytest.raises(PermissionDenied):
            draft(owner, by)
    own = reported(cast.department_head, cast.director)
    with pytest.raises(PermissionDenied):
        actions.accept_task(own.pk, by=cast.department_head, version=own.version)
    with pytest.raises(PermissionDenied):
        actions.report_task(own.pk, by=cast.director, version=own.version, fact=D(1), evidence="x")


@pytest.mark.parametrize("state", TARGET_MOVES)
def test_a_task_goes_only_where_its_map_lets_it(cast, state):
    row = reported(cast.manager, cast.department_head)
    if state in {"returned", "accepted", "closed"}:
        actions._judge(row.pk, "returned" if state == "returned" else "accepted",
                       by=cast.department_head, version=row.version, comment="-")  # fmt: skip
        actions.close_tasks(MONTH) if state == "closed" else None
    elif state != "reported":
        blank = {"reported_at": None, "evidence": "", "fact": 0}
        unset = {"set_by": None, "set_at": None} if state in {"draft", "dropped"} else {}
        TargetTask.objects.filter(pk=row.pk).update(state=state, **blank, **unset)
    row.refresh_from_db()
    assert row.state == state
    head, owner, version = cast.department_head, cast.manager, row.version
    moves = {
        "set": lambda: actions.set_tasks(row.pk, by=head, version=version),
        "dropped": lambda: actions.drop_task(row.pk, by=head, version=version),
        "reported": lambda: actions.report_task(
            row.pk, by=owner, version=version, fact=D(1), evidence="x"),
        "accepted": lambda: actions.accept_task(row.pk, by=head, version=version),
        "returned": lambda: actions.return_task(row.pk, by=head, version=version, comment="x"),
    }  # fmt: skip
    for target in set(moves) - TARGET_MOVES[state]:
        with pytest.raises((RuleViolation, TargetTask.DoesNotExist)):
            moves[target]()
    row.refresh_from_db()
    assert (row.state, row.version) == (state, version)


def test_the_pages_draw_up_report_and_accept(cast):
    head, owner = signed_in(cast.department_head), signed_in(cast.manager)
    today = timezone.localdate()
    sent = {"owner": cast.manager.pk, "month": f"{today:%Y-%m}", "name": "Новые клиенты В"}
    sent |= {"weight": "100", "plan": "5", "unit": "клиентов", "due_on": f"{today}"}
    assert head.post(reverse("reports:target_create"), sent).status_code == 302
    wrong = head.post(reverse("reports:target_create"), sent | {"weight": "0", "plan": "0"})
    assert wrong.status_code == 422
    row = TargetTask.objects.get()
    assert owner.get(row.get_absolute_url()).status_code == 404
    head.post(reverse("reports:target_set", args=[row.pk]), {"version": 1})
    page = owner.get(row.get_absolute_url()).content.decode()
    assert reverse("reports:target_report", args=[row.pk]) in page
    facts = {"version": 2, "fact": "6", "evidence": "Пять договоров"}
    assert owner.post(reverse("reports:target_report", args=[row.pk]), facts).status_code == 302
    stale = owner.post(reverse("reports:target_report", args=[row.pk]), facts)
    assert stale.status_code in {409, 422}
    head.post(reverse("reports:target_accept", args=[row.pk]), {"version": 3, "comment": ""})
    row.refresh_from_db()
    assert (row.state, row.completion) == ("accepted", D(100))
    assert "Новые клиенты В" in head.get(reverse("reports:target_list")).content.decode()


def test_owners_are_reminded_once(cast):
    actions.set_tasks(draft(cast.manager, cast.director).pk, by=cast.director, version=1)
    assert actions.remind_of_tasks(today=date(2026, 11, 23)) == 0
    assert actions.remind_of_tasks(today=date(2026, 11, 25))
    assert actions.remind_of_tasks(today=date(2026, 11, 26)) == 0
    assert actions.remind_of_tasks(today=date(2026, 11, 28))
