"""Test databases: one template per set of migrations, a clone of it per worker and per test.

Tests run with the application's role, which owns nothing and cannot truncate; clones are made and
dropped with the owner's. Settings point at the clone by the NAME of both aliases, which every
thread shares.
"""

import contextlib
import hashlib
import itertools
import os
import pickle
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import psycopg2
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import quote_ident

from crm import owner_functions

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "test_klientura"
TEMPLATE_LOCK = 1  # of the two-key advisory locks; slots take the others
LOCKS = 7_042_027
_clones = itertools.count(1)
_last: list[Callable[[], None]] = []
_left: dict[tuple[str, str], BaseDatabaseWrapper] = {}  # by alias and name of the database


class Slot:
    """The databases of one worker: `<name>` for transactions, `<name>_seed` to clone from.

    `<name>_stage` is for transactions too and holds the cast already; so is that of a world.
    """

    def __init__(self) -> None:
        self.keeper = connect()
        self.name = self._take_name()
        self.seed, self.stage = f"{self.name}_seed", f"{self.name}_stage"
        self.shown = self.name
        self._people = b""
        self._worlds: dict[date, tuple[str, bytes]] = {}
        drop_like(self.keeper, self.name)

    def _take_name(self) -> str:
        """The first number that no running session holds; a killed session's is free again."""
        for number in itertools.count(2):
            if query(self.keeper, "SELECT pg_try_advisory_lock(%s, %s)", LOCKS, number):
                return f"{PREFIX}_{number - 1}"
        raise AssertionError

    def prepare(self) -> None:
        """Make the worker's two databases and point the settings at the first."""
        template = ensure_template(self.keeper)
        create(self.keeper, self.seed, template)
        with named(self.seed):
            from crm.work import seeds

            seeds.run_all()
        create(self.keeper, self.name, self.seed)

    def show(self, name: str) -> None:
        """Let this worker's tests run in its plain database or on the stage, until told otherwise.

        The connection to the other stays open: a new one learns all tables and triggers anew.
        """
        if name == self.stage and not self._people:
            self._set_the_stage()
        if name != self.shown:
            use(name)
            self.shown = name

    def _set_the_stage(self) -> None:
        """Write the cast once, for good."""
        from tests.cast import assemble

        create(self.keeper, self.stage, self.seed)
        with named(self.stage):
            self._people = pickle.dumps(assemble())

    def people(self) -> SimpleNamespace:
        """The cast as it stands on the stage, new objects each time."""
        return pickle.loads(self._people)

    def world(
        self, build: Callable[[SimpleNamespace], object], today: date | None = None
    ) -> tuple[object, SimpleNamespace]:
        """Show the database of what the function writes around a cast; both, as new objects.

        It is written and committed once a day: rows of a transaction under way cost whoever reads
        them more.
        """
        today = today or timezone.localdate()
        if today not in self._worlds:
            name = f"{self.name}_{next(_clones)}"
            create(self.keeper, name, self.seed)
            with named(name):
                from tests.cast import assemble

                with transaction.atomic():
                    cast = assemble()
                    self._worlds[today] = name, pickle.dumps((build(cast), cast))
                    connection.run_on_commit.clear()  # as in a test that is taken back
        name, kept = self._worlds[today]
        self.show(name)
        return pickle.loads(kept)

    @contextlib.contextmanager
    def clone(self) -> Iterator[str]:
        """A database of its own for one test, dropped with everybody who is still connected."""
        name = f"{self.name}_{next(_clones)}"
        create(self.keeper, name, self.seed)
        try:
            with named(name):
                yield name
        finally:
            drop(self.keeper, name)

    def close(self) -> None:
        """Drop the worker's databases and give its number back."""
        drop_like(self.keeper, self.name)
        self.keeper.close()


@contextlib.contextmanager
def named(name: str) -> Iterator[None]:
    """Let both aliases mean this database, in this thread and in those started meanwhile.

    Afterwards nobody here is connected to it.
    """
    before = connections.databases["default"]["NAME"]
    use(name)
    try:
        yield
    finally:
        while _last:
            _last.pop()()
        connections.close_all()
        use(before)
        for alias in connections.databases:
            _left.pop((alias, name), None)


def before_it_goes(last: Callable[[], None]) -> None:
    """Call this once when the database that is named now is no longer."""
    _last.append(last)


def use(name: str) -> None:
    """Let both aliases mean this database; what is connected to the one before stays so."""
    for alias in connections.databases:
        _left[alias, connections.databases[alias]["NAME"]] = connections[alias]
        connections.databases[alias]["NAME"] = name
        connections[alias] = _left.pop((alias, name), None) or connections.create_connection(alias)


def connect() -> Connection:
    """A connection of the owner to the database that the environment names."""
    url = os.environ.get("DATABASE_OWNER_URL")
    if not url:
        pytest.exit("No database. Run: python -m crm.embedded -- pytest", returncode=2)
    connection = psycopg2.connect(url)
    connection.autocommit = True
    return connection


def ensure_template(keeper: Connection) -> str:
    """Name of the migrated database that clones come from; made once per set of migrations."""
    name = f"{PREFIX}_template_{fingerprint()}"
    query(keeper, "SELECT pg_advisory_lock(%s, %s)", LOCKS, TEMPLATE_LOCK)
    try:
        if not exists(keeper, name):
            drop_like(keeper, f"{PREFIX}_template")
            migrate(keeper, name)
    finally:
        query(keeper, "SELECT pg_advisory_unlock(%s, %s)", LOCKS, TEMPLATE_LOCK)
    return name


def migrate(keeper: Connection, name: str) -> None:
    """Make the template; it gets its name when it is complete."""
    unfinished = f"{PREFIX}_template"
    create(keeper, unfinished, "template0")
    with named(unfinished):
        call_command("prepare_database", no_seed=True, verbosity=0)
    execute(keeper, f"ALTER DATABASE {quoted(keeper, unfinished)} RENAME TO {quoted(keeper, name)}")


def fingerprint() -> str:
    """Short hash of everything that shapes the schema and its rights."""
    digest = hashlib.sha256()
    paths = [ROOT / "requirements.txt", ROOT / "crm/tables_at_once.py"]
    paths += (ROOT / "crm/work/management/commands/prepare_database.py",)
    for config in apps.get_app_configs():
        if Path(config.path).is_relative_to(ROOT):
            paths += sorted(Path(config.path, "migrations").glob("*.py"))
    for path in paths:
        digest.update(path.read_bytes())
    for sql in owner_functions.functions().values():
        digest.update(sql.encode())
    return digest.hexdigest()[:12]


def create(keeper: Connection, name: str, template: str) -> None:
    strategy = "" if template == "template0" else " STRATEGY file_copy"
    execute(
        keeper,
        f"CREATE DATABASE {quoted(keeper, name)} TEMPLATE {quoted(keeper, template)}{strategy}",
    )


def drop(keeper: Connection, name: str) -> None:
    """Drop a database and end its sessions; an owner without that right waits for their end."""
    statement = f"DROP DATABASE IF EXISTS {quoted(keeper, name)}"
    try:
        execute(keeper, f"{statement} WITH (FORCE)")
    except psycopg2.errors.InsufficientPrivilege:
        # Somebody else's session, as a rule of autovacuum; what stays is dropped by the next run.
        with contextlib.suppress(psycopg2.errors.ObjectInUse):
            execute(keeper, statement)


def drop_like(keeper: Connection, name: str) -> None:
    """Drop the database of this name and those whose name it begins."""
    with keeper.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname = %(name)s"
            " OR starts_with(datname, %(name)s || '_')",
            {"name": name},
        )
        for (found,) in cursor.fetchall():
            drop(keeper, found)


def exists(keeper: Connection, name: str) -> bool:
    return query(keeper, "SELECT count(*) FROM pg_database WHERE datname = %s", name) > 0


def execute(keeper: Connection, statement: str) -> None:
    with keeper.cursor() as cursor:
        cursor.execute(statement)


def query(keeper: Connection, statement: str, *values: object):
    with keeper.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def quoted(keeper: Connection, name: str) -> str:
    return quote_ident(name, keeper)
