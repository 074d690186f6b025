"""Two people at one piece of work at the same moment: one write counts, the other is told."""

import pytest

from crm.assignments import actions
from crm.errors import StaleVersion
from tests.approvals.racing import failures, race
from tests.factories import work

TODAY = work.TODAY


@pytest.fixture
def cast(committed_db):
    from tests.cast import assemble

    return assemble()


def test_two_answers_at_once_leave_one_and_two_verdicts_one(cast):
    asked = work.item(cast.lawyer, kind="help", unit=cast.sector)
    before = {"by": cast.sector_head, "version": 1, "today": TODAY}
    results = race(
        *(lambda text=text: actions.answer_work(asked.pk, text=text, **before) for text in "AB")
    )
    assert [type(one) for one in failures(results)] == [StaleVersion]
    (kept,) = [one for one in results if not isinstance(one, Exception)]
    assert (work.fresh(asked).answer, work.fresh(asked).version) == (kept.answer, 2)
    after = {"by": cast.lawyer, "version": 2, "today": TODAY}
    results = race(
        lambda: actions.resolve_work(asked.pk, **after),
        lambda: actions.return_work(asked.pk, reason="Не то", due_on=None, **after),
    )
    assert [type(one) for one in failures(results)] == [StaleVersion]
    assert work.fresh(asked).version == 3


def test_numbers_are_taken_once_each(cast):
    results = race(*(lambda: work.item(cast.manager, cast.lawyer, "help") for _n in range(4)))
    assert not failures(results)
    assert len({one.number for one in results}) == 4
