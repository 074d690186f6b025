"""The history of a record in words: who, when, on whose behalf, what, from → to.

    def history(request, pk):
        client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
        return render_history(request, client, hidden={"phone"},
                              parts=[client.people.all(), client.assignments.all()])

`parts` are rows that belong to the record (their models are tracked too), or the events of such
rows where some may be deleted. `hidden` fields are left out with their values, for roles that may
not see them; `inside` reads a column of many answers, a change for each that differs. Changes of
one verb and moment make one entry. The page is read from the events by index: two queries per
model, one per kind of link.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.accounts.history_values import Change, Links, Reader, changes_of
from crm.accounts.models import User
from crm.history import verb_label

ENTRIES = 25
EVENTS = 200  # of one model on a page; one action rarely touches more rows of one record
Event = Any  # rows of generated models


@dataclass
class Piece:
    """What happened to one row: the record itself or a part of it."""

    label: str  # empty for the record itself
    changes: list[Change]


@dataclass
class Entry:
    """One action on the record."""

    at: datetime
    title: str
    by: str
    on_behalf_of: str
    pieces: list[Piece] = field(default_factory=list)


@dataclass(frozen=True)
class HistoryPage:
    """Entries, newest first, and the cursor of the next page ("" = that is all)."""

    entries: list[Entry]
    more: str


def history_page(
    record: Model,
    *,
    viewer: User,
    parts: Sequence[QuerySet[Any]] = (),
    hidden: Collection[str] = (),
    inside: Mapping[str, Reader] | None = None,
    before: str = "",
) -> HistoryPage:
    """The newest changes of the record and its parts before the cursor."""
    cursor = _moment(before)
    own = type(record)._default_manager.filter(pk=record.pk)
    events: list[Event] = []
    for rows in (own, *parts):
        events += _events(rows, cursor)
    events.sort(key=lambda event: (event.pgh_created_at, event.pgh_id), reverse=True)
    groups = [list(group) for _key, group in groupby(events, key=_action_of)]
    shown = groups[:ENTRIES]
    more = shown[-1][0].pgh_created_at.isoformat() if len(groups) > ENTRIES else ""
    return HistoryPage(_entries(record, shown, viewer, hidden, inside), more)


def render_history(
    request: HttpRequest,
    record: Model,
    *,
    parts: Sequence[QuerySet[Any]] = (),
    hidden: Collection[str] = (),
    inside: Mapping[str, Reader] | None = None,
) -> HttpResponse:
    """The history as a fragment for htmx, else as a page of its own."""
    viewer: Any = request.user
    before = request.GET.get("before", "")
    page = history_page(
        record, viewer=viewer, parts=parts, hidden=hidden, inside=inside, before=before
    )
    is_fragment = request.headers.get("HX-Request") == "true"
    template = "history/_history.html" if is_fragment else "history/history.html"
    return render(request, template, {"history": page, "record": record})


def _moment(text: str) -> datetime | None:
    """The cursor; whatever else the address says means the first page."""
    try:
        found = parse_datetime(text.replace(" ", "+")) if len(text) < 40 else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo else None


def _events(rows: QuerySet[Any], cursor: datetime | None) -> list[Event]:
    """Events of the rows with the state before each in `.earlier`, a name that no column has.

    Events given instead of rows stand for themselves.
    """
    model = getattr(rows.model, "pgh_event_model", None)
    found = model.objects.filter(pgh_obj__in=rows.order_by().values("pk")) if model else rows
    if cursor is not None:
        found = found.filter(pgh_created_at__lt=cursor)
    page = list(found.order_by("-pgh_created_at", "-pgh_id")[:EVENTS])
    # What the rows were before the page began: the newest event of each that is not on the page.
    older = found.filter(pgh_obj__in={event.pgh_obj_id for event in page})
    older = older.exclude(pgh_id__in=[event.pgh_id for event in page])
    newest_older = older.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
    known = {event.pgh_obj_id: event for event in newest_older} if len(page) == EVENTS else {}
    for event in sorted(page, key=lambda event: event.pgh_id):
        event.earlier = known.get(event.pgh_obj_id)
        known[event.pgh_obj_id] = event
    return page


def _action_of(event: Event) -> tuple[Any, ...]:
    """Events with the same key are shown as one entry."""
    facts = event.pgh_context or {}
    moment = event.pgh_created_at
    return (moment, event.pgh_context_id, facts.get("verb"), facts.get("user"))


def _entries(
    record: Model,
    groups: list[list[Event]],
    viewer: User,
    hidden: Collection[str],
    inside: Mapping[str, Reader] | None,
) -> list[Entry]:
    events = [event for group in groups for event in group]
    links = Links(events, viewer=viewer, hidden=hidden)
    people = _people(events)
    entries = []
    for group in groups:
        facts = group[0].pgh_context or {}
        title = verb_label(facts.get("verb", ""))
        entry = Entry(
            at=group[0].pgh_created_at,
            title=title or _plain_title(group[0]),
            by=people.get(facts.get("user"), _("The system")),
            on_behalf_of=people.get(facts.get("on_behalf_of"), ""),
        )
        for event in sorted(group, key=lambda event: (not _is_own(event, record), event.pgh_id)):
            changes = changes_of(event, links, hidden, inside)
            if changes or not _is_own(event, record):
                entry.pieces.append(Piece(_part_label(event, record), changes))
        # A nameless change of columns that nobody reads about is no news.
        if title or entry.pieces:
            entries.append(entry)
    return entries


def _people(events: Iterable[Event]) -> dict[Any, str]:
    """Names of those who acted and of those on whose behalf."""
    contexts = [event.pgh_context or {} for event in events]
    ids = {facts.get(key) for facts in contexts for key in ("user", "on_behalf_of")} - {None}
    return {person.pk: person.short_name for person in User.objects.filter(pk__in=ids)}


def _is_own(event: Event, record: Model) -> bool:
    return event.pgh_tracked_model is type(record) and event.pgh_obj_id == record.pk


def _part_label(event: Event, record: Model) -> str:
    """The kind and name of the part, as it was called then."""
    if _is_own(event, record):
        return ""
    kind = capfirst(str(event.pgh_tracked_model._meta.verbose_name))
    name = next((str(getattr(event, key)) for key in NAMES if getattr(event, key, "")), "")
    return f"{kind}: {name}" if name else kind


NAMES = ("full_name", "name", "subject", "number", "title", "topic")


def _plain_title(event: Event) -> str:
    """Words for a change without a named verb."""
    words = {"insert": _("Added"), "update": _("Changed"), "delete": _("Deleted")}
    return words.get(event.pgh_label, _("Changed"))
