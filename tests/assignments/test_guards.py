"""Every step of a work item is refused to others and on a stale page; the row is locked first."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied

from crm.assignments import actions
from crm.errors import RuleViolation, StaleVersion
from tests.factories import work
from tests.guarding import refused

TODAY = work.TODAY
DAY = timedelta(days=1)


def test_every_step_is_for_its_person_on_the_page_as_it_is(cast):
    table, on = "assignments_workitem", {"today": TODAY}

    def step(act, row, may, *others, **more):
        row.refresh_from_db()
        for person in others:
            by = {"by": person, "version": row.version, **more}
            refused(PermissionDenied, lambda by=by: act(row.pk, **by), table)
        stale = {"by": may, "version": row.version + 1, **more}
        refused(StaleVersion, lambda: act(row.pk, **stale), table)
        return act(row.pk, by=may, version=row.version, **more)

    author, executor = cast.manager, cast.lawyer
    others = (author, cast.sector_head, cast.director)
    row = work.item(author, executor, "help")
    step(actions.accept_work, row, executor, *others, **on)
    step(actions.answer_work, row, executor, *others, text="Вот", **on)
    back = {"reason": "Не то", "due_on": None, **on}
    others = (executor, cast.sector_head, cast.director)
    step(actions.return_work, row, author, *others, **back)
    later = {"due_on": TODAY + 20 * DAY, "feedback_due": None, "reason": "Ждём", **on}
    step(actions.postpone_work, row, author, *others, **later)
    to = {"executor": cast.accountant, "reason": "Ближе"}
    step(actions.hand_on_work, row, author, *others, **to)
    others = (author, cast.sector_head, cast.director)
    step(actions.report_action, row, cast.accountant, *others, text="Сделано", **on)
    others = (cast.accountant, cast.sector_head, cast.director)
    step(actions.resolve_work, row, author, *others, **on)
    second = work.item(author, executor, "help")
    step(actions.cancel_work, second, author, executor, cast.sector_head, reason="Не нужно")


def test_days_at_their_border_and_words_of_blanks(cast):
    by = {"by": cast.manager, "version": 1, "today": TODAY}
    row = work.item(cast.manager, cast.lawyer, "help", feedback_due=TODAY, due_on=TODAY)
    moved = {"feedback_due": None, "reason": "Ждём", **by}
    for wrong in (
        {"due_on": TODAY - DAY},
        {"due_on": TODAY, "feedback_due": TODAY + DAY},
        {"due_on": TODAY, "feedback_due": TODAY - DAY},
        {"due_on": TODAY, "reason": " "},
    ):
        args = moved | wrong
        refused(RuleViolation, lambda args=args: actions.postpone_work(row.pk, **args))
    given = work.item(cast.sector_head, cast.manager)  # no answer is due of it
    past = moved | {"due_on": TODAY - DAY, "by": cast.sector_head}
    refused(RuleViolation, lambda: actions.postpone_work(given.pk, **past))
    row = actions.postpone_work(row.pk, due_on=TODAY, **moved | {"feedback_due": TODAY})
    answer = {"by": cast.lawyer, "today": TODAY}
    refused(RuleViolation, lambda: actions.answer_work(row.pk, version=2, text=" ", **answer))
    refused(RuleViolation, lambda: actions.report_action(row.pk, version=2, text=" ", **answer))
    row = actions.answer_work(row.pk, version=2, text="Вот", **answer)
    back = {"reason": "Не то", "due_on": TODAY, **by, "version": 3}
    for wrong in ({"reason": " "}, {"due_on": TODAY - DAY}):
        args = back | wrong
        refused(RuleViolation, lambda args=args: actions.return_work(row.pk, **args))
    assert actions.return_work(row.pk, **back).due_on == TODAY
    sooner = work.answered(cast.manager, cast.lawyer, "help")
    back = back | {"version": 2, "due_on": TODAY + DAY}
    assert actions.return_work(sooner.pk, **back).feedback_due == TODAY + DAY
    cancel = {"by": cast.manager, "version": 4, "reason": " "}
    refused(RuleViolation, lambda: actions.cancel_work(row.pk, **cancel))
    proposal = work.item(cast.manager, cast.director, "proposal")
    report = {"by": cast.director, "version": 1, "text": "Ввели", "today": TODAY}
    refused(RuleViolation, lambda: actions.report_action(proposal.pk, **report))
    done = actions.report_action(proposal.pk, verdict="taken", **report)
    assert (done.answer, done.verdict, done.answered_on) == ("Ввели", "taken", TODAY)
    handed = {"by": cast.manager, "version": 1, "executor": cast.lawyer}
    other = work.item(cast.manager, cast.lawyer, "help")
    refused(RuleViolation, lambda: actions.hand_on_work(other.pk, **handed))
