"""How requests about a client are read for a decision: with the client, its people and its unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet

from clients.models import Client
from crm.accounts.querysets import names_of, own_columns


def with_client(
    model: type[Model], *, people: Sequence[str] = (), columns: Sequence[str] = ()
) -> QuerySet[Any]:
    """Rows of the model with all that its summary and evidence read, in one query.

    Beside the author the names of `people`, and `columns` of what else the record points to.
    """
    people = ("author", "client__manager", *people)
    pointed_to = {column.rpartition("__")[0] for column in columns}
    rows: QuerySet[Any] = model._default_manager.select_related(
        *people, "client__org_unit", *pointed_to
    )
    return rows.only(
        *own_columns(model),
        *(f"client__{name}" for name in own_columns(Client)),
        *names_of(*people),
        "client__org_unit__name",
        *columns,
    )
