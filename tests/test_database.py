"""The test databases themselves: every promise of tests/database.py."""

import threading
import urllib.request
from datetime import timedelta

import pgtrigger
import psycopg2
import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from crm.accounts.models import User


def count_tables() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        return cursor.fetchone()[0]


def test_the_application_role_owns_no_table(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE pg_has_role(current_user, relowner, 'MEMBER')"
        )
        assert cursor.fetchone()[0] == 0
    assert count_tables() > 30


def test_the_application_role_cannot_truncate(db):
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE django_session")


@pytest.mark.parametrize("alias", ["default", "owner"])
def test_no_row_pays_for_asking_which_triggers_are_ignored(alias):
    options = settings.DATABASES[alias]["OPTIONS"]["options"]
    assert "-c pgtrigger.ignore={}" in options  # not set, the question is an error that is caught


def test_where_triggers_were_ignored_the_setting_comes_back(db):
    with pgtrigger.ignore("deals.Allocation:advance_until"), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with connection.cursor() as cursor:
        cursor.execute("SHOW pgtrigger.ignore")
        assert cursor.fetchone() == ("{}",)


def test_a_committed_database_is_seen_by_other_threads_and_is_gone_afterwards(committed_db, slot):
    from django.contrib.contenttypes.models import ContentType

    ContentType.objects.create(app_label="tests", model="committed")
    seen = []

    def look():
        seen.append(ContentType.objects.filter(app_label="tests").count())
        seen.append(connections["default"].settings_dict["NAME"])
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1, committed_db]
    assert committed_db.startswith(slot.name)


def test_the_next_test_sees_nothing_of_it(db, slot):
    from django.contrib.contenttypes.models import ContentType

    assert connection.settings_dict["NAME"] == slot.name
    assert not ContentType.objects.filter(app_label="tests").exists()


@pytest.mark.django_db
def test_the_marker_means_the_own_database_too(committed_db):
    assert connection.settings_dict["NAME"] == committed_db
    assert not connection.in_atomic_block


def test_a_live_server_answers_from_the_tests_database(live_app):
    with urllib.request.urlopen(f"{live_app}/health/live", timeout=10) as answer:
        assert answer.status == 200


def test_the_name_of_a_slot_is_held_by_its_session(slot):
    from tests import database

    other = database.Slot()
    try:
        assert other.name != slot.name
    finally:
        other.close()


def test_databases_of_the_slot_are_dropped_when_it_closes(slot):
    from tests import database

    other = database.Slot()
    name = other.seed
    database.create(other.keeper, name, "template0")
    other.close()
    keeper = database.connect()
    try:
        assert not database.exists(keeper, name)
    finally:
        keeper.close()
    with pytest.raises(psycopg2.InterfaceError):
        database.exists(keeper, name)


def test_the_cast_stands_on_the_stage_and_a_change_is_taken_back(cast, slot):
    assert connection.settings_dict["NAME"] == slot.stage
    cast.manager.last_name = "Другая"
    cast.manager.save(update_fields=["last_name"])


def test_the_next_test_finds_the_cast_as_it_was_written(cast):
    assert cast.manager.last_name == "Иванова"
    cast.manager.refresh_from_db()
    assert cast.manager.last_name == "Иванова"


def test_who_asks_for_no_cast_finds_nobody(db):
    assert not User.objects.exists()


def test_a_world_is_written_once_a_day_and_starts_nothing(slot, django_db_blocker, monkeypatch):
    monkeypatch.setattr(slot, "_worlds", {})
    told = []

    def build(cast):
        transaction.on_commit(lambda: told.append("started"))
        told.append(cast.manager.pk)
        return {"manager": cast.manager.pk}

    with django_db_blocker.unblock():
        (one, cast), (same, again) = slot.world(build), slot.world(build)
        assert told == [cast.manager.pk]
        assert (one, cast.manager) == (same, again.manager)
        assert one is not same
        assert User.objects.get(pk=one["manager"]) == cast.manager
        slot.world(build, timezone.localdate() + timedelta(days=1))
    assert len(told) == 2
