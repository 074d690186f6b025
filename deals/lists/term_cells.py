"""A cell with a last day: what became of it, how many days are left, by how many it is late."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.markup import escaped
from crm.shell.templatetags.shell import icon

SOON = 7  # calendar days of which the cell says how many are left


def term_cell(by: date, done: date | None, words: str, *, is_open: bool) -> str:
    """A day; under it when it was done, and how many days are left or it is late by."""
    notes, days = [], ((done or timezone.localdate()) - by).days
    if done is not None:
        notes.append(note_under(words % {"day": in_figures(done)}))
        if days > 0:
            notes.append(note_under(_late(days), "text-warning-emphasis"))
    elif is_open and days > 0:
        notes.append(note_under(_late(days), "text-danger", "alert-circle"))
    elif is_open and days >= -SOON:
        notes.append(note_under(_left(-days)))
    return SafeString(f'<span class="term-cell">{in_figures(by)}{"".join(notes)}</span>')


def note_under(text: str, tone: str = "text-secondary", glyph: str = "") -> SafeString:
    """A small line under the figure of a cell."""
    mark = f"{icon(glyph)} " if glyph else ""
    return SafeString(f'<span class="d-block small {tone}">{mark}{escaped(text)}</span>')


def in_figures(day: date) -> str:
    """The day as 23.11.2026; `strftime` takes four times as long."""
    return f"{day.day:02d}.{day.month:02d}.{day.year:04d}"


def _late(days: int) -> str:
    return ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days}


def _left(days: int) -> str:
    if days == 0:
        return _("today")
    return ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}
