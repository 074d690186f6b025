"""History of business rows: pghistory triggers with who, on whose behalf and why."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import pghistory
import pgtrigger
from django.db import models
from django.utils.functional import Promise
from pghistory.trigger import Event

from crm import trigger_names  # noqa: F401 (before the first trigger)
from crm.declaring import declare

if TYPE_CHECKING:
    from crm.accounts.models import User

M = TypeVar("M", bound=type[models.Model])

_verbs: dict[str, str | Promise] = {}


def name_verbs(labels: Mapping[str, str | Promise]) -> None:
    """Give verbs the words that a history shows; apps call it from AppConfig.ready()."""
    for name, label in labels.items():
        declare(_verbs, name, label)


def verb_label(name: str) -> str:
    """The words of a verb as a title, nothing for one that was not named."""
    label = str(_verbs.get(name, ""))
    return label[:1].upper() + label[1:]


def no_truncate() -> pgtrigger.Trigger:
    """Trigger that refuses TRUNCATE: rows of a journal are only ever added."""
    return pgtrigger.Trigger(
        name="no_truncate",
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        func="RAISE EXCEPTION 'history is append-only';",
    )


class PlannedUpdate(pghistory.UpdateEvent):
    """Events of changed rows by one statement, which is planned for as many rows as there are.

    PostgreSQL keeps the plan of a trigger for the connection: after the change of one row it would
    compare every row with every other of the next thousands.
    """

    def add_event_trigger(self, event_model: type[models.Model]) -> None:
        """Register the trigger, as pghistory does."""
        event = _Planned(
            event_model=event_model,
            label=self.label,
            name=self.trigger_name,
            row=self.row,
            operation=self.operation,
            condition=self.condition,
            level=self.level,
        )
        pgtrigger.register(event)(event_model.pgh_tracked_model)  # type: ignore[attr-defined]


class _Planned(Event):
    def get_func(self, model: Any) -> pgtrigger.Func:
        statement, _returned = str(super().get_func(model).func).split(" RETURN NULL;")
        return pgtrigger.Func(f"EXECUTE $history${statement}$history$; RETURN NULL;")


def track(
    *,
    exclude: tuple[str, ...] = (),
    in_bulk: bool = False,
    changed_in_bulk: bool = False,
    part_of: str = "",
) -> Any:
    """Class decorator: every insert, update and delete leaves an append-only event row.

    The events of `model` are rows of `<Model>Event`; `exclude` names derived columns. Rows that
    come by thousands (`in_bulk`) have their first events written by one statement for all, those
    that also change by thousands (`changed_in_bulk`) the others too. Lines stand in the history of
    the record that `part_of` names, also those that are gone: called by the columns of
    `history_named`, with those of `history_shown`, the others where none of these changed.
    """
    added = pghistory.Statement if in_bulk else pghistory.Row
    changed = (
        PlannedUpdate(level=pghistory.Statement)
        if changed_in_bulk
        else pghistory.UpdateEvent(level=pghistory.Row)
    )

    def decorate(model: M) -> M:
        pghistory.track(
            pghistory.InsertEvent(level=added),
            changed,
            pghistory.DeleteEvent(),
            exclude=list(exclude) or None,
            append_only=True,
            # The history of one record is read by it: the only indexed column of the events.
            obj_field=pghistory.ObjForeignKey(
                related_name="events", related_query_name="events", db_index=not part_of
            ),
            meta={"triggers": [no_truncate()], "indexes": _index_of(model, part_of)},
        )(model)
        model.history_of = part_of  # type: ignore[attr-defined]
        return model

    return decorate


def _index_of(model: type[models.Model], part_of: str) -> list[models.Index]:
    if not part_of:
        return []
    name = f"{model._meta.app_label[:3]}_{model._meta.model_name}_of"
    return [models.Index(fields=[part_of], name=name)]


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
