"""Reading of 1C's reports about debts: «Задолженность покупателей», with or without intervals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm import calendar
from crm.imports import synonyms
from crm.imports.reading import Limits, Line, Table, Unreadable, header_key, workbook
from crm.imports.reading.headers import Known
from crm.imports.values import day as read_day
from deals.importers.debt_tree import Buyer, Node, Sums, buyers, document_kind
from deals.importers.numbers import money

# What a line of the table says; the first report gives all sums, the second only a debt.
COLUMNS = (
    *("buyer", "inn", "contract", "document", "debt", "advance", "sold", "paid"),
    *("received", "overdue"),
)
HEAD = 12  # rows above the data
_DATES = re.compile(r"(\d{2}\.\d{2}\.\d{4})")
_MONTHS = re.compile(r"(\w+) (\d{4}) г")
_NUMBERS = re.compile(r"\d+")
Rows = Sequence[Sequence[str]]


def read_receivables(content: bytes, known: Known, limits: Limits) -> Table:
    """The report as lines with their sums; raises Unreadable when it is none."""
    if not content.startswith(b"PK"):
        raise Unreadable(_("This is not an XLSX workbook. Save the report as XLSX."))
    workbook.check(content, limits)
    for sheet in workbook.sheets(content, limits):
        table = _by_intervals(sheet.rows, sheet.start) or _by_columns(sheet.rows, sheet.start)
        if table is not None:
            return table
    raise Unreadable(
        _("This is not the report of 1C about the debts of buyers: its columns were not found.")
    )


def _by_columns(rows: Rows, start: int) -> Table | None:
    """Report 1: name, INN, then eight sums from the opening debt to the closing advance."""
    period = _period(rows)
    first = next((at for at, row in enumerate(rows) if at and _is_data(row)), None)
    if period is None or first is None:
        return None
    data = ((start + at, row) for at, row in enumerate(rows[first:], start=first))
    tree = buyers(
        (number, row[0].strip(), _cell(row, 1), _sums(row, range(2, 10)))
        for number, row in data
        if row and row[0].strip()
    )
    day = period[0] - timedelta(days=1)
    lines = [line for buyer in tree for line in _lines_of(buyer, _columns_of)]
    return _table(lines, start + first - 1, {"opening": day, "closing": period[1]})


def _columns_of(_node: Node, sums: Sums) -> Iterator[list[str]]:
    debt, advance, sold, paid, received = sums[:5]
    if any(value > 0 for value in sums[:5]) or sums[2] < 0:
        yield [*map(_text, (debt, advance, sold, paid, received)), ""]


def _by_intervals(rows: Rows, start: int) -> Table | None:
    """Report 2: the total, what is not due, and intervals of days as the header names them."""
    at = next((at for at, row in enumerate(rows[:HEAD]) if _is_interval_header(row)), None)
    if at is None:
        return None
    day = next((d for row in rows[:at] for d in _days_in(" ".join(row))[-1:]), None)
    header = [header_key(cell) for cell in rows[at]]
    columns = _interval_columns(header)
    if day is None or not columns:
        return None
    inn = next((i for i, name in enumerate(header) if name == "инн"), None)
    tree = buyers(
        (
            *(start + at + 1 + n, row[0].strip(), _cell(row, inn) if inn else ""),
            _sums(row, [i for i, _days in columns]),
        )
        for n, row in enumerate(rows[at + 1 :])
        if row and row[0].strip()
    )
    days = [overdue for _i, overdue in columns]

    def shown(_node: Node, sums: Sums) -> Iterator[list[str]]:
        for debt, overdue in zip(sums, days, strict=True):
            if debt > 0:
                yield [_text(debt), "", "", "", "", "" if overdue is None else str(overdue)]

    lines = [line for buyer in tree for line in _lines_of(buyer, shown)]
    return _table(lines, start + at, {"opening": day, "closing": day})


def _is_interval_header(row: Sequence[str]) -> bool:
    return {synonyms.ALL, synonyms.NOT_DUE} <= {header_key(cell) for cell in row}


def _interval_columns(header: Sequence[str]) -> list[tuple[int, int | None]]:
    """(column, days overdue at least); None is not due yet."""
    found: list[tuple[int, int | None]] = []
    for at, name in enumerate(header):
        numbers = _NUMBERS.findall(name)
        if name == synonyms.NOT_DUE:
            found.append((at, None))
        elif at and numbers:
            beyond = len(numbers) == 1 and not name.startswith(("до", "1"))
            found.append((at, int(numbers[0]) + beyond if len(numbers) > 1 or beyond else 1))
    return found


def _lines_of(buyer: Buyer, shown: Callable[[Node, Sums], Iterator[list[str]]]) -> Iterator[Line]:
    """Contracts with what their documents do not explain, then the documents."""
    for contract in buyer.children:
        head = [buyer.name, buyer.inn, contract.name]
        for cells in shown(contract, contract.rest):
            yield Line(contract.row, [*head, "", *cells])
        for document in contract.children:
            for cells in shown(document, document.sums):
                yield Line(document.row, [*head, document.name, *cells])


def _table(lines: list[Line], header_row: int, extra: dict[str, date]) -> Table:
    if not lines:
        raise Unreadable(_("The report has no debts."))
    return Table(list(COLUMNS), header_row, lines, extra=extra)


def _is_data(row: Sequence[str]) -> bool:
    """A name and at least one sum."""
    if not row or not row[0].strip() or (_DATES.search(row[0]) and not document_kind(row[0])):
        return False
    return any(_is_number(cell) for cell in row[2:10])


def _is_number(cell: str) -> bool:
    try:
        money(cell.strip())
    except ValidationError:
        return False
    return True


def _sums(row: Sequence[str], columns: Sequence[int] | range) -> Sums:
    values = []
    for at in columns:
        cell = _cell(row, at)
        values.append(money(cell) if _is_number(cell) else Decimal(0))
    return tuple(values)


def _cell(row: Sequence[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""


def _text(value: Decimal) -> str:
    return str(value) if value else ""


def _period(rows: Rows) -> tuple[date, date] | None:
    """The first and last day that the title names, by days or by months."""
    for row in rows[:HEAD]:
        text = " ".join(row)
        days = _days_in(text)
        if len(days) >= 2:
            return days[0], days[1]
        months = [
            (int(year), synonyms.MONTHS.index(name.casefold()) + 1)
            for name, year in _MONTHS.findall(text)
            if name.casefold() in synonyms.MONTHS
        ]
        if months:
            return date(*months[0], 1), calendar.month_end(*months[-1])
    return None


def _days_in(text: str) -> list[date]:
    found = []
    for part in _DATES.findall(text):
        try:
            found.append(read_day(part))
        except ValidationError:
            continue
    return found
