"""Migrations that make their tables in one go (ADR 0013)."""

import copy
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.db.migrations.utils import resolve_relation
from django.utils.functional import SimpleLazyObject
from pgtrigger.migrations import AddTrigger


class TablesAtOnce(migrations.Migration):
    """Tables that follow each other are made from one state of the models, so are their triggers.

    Django would build all models anew for each of them; foreign keys come after all tables anyway.
    What comes after the migration builds the models when it looks at them.
    """

    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,
    ) -> ProjectState:
        whole = copy.copy(self)
        vars(whole)["operations"] = together(self.operations)
        vars(project_state).pop("apps", None)
        state = migrations.Migration.apply(whole, project_state, schema_editor, collect_sql)
        later = SimpleLazyObject(lambda: StateApps([*state.real_apps], state.models))
        vars(state).setdefault("apps", later)
        return state


def together(operations: Sequence[Operation]) -> list[Operation]:
    """The operations with one in the place of all tables, or triggers, that follow each other."""
    made: list[Operation] = []
    for kind, group in itertools.groupby(operations, key=type):
        alike = list(group)
        made += [AtOnce(alike)] if kind in (migrations.CreateModel, AddTrigger) else alike
    return made


class AtOnce(Operation):
    """Several operations of one kind, each with all columns that the models have after the last.

    Of the models only theirs are built, and those that they refer to.
    """

    def __init__(self, operations: list[Operation]) -> None:
        self.operations = operations

    def describe(self) -> str:
        return ", ".join(one.describe() for one in self.operations)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        vars(state).pop("apps", None)  # built again when it is asked for, with all tables
        for one in self.operations:
            one.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        names = {getattr(one, "model_name", None) or vars(one)["name"] for one in self.operations}
        models = closed(to_state, ((app_label, name.lower()) for name in names))
        state = ProjectState(models, to_state.real_apps)
        for one in self.operations:
            one.database_forwards(app_label, schema_editor, from_state, state)


Key = tuple[str, str]


def closed(state: ProjectState, keys: Iterable[Key]) -> dict[Key, ModelState]:
    """These models and all that they refer to, directly or not."""
    found: dict[Key, ModelState] = {}
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key not in found and key[0] not in state.real_apps:
            found[key] = state.models[key]
            waiting += references(found[key])
    return found


def references(model: ModelState) -> Iterator[Key]:
    """What it stands on, and what its fields refer to."""
    own = model.app_label, model.name_lower
    parts: list[Any] = [base for base in model.bases if isinstance(base, str)]
    for field in model.fields.values():
        remote = getattr(field, "remote_field", None)
        parts += [getattr(remote, "model", None), getattr(remote, "through", None)]
    yield from (resolve_relation(part, *own) for part in parts if part)
