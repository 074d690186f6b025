"""What was done to a record after a page had shown it: who, when, from → to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.history_values import Reader
from crm.accounts.history_view import Entry, history_page
from crm.accounts.models import User

SAID = 3


def changes_since(
    record: Model,
    version: int,
    *,
    viewer: User,
    hidden: Collection[str] = (),
    inside: Mapping[str, Reader] | None = None,
) -> list[Entry]:
    """Entries of the history that made the version which was shown an old one, newest first.

    `hidden` and `inside` are those of the record's own history.
    """
    events: Any = getattr(record, "events", None)
    if events is None or not version:
        return []
    later = events.filter(version__gt=version).order_by("pgh_id")
    first = later.values_list("pgh_created_at", flat=True).first()
    if first is None:
        return []
    page = history_page(record, viewer=viewer, hidden=hidden, inside=inside)
    return [entry for entry in page.entries if entry.at >= first]


def in_words(entries: list[Entry]) -> str:
    """The changes as a sentence for a toast: the latest ones, the rest stands in the history."""
    return "; ".join(_entry(one) for one in entries[:SAID])


def _entry(entry: Entry) -> str:
    at = f"{timezone.localtime(entry.at):%d.%m.%Y %H:%M}"
    words = {"who": entry.by, "at": at, "what": entry.title}
    changes = [change for piece in entry.pieces for change in piece.changes][:SAID]
    told = ", ".join(_change(one.label, one.before, one.after) for one in changes)
    head = _("%(who)s, %(at)s – %(what)s") % words
    return f"{head}: {told}" if told else head


def _change(label: str, before: Any, after: Any) -> str:
    return f"{label} {after}" if before is None else f"{label} {before} → {after}"
