"""Migrations that make their tables in one go (ADR 0013)."""

import copy
import itertools
from collections.abc import Sequence
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class TablesAtOnce(migrations.Migration):
    """Tables that follow each other are made from one state of the models.

    Django would build all models anew for each of them; foreign keys come after all tables anyway.
    """

    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,
    ) -> ProjectState:
        whole = copy.copy(self)
        vars(whole)["operations"] = together(self.operations)
        return migrations.Migration.apply(whole, project_state, schema_editor, collect_sql)


def together(operations: Sequence[Operation]) -> list[Operation]:
    """The operations with one in the place of all tables that follow each other."""
    made: list[Operation] = []
    for kind, group in itertools.groupby(operations, key=type):
        alike = list(group)
        made += [Tables(alike)] if kind is migrations.CreateModel else alike
    return made


class Tables(Operation):
    """Several CreateModel, each with all columns that the models have after the last of them."""

    def __init__(self, tables: list[Operation]) -> None:
        self.tables = tables

    def describe(self) -> str:
        return ", ".join(table.describe() for table in self.tables)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        vars(state).pop("apps", None)  # built again when it is asked for, with all tables
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, *args: Any) -> None:
        for table in self.tables:
            table.database_forwards(app_label, *args)
