"""Rows of a campaign's progress, written here because a template per cell is what costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clients.querysets.registration import SheetSums
from crm.money import format_number
from crm.shell.templatetags.formats import percent
from crm.shell.templatetags.shell import progress


@dataclass(frozen=True)
class Cell:
    """A number and the sheets behind it."""

    count: int
    url: str


@dataclass(frozen=True)
class Line:
    """A unit or a manager with its figures; `depth` indents it."""

    name: str
    sums: SheetSums
    depth: int
    is_unit: bool
    url: str  # of its sheets

    def _cell(self, count: int, more: str = "") -> Cell:
        return Cell(count, f"{self.url}&{more}" if more else self.url)

    @property
    def total(self) -> Cell:
        return self._cell(self.sums.total)

    @property
    def approved(self) -> Cell:
        return self._cell(self.sums.approved, "state=approved")

    @property
    def submitted(self) -> Cell:
        return self._cell(self.sums.submitted, "state=submitted")

    @property
    def returned(self) -> Cell:
        return self._cell(self.sums.returned, "state=returned")

    @property
    def left(self) -> Cell:
        """Still to be filled in or mended."""
        sums = self.sums
        return self._cell(sums.not_started + sums.in_progress + sums.returned, "step=open")

    @property
    def not_started(self) -> Cell:
        return self._cell(self.sums.not_started, "state=not_started")

    @property
    def overdue(self) -> Cell:
        return self._cell(self.sums.overdue, "step=overdue")

    @property
    def late(self) -> Cell:
        return self._cell(self.sums.late, "step=late")

    @property
    def tone(self) -> str:
        """Red where something is overdue, green where all is collected."""
        if self.sums.overdue:
            return "danger"
        return "success" if self.sums.approved == self.sums.total else ""


class CellWriter:
    """Writes the figures of lines; the labels are looked up once."""

    def __init__(self) -> None:
        self._bar = _("Approved")
        self._share = escape(_("Collected, %"))
        self._whole = escape(_("Completeness"))
        counts = (
            ("total", _("Sheets")),
            ("approved", self._bar),
            ("late", pgettext("sheets", "Late")),
            ("submitted", _("To be checked")),
            ("returned", _("Returned")),
            ("not_started", _("Not started")),
            ("overdue", _("Overdue")),
        )
        self._counts = {name: escape(label) for name, label in counts}

    def write(self, line: Line) -> str:
        """The cells after the name, in the order of the heading."""
        sums = line.sums
        bar = progress(sums.approved, sums.total, self._bar, line.tone)
        share = percent(sums.collected_pct, 1)
        collected = f'<td class="num" data-label="{self._share}">{share} {bar}</td>'
        written = [self._count(line, name) for name in self._counts]
        whole = percent(sums.completeness_pct, 1)
        last = f'<td class="num" data-label="{self._whole}">{whole}</td>'
        return "".join([*written[:2], collected, *written[2:], last])

    def _count(self, line: Line, name: str) -> str:
        cell: Cell = getattr(line, name)
        css = "num text-danger" if name == "overdue" and cell.count else "num"
        return (
            f'<td class="{css}" data-label="{self._counts[name]}">'
            f'<a href="{escape(cell.url)}">{format_number(cell.count)}</a></td>'
        )


def write_rows(lines: Iterable[Line]) -> SafeString:
    """A row a line, units stressed and what is below them indented."""
    writer = CellWriter()
    return mark_safe("".join(_row(line, writer) for line in lines))


def write_foot(whole: Line) -> SafeString:
    """The cells of the total."""
    return mark_safe(CellWriter().write(whole))


def _row(line: Line, writer: CellWriter) -> str:
    css = ' class="plan-unit"' if line.is_unit else ""
    link = f'<a href="{escape(line.url)}">{escape(line.name)}</a>'
    name = f'<td class="stack-title plan-depth-{line.depth}">{link}</td>'
    return f"<tr{css}>{name}{writer.write(line)}</tr>"
