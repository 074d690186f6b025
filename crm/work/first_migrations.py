"""Whether the tables of a database were made by the initial migrations of this version.

While nothing is in production initial migrations are rewritten. A database that an earlier state
of them made looks migrated, but its tables are others: what follows would end in the middle with
words of PostgreSQL. So the tables carry a note of what made them.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db.backends.utils import CursorWrapper

INITIAL = "migrations/0001_initial.py"


def print_of_tables() -> str:
    """A fingerprint of the initial migrations of our apps."""
    found = sha256()
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        path = Path(config.path, INITIAL)
        if (
            path.is_relative_to(settings.BASE_DIR)
            and "site-packages" not in path.parts
            and path.exists()
        ):
            found.update(f"{config.label}\n".encode() + path.read_bytes())
    return found.hexdigest()


def refuse_tables_of_others(cursor: CursorWrapper) -> None:
    """Stop before anything is changed; CommandError says what to do."""
    cursor.execute("SELECT obj_description(to_regclass('public.django_migrations'), 'pg_class')")
    noted = cursor.fetchone()[0]
    if noted and noted != print_of_tables():
        raise CommandError(
            "The tables of this database were made by another state of the initial migrations, "
            "which were rewritten since: it cannot be brought to this version. Begin with an "
            "empty one (a new VAR_DIR, or remove the old one), or go back to the version that "
            "made it."
        )


def note_tables(cursor: CursorWrapper) -> None:
    """What made the tables, as a comment on the list of migrations."""
    cursor.execute(f"COMMENT ON TABLE django_migrations IS '{print_of_tables()}'")
