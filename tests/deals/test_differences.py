"""The client's statement against our act, and the protocol of differences (DL-12, REC-2)."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from threading import Event

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from crm.errors import RuleViolation, StaleVersion
from crm.files.models import Attachment
from crm.imports.reading import Unreadable
from crm.notices.models import Notice
from deals.act_comparing import Compared, words_of
from deals.actions import acts
from deals.actions import differences as actions
from deals.comparing.pairing import compare
from deals.comparing.records import Statement, total
from deals.models import DISCREPANCY_MOVES, ClientStatement, Discrepancy, DiscrepancyState
from tests.approvals.racing import failures, race, somebody_waits_for_a_row
from tests.cast import assemble, fresh
from tests.deals import filled_acts, noisy_statements
from tests.factories import reconciliations, statements
from tests.standing import standing

D = Decimal
TODAY = reconciliations.TODAY
ROWS = Discrepancy.objects
XLSX = "Сверка за октябрь.xlsx"


@standing
def act(cast):
    return statements.act(cast.manager)


def compared(act, by, rows=statements.THEIRS, name=XLSX):
    content = statements.as_xlsx(rows) if isinstance(rows, list) else rows
    return actions.compare_statement(act.pk, by=by, name=name, content=content, today=TODAY)


def state_of(act):
    act.item.refresh_from_db()
    return act.item.state


def settled(row, cast, verdict="theirs_wrong"):
    """The whole way of a difference; our books are put right by the accountant."""
    row.refresh_from_db()
    who = cast.accountant if verdict == "ours_wrong" else cast.manager
    steps = (
        lambda row: actions.decide(
            row.pk, by=cast.manager, version=row.version, verdict=verdict, resolution="Нашли УПД"
        ),
        lambda row: actions.correct(row.pk, by=who, version=row.version),
        lambda row: actions.close(row.pk, by=cast.manager, version=row.version),
    )
    for step in steps:
        row = step(row)
    return row


def test_from_their_file_to_a_signed_act(cast, act):
    statement = compared(act, cast.manager)
    sizes = {name: len(rows) for name, rows in statement.verdicts.items()}
    assert sizes == {
        "matched": 3, "different_amount": 1, "missing_with_us": 0, "missing_with_them": 1,
    }  # fmt: skip
    assert statement.attachment.owner_id == act.pk
    slip, missing = ROWS.order_by("day")
    assert (slip.kind, slip.our_amount, slip.their_amount) == (
        "different_amount", D("512999.25"), D("512999.52"),
    )  # fmt: skip
    assert (missing.kind, missing.our_amount, missing.their_amount) == (
        "missing_with_them", D("50000.00"), None,
    )  # fmt: skip
    assert slip.our_line == act.lines.get(number="I3")
    assert "512 999,52" in words_of(slip.suggestion).replace("\xa0", " ")
    assert (slip.responsible, slip.due_on) == (cast.manager, date(2026, 11, 17))
    assert D(statement.read["closing"]) == D("732999.52")
    assert state_of(act) == "discrepancy"
    act.refresh_from_db()
    assert act.returned_on == TODAY
    signature = acts.Signature(TODAY, "Иванов И. И.", "Директор", "director")
    with pytest.raises(PermissionDenied):
        acts.sign_act(
            act.item_id, signature, by=cast.manager, version=act.item.version, today=TODAY
        )
    settled(slip, cast)
    assert state_of(act) == "discrepancy"
    settled(missing, cast, "ours_wrong")
    assert state_of(act) == "resolved"
    acts.sign_act(act.item_id, signature, by=cast.manager, version=act.item.version, today=TODAY)
    assert state_of(act) == "signed"
    with pytest.raises(PermissionDenied):
        compared(act, cast.manager)


def test_another_file_replaces_what_nobody_has_touched(cast, act):
    content = statements.as_xlsx(statements.THEIRS)
    first = compared(act, cast.manager, content)
    again = compared(act, cast.accountant, content)
    assert again.attachment == first.attachment, "the same bytes are kept once"
    slip, missing = ROWS.order_by("day")
    assert {slip.statement, missing.statement} == {again}
    slip = actions.take_up(slip.pk, by=cast.manager, version=slip.version)
    other = [*statements.THEIRS]
    other[4] = ["22.10.2026", "Списание с расчётного счёта", "30 000,01", ""]
    third = compared(act, cast.manager, other)
    assert not ROWS.filter(pk=missing.pk).exists()
    slip.refresh_from_db()
    assert (slip.state, slip.statement) == ("investigating", third)
    assert ROWS.filter(day=slip.day).count() == 1, "found once more, noted once"
    compared(act, cast.manager, statements.agreeing())
    assert list(ROWS.all()) == [slip], "what people work on is theirs to close"
    settled(slip, cast)
    assert state_of(act) == "resolved"
    compared(act, cast.manager, statements.agreeing())
    assert state_of(act) == "resolved"
    compared(act, cast.manager)
    assert ROWS.filter(day=slip.day).count() == 2, "closed, and found in another file again"
    assert state_of(act) == "discrepancy"


def test_two_people_at_once_and_the_second_takes_the_place_of_the_first(committed_db):
    """Watched in pg_locks: the second waits for the item, and makes no difference twice."""
    cast = assemble()
    act = statements.act(cast.manager)
    content = statements.as_xlsx(statements.THEIRS)
    waited, is_held = [], Event()

    def first():
        with transaction.atomic():
            compared(act, fresh(cast.manager), content)
            is_held.set()
            waited.append(somebody_waits_for_a_row("deals_reconciliationitem"))

    def second():
        assert is_held.wait(20)
        compared(act, fresh(cast.accountant), content)

    assert failures(race(first, second)) == []
    assert waited == [True]
    assert ClientStatement.objects.count() == 2
    assert ROWS.count() == 2
    assert state_of(act) == "discrepancy"


def test_the_same_file_does_not_open_again_what_was_closed(cast, act):
    content = statements.as_xlsx(statements.THEIRS)
    compared(act, cast.manager, content)
    for row in ROWS.all():
        settled(row, cast)
    compared(act, cast.manager, content)
    assert ROWS.unresolved().count() == 0
    assert state_of(act) == "resolved"
    by = {"by": cast.manager, "version": act.item.version, "today": TODAY}
    acts.make_act(act.item_id, first=statements.OCTOBER, **by)
    act.item.refresh_from_db()
    by["version"] = act.item.version
    acts.send_act(act.item_id, channel="paper", sent_to="", on=TODAY, **by)
    compared(act, cast.manager, content)
    assert ROWS.unresolved().count() == 2, "it answers a newer text"


def test_a_file_that_agrees_leaves_the_act_to_be_signed(cast, act):
    compared(act, cast.manager, statements.agreeing())
    assert not ROWS.exists()
    assert state_of(act) == "sent"


def test_balances_alone_make_differences_and_an_open_file_says_its_own(cast, act):
    rows = statements.agreeing()
    rows[0] = ["", "Сальдо начальное", "", "730 000,75"]
    rows[-1] = ["", "Сальдо конечное", "", "782 549,20"]
    content = filled_acts.csv([filled_acts.HEADER, *rows])
    statement = compared(act, cast.manager, content, name="акт.csv")
    assert (statement.attachment.name, statement.attachment.format) == ("акт.csv", "csv")
    opening, beyond = ROWS.order_by("pk")
    assert (opening.text, opening.our_amount - opening.their_amount) == (
        "Сальдо начальное", D("450.00"),
    )  # fmt: skip
    assert (beyond.kind, beyond.their_amount) == ("missing_with_us", D("-0.05"))
    assert act.closing - D(statement.read["closing"]) == D("450.05")
    assert "730" in words_of(opening.suggestion)


@pytest.mark.parametrize("seed", range(12))
def test_differences_add_up_to_the_difference_of_the_balances(seed):
    made, rng = noisy_statements.noisy(seed, size=60, share=0.2), random.Random(seed)
    opening = D(rng.randint(-(10**9), 10**9)) / 100
    said = {
        "opening": rng.choice([None, opening, opening + D("0.01")]),
        "closing": rng.choice([None, D(rng.randint(-(10**9), 10**9)) / 100]),
    }
    theirs = Statement(tuple(made.theirs), **said)
    closing = opening + total(tuple(made.ours))
    found = compare(made.ours, theirs.lines, days=5)
    result = Compared(opening, closing, date(2026, 1, 1), theirs, found)
    told = sum((one.value for one in result.differences), D(0))
    assert told == closing - result.their_closing
    if said["closing"] is not None:
        assert result.their_closing == said["closing"]


def test_files_that_lie_are_refused_and_leave_nothing(cast, act):
    table = statements.as_xlsx(statements.THEIRS)
    for name, content in (
        ("act.exe.xlsx", table), ("act.docx", table), ("act.pdf", table), ("act.xlsx", b"%PDF-1.7"),
        ("act.xlsx", b"PK\x03\x04" + b"\0" * 300), ("act.csv", b"\0\1\2" * 99), ("act.csv", b""),
        ("act.pdf", filled_acts.picture_in_pdf()), ("act.xlsx", filled_acts.xlsx([["Нет"]])),
    ):  # fmt: skip
        with pytest.raises(Unreadable):
            compared(act, cast.manager, content, name=name)
    for name in ("act.exe.xlsx", "act.docx"):  # by its name, before it is read
        with pytest.raises(Unreadable, match="XLSX"):
            compared(act, cast.manager, table, name=name)
    with pytest.raises(PermissionDenied):
        compared(act, cast.lawyer, table)
    assert not ClientStatement.objects.exists()
    assert not Attachment.objects.exists()
    assert state_of(act) == "sent"


def test_an_objection_by_hand_disputes_the_act_once(cast, act):
    objection = actions.Objection("Не учтён возврат брака", date(2026, 10, 28), None, D("-900"))
    row = actions.add_difference(act.pk, objection, by=cast.manager, today=TODAY)
    assert (row.kind, state_of(act)) == ("objection", "discrepancy")
    with pytest.raises(RuleViolation):
        actions.add_difference(act.pk, objection, by=cast.manager, today=TODAY)
    with pytest.raises(RuleViolation):
        actions.add_difference(act.pk, replace(objection, text=" "), by=cast.manager, today=TODAY)
    compared(act, cast.manager, statements.agreeing())
    assert list(ROWS.all()) == [row], "a file does not touch what was noted by hand"
    for verdict, why in (("corrected", "x"), ("ours_wrong", " ")):
        with pytest.raises(RuleViolation):
            actions.decide(row.pk, by=cast.manager, version=1, verdict=verdict, resolution=why)


def test_who_settles_what(cast, act):
    compared(act, cast.manager)
    row, other = ROWS.order_by("day")
    for person in (cast.lawyer, cast.director):
        with pytest.raises(PermissionDenied):
            compared(act, person)
        with pytest.raises(PermissionDenied):
            actions.take_up(row.pk, by=person, version=1)
    for person in (cast.manager2, cast.stranger):
        with pytest.raises(Discrepancy.DoesNotExist):
            actions.take_up(row.pk, by=person, version=1)
    with pytest.raises(StaleVersion):
        actions.take_up(row.pk, by=cast.manager, version=9)
    row = actions.decide(
        row.pk, by=cast.sector_head, version=1, verdict="ours_wrong", resolution="Ошибка в УПД"
    )
    with pytest.raises(PermissionDenied):
        actions.correct(row.pk, by=cast.department_head, version=row.version)
    assert actions.correct(row.pk, by=cast.accountant, version=row.version).state == "corrected"
    due = date(2026, 11, 30)
    more = {"version": 1, "due_on": due, "today": TODAY}
    for person in (cast.stranger, cast.lawyer):
        with pytest.raises(RuleViolation):
            actions.reassign(other.pk, by=cast.manager, responsible_id=person.pk, **more)
    with pytest.raises(RuleViolation):
        actions.reassign(
            other.pk, by=cast.manager, responsible_id=cast.accountant.pk,
            **more | {"due_on": date(2026, 11, 1)},
        )  # fmt: skip
    rested = more | {"version": Discrepancy.objects.get(pk=row.pk).version}
    with pytest.raises(RuleViolation):
        actions.reassign(row.pk, by=cast.manager, responsible_id=cast.accountant.pk, **rested)
    actions.reassign(other.pk, by=cast.manager, responsible_id=cast.accountant.pk, **more)
    other.refresh_from_db()
    assert (other.responsible, other.due_on) == (cast.accountant, due)
    assert Notice.objects.filter(kind=actions.ASSIGNED, user=cast.accountant).exists()
    compared(act, cast.manager)
    assert ROWS.filter(pk=other.pk).exists(), "somebody was named: it stays"


def test_no_open_difference_is_signed_over_whatever_the_state_says(cast, act):
    ROWS.create(act=act, kind="objection", text="Спор")
    signature = acts.Signature(TODAY, "Иванов И. И.", "Директор", "director")
    version = act.item.version
    with pytest.raises(RuleViolation):
        acts.sign_act(act.item_id, signature, by=cast.manager, version=version, today=TODAY)
    assert state_of(act) == "sent"


def test_every_forbidden_step_is_refused(cast, act):
    actions.add_difference(act.pk, actions.Objection("Спор"), by=cast.manager, today=TODAY)
    row = ROWS.get()

    def step(to):
        more = {"by": cast.accountant, "version": row.version}
        return {
            "investigating": lambda: actions.take_up(row.pk, **more),
            "ours_wrong": lambda: actions.decide(
                row.pk, verdict="ours_wrong", resolution="Да", **more
            ),
            "theirs_wrong": lambda: actions.decide(
                row.pk, verdict="theirs_wrong", resolution="Да", **more
            ),
            "corrected": lambda: actions.correct(row.pk, **more),
            "closed": lambda: actions.close(row.pk, **more),
        }[to]

    for state in DiscrepancyState:
        closed = {"closed_at": "2026-11-02T10:00Z"} if state == "closed" else {}
        ROWS.filter(pk=row.pk).update(state=state, resolution="Да", **closed)
        for to in set(DiscrepancyState) - DISCREPANCY_MOVES[state] - {DiscrepancyState.OPEN}:
            with pytest.raises((RuleViolation, PermissionDenied)):
                step(to)()
