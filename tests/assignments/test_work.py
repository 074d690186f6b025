"""Work items: who asks whom, the way with three flags, returns, other hands and days (CR-03)."""

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from crm.accounts.hooks import dismissal_refusals, unit_refusals
from crm.assignments import actions, permissions, tasks
from crm.assignments.actions.locking import ALREADY
from crm.assignments.models import WORK_MOVES, WorkItem, WorkKind, WorkState
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from crm.states import check_move
from tests.cast import everybody, fresh, signed_in
from tests.factories import accounts, work
from tests.factories import clients as client_factory

TODAY = work.TODAY
SOON, LATER = TODAY + timedelta(days=5), TODAY + timedelta(days=30)


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user__username", flat=True))


# --- the way --------------------------------------------------------------------------------------


def test_a_question_is_answered_acted_upon_and_found_solved_each_with_its_day(cast):
    asked = work.item(cast.manager, cast.accountant, "info_request")
    assert (asked.number[:3], asked.state, asked.first_due_on) == ("ЗД-", "new", asked.due_on)
    actions.accept_work(asked.pk, by=cast.accountant, version=1, today=TODAY)
    answer = {"text": "Вот сведения.", "today": SOON}
    actions.answer_work(asked.pk, by=cast.accountant, version=2, **answer)
    actions.report_action(asked.pk, by=cast.accountant, version=3, text="Исправила", today=SOON)
    actions.resolve_work(asked.pk, by=cast.manager, version=4, today=LATER)
    asked.refresh_from_db()
    days = (asked.accepted_on, asked.answered_on, asked.action_on, asked.resolved_on)
    assert days == (TODAY, SOON, SOON, LATER)
    assert (asked.state, asked.answer, asked.resolved_by) == (
        "resolved",
        "Вот сведения.",
        cast.manager,
    )
    assert told("work.entered") == told("work.resolved") == {"accountant"}
    assert told("work.answered") == told("work.action_taken") == {"manager"}


def test_an_answer_is_enough_for_a_question_and_not_for_an_instruction(cast):
    asked = work.answered(cast.manager, cast.lawyer, "help")
    assert permissions.can_resolve(cast.manager, asked)
    told_to = work.answered(cast.sector_head, cast.manager, "instruction")
    assert not permissions.can_resolve(cast.sector_head, told_to)
    with pytest.raises(PermissionDenied):
        actions.resolve_work(told_to.pk, by=cast.sector_head, version=2, today=TODAY)
    actions.report_action(told_to.pk, by=cast.manager, version=2, text="Сделал", today=TODAY)
    actions.resolve_work(told_to.pk, by=cast.sector_head, version=3, today=TODAY)


def test_a_return_takes_back_what_does_not_count_and_says_why(cast):
    made = work.done(cast.sector_head, cast.manager)
    back = {"reason": "Не по форме", "due_on": LATER, "today": TODAY}
    actions.return_work(made.pk, by=cast.sector_head, version=2, **back)
    made.refresh_from_db()
    assert (made.state, made.action_on, made.due_on) == ("returned", None, LATER)
    assert (made.answered_on, made.notes.get().text) == (TODAY, "Не по форме")
    asked = work.answered(cast.manager, cast.lawyer)
    back["due_on"] = None
    actions.return_work(asked.pk, by=cast.manager, version=2, **back)
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_on) == ("", None)
    actions.answer_work(asked.pk, by=cast.lawyer, version=3, text="Иначе", today=TODAY)


def test_a_proposal_needs_a_justification_and_the_recipients_word(cast):
    with pytest.raises(RuleViolation) as refusal:
        work.item(cast.manager, cast.director, "proposal", justification=" ")
    assert refusal.value.field == "justification"
    made = work.item(cast.manager, cast.director, "proposal")
    with pytest.raises(RuleViolation) as refusal:
        actions.answer_work(made.pk, by=cast.director, version=1, text="Да", today=TODAY)
    assert refusal.value.field == "verdict"
    word = {"text": "Вводим с января", "verdict": "partly", "today": TODAY}
    actions.answer_work(made.pk, by=cast.director, version=1, **word)
    assert work.fresh(made).verdict == "partly"


def test_every_pair_of_states_that_the_map_does_not_know_is_refused(cast):
    made = work.item(cast.sector_head, cast.manager)
    for state, target in product(WorkState.values, WorkState.values):
        made.state = state
        if target in WORK_MOVES[state]:
            check_move(made, WORK_MOVES, target, ALREADY)
            continue
        with pytest.raises(RuleViolation):
            check_move(made, WORK_MOVES, target, ALREADY)
    solved = work.solved(cast.sector_head, cast.manager)
    for step in (
        lambda: actions.accept_work(solved.pk, by=cast.manager, version=3, today=TODAY),
        lambda: actions.answer_work(solved.pk, by=cast.manager, version=3, text="x", today=TODAY),
        lambda: actions.cancel_work(solved.pk, by=cast.sector_head, version=3, reason="x"),
        lambda: actions.return_work(
            solved.pk, by=cast.sector_head, version=3, reason="x", due_on=None, today=TODAY
        ),
    ):
        with pytest.raises(RuleViolation):
            step()
    with pytest.raises(StaleVersion):
        actions.accept_work(made.pk, by=cast.manager, version=7, today=TODAY)


# --- whom one may address -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("author", "kind", "executors"),
    [
        ("manager", "instruction", ""),
        ("manager", "assignment", "manager"),
        ("sector_head", "instruction", "manager manager2"),
        ("department_head", "order", "manager manager2 sector_head"),
        ("stranger_head", "instruction", "stranger"),
    ],
)
def test_orders_and_instructions_go_downwards_only(cast, author, kind, executors):
    allowed = permissions.people_for(getattr(cast, author), kind)
    assert {person.username for person in allowed} == set(executors.split())


def test_heads_assign_work_to_anybody_who_is_not_above_them_and_directors_to_all(cast):
    people = set(everybody(cast))
    above = {"department_head", "director", "general_director"}
    names = {one.username for one in permissions.people_for(cast.sector_head, "assignment")}
    assert names == people - above
    allowed = permissions.people_for(cast.director, "instruction")
    assert {one.username for one in allowed} == people - {"director", "general_director"}
    asked = permissions.people_for(cast.manager, "help")
    assert {one.username for one in asked} == people - {"manager"}


def test_who_may_not_address_is_refused_and_nothing_is_entered(cast):
    with pytest.raises(PermissionDenied):
        work.item(cast.manager, cast.manager2, "instruction")
    for author, kind, to in (
        (cast.sector_head, "instruction", {"executor": cast.stranger}),
        (cast.sector_head, "order", {"unit": cast.department}),
        (cast.manager, "assignment", {"executor": cast.manager2}),
        (cast.manager, "help", {}),
        (cast.manager, "help", {"executor": cast.lawyer, "unit": cast.department}),
    ):
        with pytest.raises(RuleViolation) as refusal:
            work.item(author, kind=kind, **to)
        assert refusal.value.field == "addressee"
    assert not WorkItem.objects.exists()


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("help", {"due_on": TODAY - timedelta(days=1)}, "due_on"),
        ("help", {"feedback_due": None}, "feedback_due"),
        ("help", {"feedback_due": LATER}, "feedback_due"),
        ("help", {"feedback_due": TODAY - timedelta(days=1)}, "feedback_due"),
        ("help", {"title": " "}, "title"),
        ("order", {"order_number": ""}, "order_number"),
        ("order", {"order_on": None}, "order_on"),
    ],
)
def test_days_and_words_are_refused_at_their_field(cast, kind, changes, field):
    with pytest.raises(RuleViolation) as refusal:
        work.item(cast.department_head, cast.manager, kind, **changes)
    assert refusal.value.field == field


def test_the_table_itself_refuses_nonsense(cast):
    order = work.item(cast.department_head, cast.manager, "order")
    asked = work.answered(cast.manager, cast.lawyer)
    wrong = [
        (order, {"executor": None}),
        (order, {"order_number": ""}),
        (order, {"due_on": TODAY - timedelta(days=1)}),
        (order, {"state": "answered"}),
        (order, {"action_on": TODAY, "action": "x", "state": "action_taken"}),
        (order, {"feedback_due": TODAY}),
        (order, {"state": "cancelled"}),
        (asked, {"state": "resolved"}),
        (asked, {"feedback_due": None}),
        (asked, {"answer": ""}),
        (asked, {"action": "x"}),
        (order, {"answer": "x"}),
        (asked, {"state": "resolved", "resolved_on": TODAY, "resolved_by": cast.lawyer}),
        (asked, {"kind": "proposal"}),
    ]
    for made, values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkItem.objects.filter(pk=made.pk).update(**values)


# --- who sees, who does ---------------------------------------------------------------------------


def test_author_executor_heads_above_and_directors_see_it_nobody_else(cast):
    work.item(cast.manager, cast.accountant, "info_request")
    seen = {
        name for name, one in everybody(cast).items() if WorkItem.objects.visible_to(one).exists()
    }
    chiefs = {"sector_head", "department_head", "director", "general_director"}
    assert seen == {"manager", "accountant"} | chiefs


def test_what_a_unit_is_asked_its_head_takes_or_hands_on(cast):
    asked = work.item(cast.lawyer, kind="help", unit=cast.sector)
    assert told("work.entered") == {"sector_head"}
    assert not permissions.can_accept(cast.manager, asked)
    to = {"executor": cast.manager2, "reason": "Ближе к делу"}
    with pytest.raises(RuleViolation):
        actions.hand_on_work(
            asked.pk, by=cast.sector_head, version=1, executor=cast.stranger, reason=""
        )
    actions.hand_on_work(asked.pk, by=cast.sector_head, version=1, **to)
    assert told("work.handed_on") == {"manager2"}
    with pytest.raises(PermissionDenied):
        actions.accept_work(asked.pk, by=cast.sector_head, version=2, today=TODAY)
    actions.accept_work(asked.pk, by=cast.manager2, version=2, today=TODAY)
    mine = work.item(cast.lawyer, kind="help", unit=cast.sector)
    actions.accept_work(mine.pk, by=cast.sector_head, version=1, today=TODAY)
    assert work.fresh(mine).executor == cast.sector_head
    # A head who has to do it hands it on; whoever accepted is free again.
    actions.hand_on_work(mine.pk, by=cast.sector_head, version=2, executor=cast.manager)
    assert (work.fresh(mine).state, work.fresh(mine).accepted_on) == ("new", None)


def test_nobody_but_the_author_verifies_and_nobody_but_the_executor_answers(cast):
    made = work.done(cast.sector_head, cast.manager)
    for person in (cast.manager, cast.department_head, cast.director):
        with pytest.raises(PermissionDenied):
            actions.resolve_work(made.pk, by=person, version=2, today=TODAY)
    asked = work.item(cast.manager, cast.lawyer, "help")
    for person in (cast.manager, cast.director):
        with pytest.raises(PermissionDenied):
            actions.answer_work(asked.pk, by=person, version=1, text="x", today=TODAY)
    with pytest.raises(WorkItem.DoesNotExist):
        actions.answer_work(asked.pk, by=cast.stranger, version=1, text="x", today=TODAY)
    cast.sector_head.is_active = False
    cast.sector_head.save(update_fields=["is_active"])
    actions.resolve_work(made.pk, by=cast.department_head, version=2, today=TODAY)


def test_whoever_stands_in_answers_for_the_absent_person_but_never_verifies_own_work(cast):
    accounts.delegation(cast.manager, cast.manager2, first=TODAY, last=TODAY)
    stand_in = fresh(cast.manager2)
    made = work.item(cast.sector_head, cast.manager)
    actions.report_action(made.pk, by=stand_in, version=1, text="Сделал", today=TODAY)
    made.refresh_from_db()
    assert made.executor == cast.manager
    event = made.events.latest("pgh_id")
    assert event.pgh_context["on_behalf_of"] == cast.manager.pk
    mine = work.done(cast.sector_head, cast.manager)
    assert mine.events.latest("pgh_id").pgh_context.get("on_behalf_of") is None
    accounts.delegation(cast.sector_head, cast.manager2, first=TODAY, last=TODAY)
    units = work.item(cast.lawyer, kind="help", unit=cast.sector)
    actions.accept_work(units.pk, by=fresh(cast.manager2), version=1, today=TODAY)
    event = units.events.latest("pgh_id")
    assert event.pgh_context["on_behalf_of"] == cast.sector_head.pk
    own = work.done(cast.manager, cast.manager)
    with pytest.raises(PermissionDenied):
        actions.resolve_work(own.pk, by=stand_in, version=2, today=TODAY)


def test_another_day_keeps_the_first_one_and_a_withdrawn_one_its_reason(cast):
    made = work.item(cast.sector_head, cast.manager)
    move = {"due_on": LATER, "feedback_due": None, "reason": "Ждём склад", "today": TODAY}
    with pytest.raises(PermissionDenied):
        actions.postpone_work(made.pk, by=cast.manager, version=1, **move)
    first = made.due_on
    actions.postpone_work(made.pk, by=cast.sector_head, version=1, **move)
    made.refresh_from_db()
    assert (made.due_on, made.first_due_on) == (LATER, first)
    assert "Ждём склад" in made.notes.get().text
    actions.cancel_work(made.pk, by=cast.sector_head, version=2, reason="Не нужно")
    assert told("work.cancelled") == {"manager"}
    asked = work.item(cast.manager, cast.lawyer, "help")
    early = move | {"due_on": SOON, "feedback_due": LATER}
    with pytest.raises(RuleViolation) as refusal:
        actions.postpone_work(asked.pk, by=cast.manager, version=1, **early)
    assert refusal.value.field == "feedback_due"


def test_a_comment_is_told_to_the_other_side(cast):
    made = work.item(cast.manager, cast.lawyer, "help")
    actions.add_comment(made.pk, by=cast.lawyer, text="Какой договор?")
    actions.add_comment(made.pk, by=cast.department_head, text="Ускорьте")
    assert told("work.commented") == {"manager", "lawyer"}
    with pytest.raises(RuleViolation):
        actions.add_comment(made.pk, by=cast.lawyer, text="  ")
    with pytest.raises(WorkItem.DoesNotExist):
        actions.add_comment(made.pk, by=cast.stranger, text="Чужое")


def test_work_about_a_client_the_author_does_not_see_is_refused(cast):
    client = client_factory.client(cast.manager)
    about = ("client", client.pk)
    made = work.item(cast.manager, cast.lawyer, "help", subject=about)
    assert (made.client_id, made.subject_kind) == (client.pk, "client")
    with pytest.raises(RuleViolation):
        work.item(cast.stranger, cast.lawyer, "help", subject=about)
    with pytest.raises(RuleViolation):
        work.item(cast.manager, cast.lawyer, "help", subject=("nonsense", client.pk))


# --- the clock ------------------------------------------------------------------------------------


def test_overdue_is_what_is_not_done_or_not_answered_by_its_day(cast):
    undone = work.item(cast.sector_head, cast.manager, due_on=TODAY)
    unanswered = work.item(cast.manager, cast.lawyer, "help", feedback_due=TODAY)
    work.done(cast.sector_head, cast.manager, due_on=TODAY)
    work.answered(cast.manager, cast.lawyer, due_on=TODAY, feedback_due=TODAY)
    after = TODAY + timedelta(days=1)
    overdue = WorkItem.objects.overdue(after)
    assert set(overdue) == {undone, unanswered}
    assert not WorkItem.objects.overdue(TODAY).exists()
    by_row = {one for one in WorkItem.objects.all() if one.is_overdue(after)}
    assert by_row == set(overdue)


def test_heads_get_one_digest_a_day_of_what_is_overdue_in_their_reach(cast):
    yesterday = TODAY - timedelta(days=1)
    for _n in range(2):
        work.item(cast.sector_head, cast.manager, due_on=yesterday, today=yesterday)
    work.item(cast.stranger_head, cast.stranger, due_on=yesterday, today=yesterday)
    assert tasks.overdue_actions_digest(today=yesterday) == 0
    assert tasks.overdue_actions_digest(today=TODAY) == 2 * 5
    assert tasks.overdue_actions_digest(today=TODAY) == 0
    counts = Notice.objects.filter(kind="work.overdue_digest", channel="ui")
    found = {one.user.username: one.params for one in counts}
    assert found["department_head"] == {"count": 2, "which": f"{cast.manager.short_name} 2"}
    assert found["director"]["count"] == 3
    assert set(found) == {
        "sector_head", "department_head", "stranger_head", "director", "general_director"
    }  # fmt: skip


def test_reminders_go_out_once_before_the_day_and_after_an_answer_was_due(cast):
    work.item(cast.sector_head, cast.manager, due_on=TODAY)
    far = TODAY + timedelta(days=60)  # beyond any holidays
    work.item(cast.manager, cast.lawyer, "help", feedback_due=TODAY, due_on=far)
    assert tasks.remind_of_work(today=TODAY) == 4
    assert tasks.remind_of_work(today=TODAY) == 0
    assert tasks.remind_of_work(today=TODAY + timedelta(days=1)) == 4
    assert told("work.unanswered") == {"manager", "lawyer"}


def test_nobody_leaves_and_no_unit_closes_with_work_to_be_done(cast):
    work.item(cast.sector_head, cast.manager)
    (refusal,) = [one for one in dismissal_refusals(cast.manager) if "assignments" in one.url]
    assert signed_in(cast.director).get(refusal.url).status_code == 200
    work.item(cast.lawyer, kind="help", unit=cast.sector)
    assert [one for one in unit_refusals(cast.sector) if "assignments" in one.url]


def test_every_kind_may_be_entered_by_the_director(cast):
    for kind in WorkKind:
        assert work.item(cast.director, cast.department_head, kind).kind == kind
