"""History of business rows: pghistory triggers with who, on whose behalf and why."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import pghistory
import pgtrigger
from django.db import models

if TYPE_CHECKING:
    from crm.accounts.models import User

M = TypeVar("M", bound=type[models.Model])


def no_truncate() -> pgtrigger.Trigger:
    """Trigger that refuses TRUNCATE: rows of a journal are only ever added."""
    return pgtrigger.Trigger(
        name="no_truncate",
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        func="RAISE EXCEPTION 'history is append-only';",
    )


def track(*, exclude: tuple[str, ...] = ()) -> Any:
    """Class decorator: every insert, update and delete leaves an append-only event row.

    The events of `model` are rows of `<Model>Event`; `exclude` names derived columns.
    """

    def decorate(model: M) -> M:
        pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=list(exclude) or None,
            append_only=True,
            obj_field=pghistory.ObjForeignKey(related_name="events", related_query_name="events"),
            meta={"triggers": [no_truncate()]},
        )(model)
        return model

    return decorate


@contextmanager
def verb(name: str, *, by: "User | None", on_behalf_of: "User | None" = None) -> Iterator[None]:
    """Name what the writes inside mean, e.g. `client.created`; feeds history and timeline.

    `on_behalf_of` is the absent person whom `by` substitutes; both names stay in the history.
    Writes after the block belong to the enclosing verb again, if there is one.
    """
    with pghistory.context() as context:
        before = dict(context.metadata)
        context.metadata.update(
            verb=name,
            user=by.pk if by else None,
            on_behalf_of=on_behalf_of.pk if on_behalf_of else None,
        )
        try:
            yield
        finally:
            context.metadata.clear()
            context.metadata.update(before)
