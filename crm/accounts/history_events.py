"""Events of a record and of its parts, read page by page from the newest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

EVENTS = 200  # of one model on a page; an action that touched more rows shows the others when asked
Event = Any  # rows of generated models


@dataclass(frozen=True)
class Rest:
    """Rows of one action that do not stand on the page: of which part, below which event."""

    part: int
    at: datetime
    below: int
    count: int = 0


@dataclass(frozen=True)
class Reading:
    """Events of the record or of one of its parts, newest first; `rows` are all there are."""

    part: int
    rows: QuerySet[Any]
    events: list[Event]

    @property
    def edge(self) -> datetime | None:
        """The moment below which there may be more; None where that is all."""
        return self.events[-1].pgh_created_at if len(self.events) == EVENTS else None

    def rest(self) -> Rest:
        """What the oldest action of a full page lacks."""
        last = self.events[-1]
        at, below = last.pgh_created_at, last.pgh_id
        return Rest(self.part, at, below, _below(self.rows, at, below).count())


def read(rows: Sequence[QuerySet[Any]], before: datetime | None) -> tuple[list[Event], list[Rest]]:
    """A page of events of all the rows, and what is lacking of its oldest action.

    The page ends with the action that one of them could not show whole; older ones wait.
    """
    readings = [
        Reading(part, found, _with_earlier(found, _before(found, before)))
        for part, found in enumerate(map(_events_of, rows))
    ]
    edge = max((reading.edge for reading in readings if reading.edge), default=None)
    events = [event for reading in readings for event in reading.events]
    if edge is None:
        return events, []
    lacking = [reading.rest() for reading in readings if reading.edge == edge]
    return [event for event in events if event.pgh_created_at >= edge], lacking


def read_rest(rows: Sequence[QuerySet[Any]], rest: Rest) -> tuple[list[Event], list[Rest]]:
    """More rows of an action, and what is still lacking."""
    if rest.part >= len(rows):
        return [], []
    found = _events_of(rows[rest.part])
    events = _with_earlier(found, _below(found, rest.at, rest.below), older=True)
    reading = Reading(rest.part, found, events)
    return events, [reading.rest()] if reading.edge else []


def lines_of(record: Model) -> list[QuerySet[Any]]:
    """Events of the lines that stand in the history of the record, of those that are gone too."""
    return [
        model.pgh_event_model.objects.filter(**{model.history_of: record.pk})
        for model in _line_models()
        if model._meta.get_field(model.history_of).related_model is record._meta.concrete_model
    ]


@cache
def _line_models() -> list[Any]:
    return [model for model in apps.get_models() if getattr(model, "history_of", "")]


def _events_of(rows: QuerySet[Any]) -> QuerySet[Any]:
    """All events of the rows; events given instead of rows stand for themselves."""
    model = getattr(rows.model, "pgh_event_model", None)
    return model.objects.filter(pgh_obj__in=rows.order_by().values("pk")) if model else rows


def _before(found: QuerySet[Any], moment: datetime | None) -> QuerySet[Any]:
    return found if moment is None else found.filter(pgh_created_at__lt=moment)


def _below(found: QuerySet[Any], at: datetime, below: int) -> QuerySet[Any]:
    return found.filter(pgh_created_at=at, pgh_id__lt=below)


def _with_earlier(
    found: QuerySet[Any], chosen: QuerySet[Any], *, older: bool = False
) -> list[Event]:
    """The newest of the chosen, each with the state before it in `.earlier`, a name of no column.

    What the rows were before the page began says the newest event of each that is older; where
    the page is not full there is none, unless the chosen ones are not the oldest (`older`).
    """
    page = list(chosen.order_by("-pgh_created_at", "-pgh_id")[:EVENTS])
    known: dict[int, Event] = {}
    if page and (older or len(page) == EVENTS):
        newest_id = max(event.pgh_id for event in page)
        rest = found.filter(pgh_obj__in={event.pgh_obj_id for event in page}, pgh_id__lt=newest_id)
        rest = rest.exclude(pgh_id__in=[event.pgh_id for event in page])
        newest = rest.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
        known = {event.pgh_obj_id: event for event in newest}
    for event in sorted(page, key=lambda event: event.pgh_id):
        event.earlier = known.get(event.pgh_obj_id)
        known[event.pgh_obj_id] = event
    return page
