"""Two roles: what prepare_database gives the web and what it never gives."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.utils import ProgrammingError

from crm.work import first_migrations
from crm.work.management.commands import prepare_database

HISTORY = "clients_clientevent"


def privileges(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT privilege FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE',"
            " 'REFERENCES', 'TRIGGER']) AS privilege WHERE has_table_privilege(%s, privilege)",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}


def all_tables():
    return set(connection.introspection.table_names())


def test_the_web_may_write_rows_but_not_change_tables(db):
    assert privileges("clients_client") == {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_every_history_table_may_only_be_read_and_added_to(db):
    tables = prepare_database.history_tables()
    assert HISTORY in tables
    assert set(tables) <= all_tables()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'pgh_label'"
        )
        assert {name for (name,) in cursor.fetchall()} <= set(tables)
    assert {table: privileges(table) for table in tables} == {
        table: {"SELECT", "INSERT"} for table in tables
    }


def test_the_web_cannot_claim_a_migration_or_lose_the_context_of_history(db):
    assert privileges("django_migrations") == {"SELECT"}
    assert "DELETE" not in privileges("pghistory_context")


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {HISTORY} SET pgh_label = 'x'",
        f"DELETE FROM {HISTORY}",
        f"TRUNCATE {HISTORY}",
        f"ALTER TABLE {HISTORY} DISABLE TRIGGER ALL",
        f"DROP TABLE {HISTORY}",
        "SET session_replication_role = replica",
        "CREATE TABLE own (id int)",
        "SET ROLE klientura_owner",
    ],
)
def test_history_cannot_be_rewritten_by_the_web(db, statement):
    refusal = pytest.raises(ProgrammingError, match=r"permission denied|must be owner")
    with refusal, connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_right_given_by_mistake_is_taken_back(committed_db):
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"GRANT ALL ON {HISTORY} TO PUBLIC, klientura_app")
    assert "UPDATE" in privileges(HISTORY)
    call_command("prepare_database", stdout=StringIO())
    assert privileges(HISTORY) == {"SELECT", "INSERT"}


def test_a_table_of_a_later_migration_is_closed_to_rewriting_until_the_next_preparation(
    committed_db,
):
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE later_event (id int)")
    assert privileges("later_event") == {"SELECT", "INSERT"}


def test_preparing_again_changes_nothing(committed_db):
    def picture():
        with connection.cursor() as cursor:
            cursor.execute("SELECT relname, relacl::text FROM pg_class ORDER BY relname")
            rights = cursor.fetchall()
            cursor.execute("SELECT count(*) FROM work_calendarday")
            return rights, cursor.fetchone()

    before = picture()
    call_command("prepare_database", stdout=StringIO())
    assert picture() == before


def test_tables_of_rewritten_initial_migrations_are_refused_before_anything_changes(
    committed_db, monkeypatch
):
    call_command("prepare_database", stdout=StringIO())
    monkeypatch.setattr(first_migrations, "INITIAL", "migrations/__init__.py")
    monkeypatch.setattr(prepare_database, "migrate", lambda _verbosity: pytest.fail("migrated"))
    with pytest.raises(CommandError, match="Begin with an empty one"):
        call_command("prepare_database", stdout=StringIO())


def test_a_database_that_lacks_no_migration_is_ready_without_their_models(
    committed_db, monkeypatch
):
    from django.contrib.auth.models import Permission
    from django.db.migrations.state import ProjectState

    def built(state):
        raise AssertionError("the models of the migrations are built")

    monkeypatch.setattr(ProjectState, "apps", property(built))
    lost = {"content_type__app_label": "clients", "codename": "add_client"}
    Permission.objects.filter(**lost).delete()
    call_command("prepare_database", stdout=StringIO())
    assert Permission.objects.filter(**lost).exists(), "a killed migration is finished"


def pages_of(index):
    with connections["owner"].cursor() as cursor:
        for verb in ("VACUUM", "ANALYZE"):
            cursor.execute(f"{verb} later_document")
        cursor.execute("SELECT relpages FROM pg_class WHERE relname = %s", [index])
        return cursor.fetchone()[0]


def test_an_index_that_its_rows_have_left_is_rebuilt(committed_db):
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE later_document (number text, is_open bool)")
        for name in ("later_open", "later_all"):
            where = "WHERE is_open" if name == "later_open" else ""
            cursor.execute(f"CREATE INDEX {name} ON later_document (number) {where}")
        cursor.execute(
            "INSERT INTO later_document"
            " SELECT lpad(n::text, 150, '0'), true FROM generate_series(1, 12000) AS n"
        )
        assert pages_of("later_open") > 256
        assert prepare_database.rebuild_sparse_indexes(cursor) == []
        cursor.execute("UPDATE later_document SET is_open = false WHERE number NOT LIKE '%00'")
        assert pages_of("later_open") > 256, "a row on nearly every page keeps it"
        call_command("prepare_database", stdout=StringIO())
        assert pages_of("later_open") < 20
        assert pages_of("later_all") > 256


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        ("postgres", "must not administer"),
        ("klientura_owner", "could rewrite history"),
        ("nobody_at_all", "does not exist"),
    ],
)
def test_a_powerful_or_missing_role_is_refused(committed_db, monkeypatch, role, reason):
    monkeypatch.setitem(connections["default"].settings_dict, "USER", role)
    with pytest.raises(CommandError, match=reason):
        call_command("prepare_database", stdout=StringIO())
