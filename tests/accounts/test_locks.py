"""Two people at the same moment: who waits for whom, watched in pg_locks."""

import threading
import time
from contextlib import contextmanager

import pytest
from django.db import connection, connections, transaction

from crm.accounts import actions
from crm.accounts.models import OrgUnit, Role, User
from crm.errors import RuleViolation
from tests.cast import assemble, fresh
from tests.factories import accounts

PATIENCE = 10


@pytest.fixture
def committed(committed_db):
    """The cast in a database of its own, seen by every connection."""
    return assemble()


def waiting():
    """How many sessions wait for a lock this one holds.

    `pg_stat_activity` would not do: inside a transaction it keeps showing its first answer.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return cursor.fetchone()[0]


def until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "nobody waits"
        time.sleep(0.02)


@contextmanager
def meanwhile(work):
    """Run `work` in another connection while the block holds its transaction open."""
    outcome = []

    def run():
        try:
            outcome.append(work())
        except Exception as error:
            outcome.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        yield thread, outcome
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_two_administrators_who_switch_each_other_off_leave_one(committed):
    one, other = committed.admin, accounts.user(role=Role.ADMIN)

    def second():
        return actions.deactivate_user(one.pk, by=other, version=1)

    with meanwhile(second) as (thread, outcome):
        actions.deactivate_user(other.pk, by=one, version=1)
        thread.start()
        until(waiting)
    assert isinstance(outcome[0], Exception)
    assert User.objects.working().filter(role=Role.ADMIN).count() == 1
    assert fresh(one).is_active


def test_two_moves_that_would_make_a_circle_meet_one_after_the_other(committed):
    first, second = (
        actions.create_unit(
            by=committed.admin, kind="department", parent_id=committed.company.pk, name=name
        )
        for name in ("First", "Second")
    )

    def other_way():
        return actions.move_unit(
            second.pk, by=committed.admin, version=second.version, parent_id=first.pk
        )

    with meanwhile(other_way) as (thread, outcome):
        actions.move_unit(first.pk, by=committed.admin, version=1, parent_id=second.pk)
        thread.start()
        until(waiting)
    assert isinstance(outcome[0], RuleViolation)
    for unit in OrgUnit.objects.all():
        assert unit.path.count(f"/{unit.pk}/") == 1


def test_two_substitutes_entered_at_once_leave_one(committed):
    from datetime import date

    day = date(2026, 11, 23)

    def enter(delegate):
        return actions.create_delegation(
            by=committed.manager, today=day, owner_id=committed.manager.pk,
            delegate_id=delegate.pk, reason="vacation", valid_from=day, valid_to=day,
        )  # fmt: skip

    with meanwhile(lambda: enter(committed.sector_head)) as (thread, outcome):
        enter(committed.manager2)
        thread.start()
        until(waiting)
    assert isinstance(outcome[0], RuleViolation)
    assert outcome[0].field == "valid_from"
