"""Values of history events in words: labels, choices, dates, names of linked records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.history_units import measured, number
from crm.accounts.history_words import is_told, label_of
from crm.accounts.models import User
from crm.phones import format_phone
from crm.said import read, read_inside

DASH = "—"
PHONES = frozenset({"phone"})
Event = Any


@dataclass(frozen=True)
class Change:
    """One field: its label and both values in words; `before` is None for a new row."""

    label: str
    before: str | None
    after: str


# Both values of a column of many answers, in the changes that they are made of.
Reader = Callable[[Any, Any], list[Change]]


class Links:
    """Names of the records that events point to, read once per model and page.

    A record that the viewer may not see has no name here.
    """

    def __init__(
        self, events: Iterable[Event], *, viewer: User, hidden: Collection[str] = ()
    ) -> None:
        self.viewer = viewer
        wanted: dict[type[models.Model], set[Any]] = {}
        for event in events:
            for column in [*shown_fields(type(event), hidden), *naming_fields(type(event))]:
                if column.related_model is not None:
                    target = wanted.setdefault(column.related_model, set())
                    target |= {_raw(event, column), _raw(event.earlier, column)}
        self.names = {model: self._names(model, ids - {None}) for model, ids in wanted.items()}

    def _names(self, model: type[models.Model], ids: set[Any]) -> dict[Any, str]:
        rows: Any = model._default_manager
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(self.viewer)
        return {row.pk: str(row) for row in rows.filter(pk__in=ids)} if ids else {}

    def name(self, model: type[models.Model], key: Any) -> str:
        return self.names.get(model, {}).get(key, _("not shown"))


def changes_of(
    event: Event,
    links: Links,
    hidden: Collection[str] = (),
    inside: Mapping[str, Reader] | None = None,
) -> list[Change]:
    """Fields that the event changed; of a new row, and of a deleted one, the filled ones.

    `inside` reads columns of many answers: each answer that changed is a change of its own.
    """
    read = {name: reader for name, reader in (inside or {}).items() if name not in hidden}
    return [
        *_plain_changes(event, links, {*hidden, *read}),
        *(
            change
            for name, reader in read.items()
            for change in _changes_inside(event, name, reader)
        ),
    ]


def changes_of_line(event: Event, links: Links, hidden: Collection[str] = ()) -> list[Change]:
    """Of a line the columns that a person fills; others where the change touched none of these."""
    told = set(event.pgh_tracked_model.history_shown)
    others = {column.name for column in shown_fields(type(event), hidden)} - told
    changes = _plain_changes(event, links, {*hidden, *others})
    if changes or event.pgh_label != "update":
        return changes
    return _plain_changes(event, links, hidden)


def _changes_inside(event: Event, name: str, reader: Reader) -> list[Change]:
    if not hasattr(event, name):
        return []
    now = getattr(event, name)
    if event.pgh_label == "delete":
        return reader(now, None)
    earlier = event.earlier if event.pgh_label == "update" else None
    return reader(None if earlier is None else getattr(earlier, name), now)


def _plain_changes(event: Event, links: Links, hidden: Collection[str]) -> list[Change]:
    if event.pgh_label == "delete":
        return [
            Change(_label(event, column), in_words(event, column, _raw(event, column), links), "—")
            for column in shown_fields(type(event), hidden)
            if not _is_plain(column, _raw(event, column))
        ]
    previous = event.earlier if event.pgh_label == "update" else None
    changes = []
    for column in shown_fields(type(event), hidden):
        old, new = _raw(previous, column), _raw(event, column)
        if previous is None and _is_plain(column, new):
            continue
        if previous is not None and old == new:
            continue
        before = None if previous is None else in_words(event, column, old, links)
        after = in_words(event, column, new, links)
        changes.append(Change(_label(event, column), before, after))
    return changes


def shown_fields(model: type[models.Model], hidden: Collection[str]) -> list[Any]:
    """Columns of the tracked record that a reader wants to know about."""
    tracked = getattr(model, "pgh_tracked_model", None)
    told = {getattr(tracked, "history_of", ""), *(column.name for column in naming_fields(model))}
    return [
        column
        for column in model._meta.concrete_fields
        if not column.name.startswith("pgh_")
        and column.name not in {*told, *hidden}
        and (tracked is None or is_told(tracked._meta.get_field(column.name)))
    ]


def naming_fields(model: type[models.Model]) -> list[Any]:
    """The columns by which a line is called: what it is about."""
    names = getattr(getattr(model, "pgh_tracked_model", None), "history_named", ())
    return [model._meta.get_field(name) for name in names]


def line_name(event: Event, links: Links) -> str:
    """What the line is about, as it was called then where it has a name of its own."""
    words = []
    for column in naming_fields(type(event)):
        value = _raw(event, column)
        if column.name == "month":
            words.append(f"{value:%m.%Y}")
        elif value not in (None, "") and not (column.name == "name" and words):
            words.append(in_words(event, column, value, links))
    return ", ".join(words)


def _raw(event: Event | None, column: Any) -> Any:
    value = None if event is None else getattr(event, column.attname)
    return read(value) if isinstance(value, str) else read_inside(value)


def _is_plain(column: Any, value: Any) -> bool:
    """Empty or the default: not worth a line in the entry of a new row."""
    return value in (None, "", [], {}, False) or value == column.get_default()


def _label(event: Event, column: Any) -> str:
    """The verbose name of the tracked model's field."""
    return label_of(event.pgh_tracked_model._meta.get_field(column.name))


def in_words(event: Event, column: Any, value: Any, links: Links) -> str:
    """A stored value as a person reads it."""
    if value is None or value in ("", [], {}):
        return DASH
    if column.related_model is not None:
        return links.name(column.related_model, value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return measured(event, column, value)
    return format_phone(value) if column.name in PHONES else plain(value)


def plain(value: Any) -> str:
    """A value without a field: yes and no, dates, numbers, lists."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, list | tuple):
        return ", ".join(plain(item) for item in value)
    return str(value)
