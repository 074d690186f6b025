"""The history of a record in words: who, when, on whose behalf, what, from → to.

    def history(request, pk):
        client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
        return render_history(request, client, hidden={"phone"},
                              parts=[client.people.all(), client.assignments.all()])

`parts` are rows that belong to the record (their models are tracked too), or the events of such
rows where some may be deleted; lines of documents (`track(part_of=…)`) come by themselves. `hidden`
fields are left out with their values, for roles that may not see them; `inside` reads a column of
many answers, a change for each that differs. Changes of one verb and moment make one entry. The
page is read from the events by index: two queries per model, one per kind of link.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.accounts.history_events import Event, Rest, lines_of, read, read_rest
from crm.accounts.history_values import (
    Change,
    Links,
    Reader,
    changes_of,
    changes_of_line,
    line_name,
)
from crm.accounts.history_words import part_of
from crm.accounts.models import User
from crm.history import verb_label

ENTRIES = 25
OVER_THE_PAGE = ("panel-body", "dialog-body")  # what stands there says what it is


@dataclass
class Piece:
    """What happened to one row: the record itself or a part of it."""

    label: str  # empty for the record itself
    changes: list[Change]
    kind: str = ""  # of a line: insert, update or delete


@dataclass
class Entry:
    """One action on the record."""

    at: datetime
    title: str
    by: str
    on_behalf_of: str
    pieces: list[Piece] = field(default_factory=list)
    rest: list[Rest] = field(default_factory=list)


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
    rest: Rest | None = None,
) -> HistoryPage:
    """The newest changes of the record and its parts before the cursor.

    With `rest` only what a page could not show of one action.
    """
    own = type(record)._default_manager.filter(pk=record.pk)
    rows = (own, *parts, *lines_of(record))
    events, lacking = read_rest(rows, rest) if rest else read(rows, _moment(before))
    groups = _actions(events, record)
    shown = groups[:ENTRIES]
    goes_on = len(groups) > ENTRIES or (lacking and not rest)
    more = shown[-1][0].pgh_created_at.isoformat() if goes_on else ""
    return HistoryPage(_entries(record, shown, viewer, hidden, inside, lacking), more)


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
    page = history_page(
        record,
        viewer=viewer,
        parts=parts,
        hidden=hidden,
        inside=inside,
        before=request.GET.get("before", ""),
        rest=_rest_asked(request.GET),
    )
    is_fragment = request.headers.get("HX-Request") == "true"
    template = "history/_history.html" if is_fragment else "history/history.html"
    is_over = is_fragment and request.htmx.target in OVER_THE_PAGE  # type: ignore[attr-defined]
    return render(request, template, {"history": page, "record": record, "is_over": is_over})


def _rest_asked(query: Mapping[str, str]) -> Rest | None:
    """What the address wants to see of one action; whatever makes no sense wants nothing."""
    at = _moment(query.get("at", ""))
    numbers = [query.get(name, "") for name in ("part", "below")]
    if at is None or not all(re.fullmatch("[0-9]{1,15}", text) for text in numbers):
        return None
    return Rest(part=int(numbers[0]), at=at, below=int(numbers[1]))


def _moment(text: str) -> datetime | None:
    """The cursor; whatever else the address says means the first page."""
    try:
        found = parse_datetime(text.replace(" ", "+")) if len(text) < 40 else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo else None


def _action_of(event: Event) -> tuple[Any, ...]:
    """Events with the same key are shown as one entry."""
    facts = event.pgh_context or {}
    moment = event.pgh_created_at
    return (moment, event.pgh_context_id, facts.get("verb"), facts.get("user"))


def _actions(events: list[Event], record: Model) -> list[list[Event]]:
    """Events by the action that they belong to, the newest first.

    Actions of one moment stand as they touched the record itself: numbers of events of different
    tables tell nothing about each other.
    """
    groups: dict[tuple[Any, ...], list[Event]] = {}
    for event in events:
        groups.setdefault(_action_of(event), []).append(event)

    def place(group: list[Event]) -> tuple[datetime, int, int]:
        own = [event.pgh_id for event in group if _is_own(event, record)]
        return group[0].pgh_created_at, max(own, default=0), max(event.pgh_id for event in group)

    return sorted(groups.values(), key=place, reverse=True)


def _entries(
    record: Model,
    groups: list[list[Event]],
    viewer: User,
    hidden: Collection[str],
    inside: Mapping[str, Reader] | None,
    lacking: list[Rest],
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
            piece = _piece(event, record, links, hidden, inside)
            if piece is not None:
                entry.pieces.append(piece)
        # A nameless change of columns that nobody reads about is no news.
        if title or entry.pieces:
            entries.append(entry)
    if entries and lacking and entries[-1].at == lacking[0].at:
        entries[-1].rest = lacking
    return entries


def _piece(
    event: Event,
    record: Model,
    links: Links,
    hidden: Collection[str],
    inside: Mapping[str, Reader] | None,
) -> Piece | None:
    """What the event says of its row; None where a reader would see nothing."""
    if hasattr(event.pgh_tracked_model, "history_shown") and not _is_own(event, record):
        changes = changes_of_line(event, links, hidden)
        if not changes and event.pgh_label == "update":
            return None
        label = _("Line “%(name)s”") % {"name": _inner(line_name(event, links))}
        told = [replace(change, label=_lowered(change.label)) for change in changes]
        return Piece(label, told, kind=event.pgh_label)
    changes = changes_of(event, links, hidden, inside)
    if not changes and _is_own(event, record):
        return None
    return Piece(_part_label(event, record), changes)


def _inner(name: str) -> str:
    """A name that is about to be quoted: Russian quotes inside quotes are of the other kind."""
    is_russian = (get_language() or "").startswith("ru")
    return name.translate({ord("«"): "„", ord("»"): "“"}) if is_russian else name


def _lowered(label: str) -> str:
    """As it stands inside a sentence: abbreviations stay, the value has its unit itself."""
    label = label.removesuffix(", %")
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


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
    kind = part_of(event.pgh_tracked_model)
    name = next((str(getattr(event, key)) for key in NAMES if getattr(event, key, "")), "")
    return f"{kind}: {name}" if name else kind


NAMES = ("full_name", "name", "subject", "number", "title", "topic")


def _plain_title(event: Event) -> str:
    """Words for a change without a named verb."""
    words = {"insert": _("Added"), "update": _("Changed"), "delete": _("Deleted")}
    return words.get(event.pgh_label, _("Changed"))
