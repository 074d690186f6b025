"""Make the initial migration of an app anew, as long as nothing is in production.

    python -m crm.embedded -- python -m scripts.initial_migrations deals claims

What Django and pgtrigger write is joined: columns, indexes, constraints and triggers stand with
their table, and the tables are made at once (crm.tables_at_once), so that a new database is made
many times quicker. Leading operations of the old file (extensions) are kept, and what it waits for
of other people's apps: their tables are made first, while there are few models to build.
"""

import importlib
import os
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    os.environ.setdefault("DEBUG", "1")
    django.setup()

from django.apps import apps
from django.core.management import call_command
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.optimizer import MigrationOptimizer
from django.db.migrations.writer import MigrationWriter
from django.db.models import Field
from pgtrigger.migrations import AddTrigger

ROOT = Path(__file__).resolve().parent.parent
NAME = "0001_initial"
PARTS = {AddIndex: "indexes", AddConstraint: "constraints", AddTrigger: "triggers"}
PART_NAMES = {"indexes": "index", "constraints": "constraint", "triggers": "trigger"}


def main(labels: list[str]) -> None:
    """Write the files of the apps; name after an app all that depend on it."""
    configs = [apps.get_app_config(label) for label in labels]
    paths = [Path(config.path, "migrations", f"{NAME}.py") for config in configs]
    kept = [
        parts_of(load(c.name)) if p.exists() else ([], set())
        for c, p in zip(configs, paths, strict=True)
    ]
    for path in paths:
        path.unlink(missing_ok=True)
    for label in labels:  # one after the other: together, Django would split one of them in two
        call_command("makemigrations", label, name="initial", verbosity=0)
        importlib.invalidate_caches()
    for config, path, (first, others) in zip(configs, paths, kept, strict=True):
        migration = load(config.name)
        migration.dependencies = sorted({*migration.dependencies, *others})
        migration.operations = [*first, *joined(migration.operations, config.label)]
        path.write_text(text_of(migration), "utf-8")
        print(f"{path}: {len(migration.operations)} operations")


def text_of(migration: Migration) -> str:
    """The file: what Django writes, on the base class that makes the tables at once."""
    plain = MigrationWriter(migration, include_header=False).as_string()
    head = "\n\n\nclass Migration("
    based = plain.replace(f"{head}migrations.Migration)", f"{head}TablesAtOnce)", 1)
    return based.replace(head, f"\nfrom crm.tables_at_once import TablesAtOnce{head}", 1)


def load(package: str) -> Migration:
    """The migration as it stands in its file now."""
    name = f"{package}.migrations.{NAME}"
    sys.modules.pop(name, None)
    found: Migration = importlib.import_module(name).Migration(NAME, package)
    del sys.modules[name]  # the file is about to be written anew
    return found


def parts_of(migration: Migration) -> tuple[list[Operation], set[tuple[str, str]]]:
    """What is kept of an old file."""
    others = {
        (label, name)
        for label, name in migration.dependencies
        if not (ROOT / apps.get_app_config(label).name.partition(".")[0]).is_dir()
    }
    return leading(migration), others


def leading(migration: Migration) -> list[Operation]:
    """What was written by hand before the tables."""
    kept = []
    for operation in migration.operations:
        if isinstance(operation, CreateModel):
            break
        kept.append(operation)
    return kept


def joined(operations: list[Operation], label: str) -> list[Operation]:
    """Tables with all that belongs to them, each after those it refers to.

    Where tables refer to each other in a circle, columns that come later stay behind with what
    needs them.
    """
    made = MigrationOptimizer().optimize(without_triggers(operations), label)
    tables = {one.name_lower: one for one in made if isinstance(one, CreateModel)}
    added = [one for one in made if isinstance(one, AddField)]
    graph = {name: references(table, label) for name, table in tables.items()}
    for one in added:
        graph[one.model_name_lower] |= target_of(one.field, label) - {one.model_name_lower}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError:
        late = {one.model_name_lower for one in added}
        return with_parts(tables, [*made, *triggers_of(operations)], late)
    for one in added:
        tables[one.model_name_lower].fields.append((one.name, one.field))
    rest = [one for one in made if not isinstance(one, AddField | CreateModel)]
    kept = with_parts(tables, [*rest, *triggers_of(operations)], set())
    return [*(tables[name] for name in order), *kept]


def without_triggers(operations: list[Operation]) -> list[Operation]:
    """What Django itself wrote."""
    return [one for one in operations if not isinstance(one, AddTrigger)]


def triggers_of(operations: list[Operation]) -> list[Operation]:
    """What pgtrigger wrote."""
    return [one for one in operations if isinstance(one, AddTrigger)]


def with_parts(
    tables: dict[str, CreateModel], operations: list[Operation], late: set[str]
) -> list[Operation]:
    """Move indexes, constraints and triggers into their tables; returns what stays."""
    left = []
    for operation in operations:
        name = next((name for kind, name in PARTS.items() if isinstance(operation, kind)), "")
        table = tables.get(operation.model_name.lower()) if name else None
        # A proxy makes no table that its triggers could come with.
        if table is None or table.name_lower in late or table.options.get("proxy"):
            left.append(operation)
            continue
        options = table.options
        options[name] = [*options.get(name, []), getattr(operation, PART_NAMES[name])]
    return left


def references(table: CreateModel, label: str) -> set[str]:
    """Other tables of the app that must be there first."""
    found = (target_of(field, label) for _name, field in table.fields)
    return set().union(*found) - {table.name_lower}


def target_of(field: Field, label: str) -> set[str]:
    """The table of the same app that a column refers to, if any."""
    target = getattr(getattr(field, "remote_field", None), "model", None)
    app, _dot, model = target.rpartition(".") if isinstance(target, str) else ("", "", "")
    return {model.lower()} if app == label else set()


if __name__ == "__main__":
    main(sys.argv[1:])
