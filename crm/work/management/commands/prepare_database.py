"""Bring the database to this version: migrate as the owner, give the web its rights, seed."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pghistory.models
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.management.sql import emit_post_migrate_signal
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from crm import owner_functions
from crm.work import seeds
from crm.work.first_migrations import note_tables, refuse_tables_of_others

OWNER_ALIAS = "owner"
LOCK_KEY = 7_042_026  # one preparation at a time, whoever starts it
LOCK_TIMEOUT = "5s"  # a migration behind a long transaction gives up instead of stopping the web


class Command(BaseCommand):
    help = (
        "Migrate with DATABASE_OWNER_URL, grant the role of DATABASE_URL what it needs and no "
        "more (history is append-only), rebuild indexes grown sparse, and add missing dictionary "
        "rows. May be run at any time."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--no-seed", action="store_true", help="Leave the dictionaries as they are."
        )
        parser.add_argument(
            "--demo", action="store_true", help="Fill an empty database with demo data."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        role = connections[DEFAULT_DB_ALIAS].settings_dict["USER"]
        with only_one(), connections[OWNER_ALIAS].cursor() as cursor:
            refuse_a_powerful_role(cursor, role)
            verbosity = max(0, options["verbosity"] - 1)
            refuse_tables_of_others(cursor)
            migrate(verbosity)
            note_tables(cursor)
            call_command("createcachetable", database=OWNER_ALIAS, verbosity=verbosity)
            refuse_a_powerful_role(cursor, role)
            install_functions(cursor)
            grant_rights(cursor, role)
            rebuild_sparse_indexes(cursor)
            if not options["no_seed"]:
                seeds.run_all()
        if options["demo"]:
            call_command("demo", if_empty=True, scale="small", verbosity=options["verbosity"])
        if not settings.DEBUG:
            # Demo logins, an open Redis, a weak key: production does not start with them.
            call_command("check", tags=["accounts"], deploy=True, fail_level="ERROR")
        if options["verbosity"]:
            self.stdout.write(f"The database is ready; role {role} may not rewrite its history.")


@contextmanager
def only_one() -> Iterator[None]:
    """Wait for another preparation of the same database to end."""
    with connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_KEY])


def migrate(verbosity: int) -> None:
    """Apply what is missing; a database that lacks nothing is ready a second or two earlier.

    `migrate` builds the models of the migrations even then. Its last step, rights and content
    types of new models, is done either way.
    """
    executor = MigrationExecutor(connections[OWNER_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", database=OWNER_ALIAS, verbosity=verbosity, interactive=False)
    else:
        emit_post_migrate_signal(verbosity, interactive=False, db=OWNER_ALIAS)


def refuse_a_powerful_role(cursor: CursorWrapper, role: str) -> None:
    """The web's role must exist and be neither superuser nor owner, directly or as a member."""
    cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = %s", [role])
    found = cursor.fetchone()
    if found is None:
        raise CommandError(f"The role {role} of DATABASE_URL does not exist.")
    if found[0]:
        raise CommandError(f"The role {role} of DATABASE_URL must not administer the server.")
    cursor.execute(
        """
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND pg_has_role(%(role)s, relowner, 'MEMBER')
        UNION ALL
        SELECT datname FROM pg_database
        WHERE datname = current_database() AND pg_has_role(%(role)s, datdba, 'MEMBER')
        LIMIT 1
        """,
        {"role": role},
    )
    owned = cursor.fetchone()
    if owned:
        raise CommandError(
            f"The role {role} of DATABASE_URL owns {owned[0]}, so it could rewrite history. "
            "Set DATABASE_OWNER_URL to the owner and DATABASE_URL to a role that owns nothing."
        )


def install_functions(cursor: CursorWrapper) -> None:
    """Make the functions that act with the owner's rights anew; only the web's role gets them."""
    for name, sql in owner_functions.functions().items():
        cursor.execute(sql.replace("%", "%%"), [])
        cursor.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")


def grant_rights(cursor: CursorWrapper, role: str) -> None:
    """Give the web's role rows but not tables; history it may only read and add to."""
    name = connections[OWNER_ALIAS].ops.quote_name
    role = name(role)
    history = ", ".join(name(table) for table in history_tables())
    contexts = name(pghistory.models.Context._meta.db_table)
    migrations = name(MigrationRecorder.Migration._meta.db_table)
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC",
        f"REVOKE TRUNCATE, REFERENCES, TRIGGER ON ALL TABLES IN SCHEMA public FROM {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}",
        f"REVOKE UPDATE, DELETE ON {history} FROM {role}",
        f"REVOKE DELETE ON {contexts} FROM {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON {migrations} FROM {role}",
        # A table that a migration adds before the next preparation is closed to rewriting.
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT ON TABLES TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {role}",
    ]
    cursor.execute("BEGIN; " + "; ".join(statements) + "; COMMIT")


SPARSE = """
    SELECT index.oid::regclass::text
    FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid
    WHERE relnamespace = 'public'::regnamespace AND indpred IS NOT NULL
        AND relpages >= 256 AND reltuples < 30 * relpages
    ORDER BY 1
"""


def rebuild_sparse_indexes(cursor: CursorWrapper) -> list[str]:
    """Rebuild partial indexes that most of their rows have left; gives their names (ADR 0014).

    Needs the figures of VACUUM. Writing to the table waits, a second at most; an index that is in
    use for longer than LOCK_TIMEOUT stays as it is until the next time.
    """
    cursor.execute(SPARSE)
    rebuilt = []
    for (name,) in cursor.fetchall():
        with suppress(OperationalError):
            cursor.execute(f"REINDEX INDEX {name}")
            rebuilt.append(name)
    return rebuilt


def history_tables() -> list[str]:
    """Tables whose rows nobody changes: the events of pghistory and the security journal."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, pghistory.models.Event) or model._meta.label == "accounts.AccessEvent"
    )
