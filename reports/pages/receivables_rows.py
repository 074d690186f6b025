"""Rows of the ageing table, written here because a template per cell is what costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.lists.cells import url_maker
from crm.shell.templatetags.formats import money, money_whole, percent
from crm.shell.templatetags.shell import category_badge, icon
from reports.queries.receivables.ageing import AgeingRow
from reports.queries.receivables.grouping import Name


@dataclass(frozen=True)
class Cell:
    """An amount and the documents behind it."""

    amount: Decimal
    url: str


@dataclass(frozen=True)
class Line:
    """A row of the table with its links."""

    row: AgeingRow
    name: Name
    url: str
    cells: list[Cell]
    total: Cell
    overdue: Cell


NOTHING = '<span class="text-secondary">–</span>'


class RowWriter:
    """Writes rows with the columns of one table; rare columns only where the total has them."""

    def __init__(self, intervals: Sequence[str], total: AgeingRow) -> None:
        self._intervals = [escape(label) for label in intervals]
        self._credit = url_maker("deals:credit")
        self._total, self._overdue = escape(_("Total")), escape(_("Overdue"))
        self._share = escape(_("Share overdue"))
        figures = [("reserve", _("Reserve"))]
        figures += [("disputed", _("Disputed"))] if total.disputed else []
        figures += [("advance", _("Advance"))] if total.advance else []
        self._figures = [(name, escape(label)) for name, label in figures]

    def write(self, lines: Iterable[Line]) -> SafeString:
        return mark_safe("".join(map(self._row, lines)))

    def _row(self, line: Line) -> str:
        row = line.row
        cells = [
            f'<th scope="row" class="stack-title">{self._name(line)}</th>',
            _cell(self._total, row.total, line.total.url, strong=True),
            _cell(self._overdue, row.overdue, line.overdue.url),
            self._percent(row),
            *(_cell(*pair) for pair in self._ages(line)),
            *(_cell(label, getattr(row, name)) for name, label in self._figures),
        ]
        return f"<tr>{''.join(cells)}</tr>"

    def _percent(self, row: AgeingRow) -> str:
        css = "num" if row.overdue else "num stack-none"  # a phone leaves out what is nothing
        return f'<td class="{css}" data-label="{self._share}">{percent(row.overdue_percent)}</td>'

    def _ages(self, line: Line) -> Iterable[tuple[str, Decimal, str]]:
        for label, cell in zip(self._intervals, line.cells, strict=True):
            yield label, cell.amount, cell.url

    def _name(self, line: Line) -> str:
        link = f'<a href="{escape(line.url)}">{escape(line.name.text)}</a>'
        client = line.name.client
        if client is None:
            return link
        says = escape(_("Debt and limit of %(client)s") % {"client": client})
        return (
            f"{category_badge(client.category)} {link} "
            f'<a class="text-secondary" href="{self._credit(client)}" aria-label="{says}">'
            f"{icon('credit-card')}</a>"
        )


def _cell(label: str, amount: Decimal, url: str = "", *, strong: bool = False) -> str:
    if not amount and not strong:
        return f'<td class="num stack-none" data-label="{label}">{NOTHING}</td>'
    text = money_whole(amount)
    inner = f"<strong>{text}</strong>" if strong else text
    tag, where = ("a", f' href="{escape(url)}"') if url else ("span", "")
    return (
        f'<td class="num" data-label="{label}">'
        f'<{tag}{where} title="{money(amount)}">{inner}</{tag}></td>'
    )
