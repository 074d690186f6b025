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
LATE = "text-warning-emphasis"  # what was done too late


def term_cell(by: date, done: date | None, words: str = "", *, is_open: bool) -> str:
    """A day; under it when it was done (`words`), how many days are left or it is late by."""
    if done is None:
        return day_cell(by, open_note(by) if is_open else "")
    when = note_under(words % {"day": in_figures(done)}) if words else ""
    days = (done - by).days
    return day_cell(by, when, note_under(days_late(days), LATE) if days > 0 else "")


def day_cell(day: date, *notes: str) -> str:
    """A day with its small lines; the empty ones are left out."""
    return SafeString(f'<span class="term-cell">{in_figures(day)}{"".join(notes)}</span>')


def open_note(by: date) -> str:
    """Under the last day of what is still open: late by how many days, or how many are left."""
    days = (timezone.localdate() - by).days
    if days > 0:
        return alarm_under(days_late(days))
    return note_under(days_left(-days)) if days >= -SOON else ""


def alarm_under(text: str) -> SafeString:
    """A small line that asks for action today."""
    return note_under(text, "text-danger", "alert-circle")


def note_under(text: str, tone: str = "text-secondary", glyph: str = "") -> SafeString:
    """A small line under the figure of a cell."""
    mark = f"{icon(glyph)} " if glyph else ""
    return SafeString(f'<span class="d-block small {tone}">{mark}{escaped(text)}</span>')


def in_figures(day: date) -> str:
    """The day as 23.11.2026; `strftime` takes four times as long."""
    return f"{day.day:02d}.{day.month:02d}.{day.year:04d}"


def days_late(days: int) -> str:
    """How late, in words; `days` is above zero."""
    return ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days}


def days_left(days: int) -> str:
    """How many days are left, in words; today if none."""
    if days == 0:
        return _("today")
    return ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}
