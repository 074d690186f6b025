"""Tables for other programs: CSV and XLSX in which no text can act as a formula (G-IO3)."""

import csv
import io
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import IO, Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from crm.money import NBSP


class Kind(StrEnum):
    """What a column holds; decides format and alignment on screen and in files."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    DATETIME = "datetime"
    YESNO = "yesno"
    CHOICE = "choice"


BOM = "\ufeff"
MAX_XLSX_ROWS = 1_048_575  # rows of a sheet without its header
MAX_XLSX_TEXT = 32_767
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = "\t\n\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u2060\u3000\ufeff\u180e" + "".join(
    map(chr, range(0x2000, 0x2010))
)
_TRIGGERS = frozenset("=+-@|%")
_BEFORE_INITIALS = re.compile(rf"{NBSP}(?=\w\.)")
_NUMBER_FORMATS = {
    Kind.MONEY: "#,##0.00",
    Kind.PERCENT: "0.00",
    Kind.DATE: "dd.mm.yyyy",
    Kind.DATETIME: "dd.mm.yyyy hh:mm",
}
_WIDTHS = {
    Kind.TEXT: 32,
    Kind.CHOICE: 20,
    Kind.MONEY: 16,
    Kind.NUMBER: 12,
    Kind.PERCENT: 10,
    Kind.DATE: 12,
    Kind.DATETIME: 17,
    Kind.YESNO: 8,
}


@dataclass(frozen=True)
class About:
    """What a workbook tells besides its rows: names its sheet, has facts on one more, adds up."""

    title: str = ""
    facts: Sequence[tuple[str, str]] = ()
    foot: Callable[[], Sequence[Any]] | None = None  # asked when all rows are written


def clean_text(text: str) -> str:
    """Drop the characters that XML 1.0 cannot hold, so that one bad note spoils no file (M12)."""
    return _FORBIDDEN.sub("", text)


def plain_spaces(text: str) -> str:
    """Names with common spaces before the initials: people and programs search by them."""
    return _BEFORE_INITIALS.sub(" ", text)


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet might read the text as a formula, full-width forms included."""
    if not text:
        return False
    if text[0] in "\t\r\n":
        return True
    visible = text.lstrip(_INVISIBLE)
    return bool(visible) and unicodedata.normalize("NFKC", visible[0])[:1] in _TRIGGERS


def _plain(value: Any) -> Any:
    """Bring a value to None, int, float, Decimal, date, naive local datetime or clean text."""
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    if isinstance(value, date):
        return value
    if isinstance(value, (list, tuple)):
        value = ", ".join(map(str, value))
    return plain_spaces(clean_text(str(value)))


def csv_cell(value: Any) -> str:
    """A cell as Russian spreadsheets read it; formula-like text starts with an apostrophe."""
    plain = _plain(value)
    if plain is None:
        return ""
    if isinstance(plain, str):
        return "'" + plain if is_formula_like(plain) else plain
    if isinstance(plain, datetime):
        return f"{plain:%d.%m.%Y %H:%M}"
    if isinstance(plain, date):
        return f"{plain:%d.%m.%Y}"
    if isinstance(plain, Decimal):
        return format(plain, "f").replace(".", ",")
    return str(plain).replace(".", ",")


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield a CSV file piece by piece: UTF-8 with a mark, semicolons, CRLF."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    buffer.write(BOM)
    writer.writerow([csv_cell(title) for title in header])
    for row in rows:
        writer.writerow([csv_cell(value) for value in row])
        if buffer.tell() > 32_768:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


class Sheet:
    """A worksheet that receives typed cells only; text is never parsed."""

    def __init__(
        self, book: xlsxwriter.Workbook, sheet: Worksheet, kinds: Sequence[Kind], **style: Any
    ) -> None:
        self.sheet = sheet
        self.kinds = kinds
        self.style = book.add_format(style) if style else None
        self.quoted: Format = book.add_format({"quote_prefix": True, **style})
        self.formats: dict[Kind, Format] = {
            kind: book.add_format({"num_format": shown, **style})
            for kind, shown in _NUMBER_FORMATS.items()
        }

    def text(self, row: int, column: int, text: str, style: Format | None = None) -> None:
        if len(text.encode("utf-16-le")) // 2 > MAX_XLSX_TEXT:
            text = text[: MAX_XLSX_TEXT // 2] + "…"
        if is_formula_like(text):
            style = self.quoted
        self.sheet.write_string(row, column, text, style or self.style)

    def cell(self, row: int, column: int, value: Any) -> None:
        plain = _plain(value)
        if plain is None or plain == "":
            return
        if isinstance(plain, str):
            self.text(row, column, plain)
        elif isinstance(plain, date):
            self._moment(row, column, plain)
        elif isinstance(plain, Decimal) and not plain.is_finite():
            self.text(row, column, str(plain))
        elif isinstance(plain, int) and abs(plain) >= 10**15:
            self.text(row, column, str(plain))  # a spreadsheet keeps 15 digits
        else:
            style = self.formats.get(self.kinds[column], self.style)
            self.sheet.write_number(row, column, plain, style)

    def _moment(self, row: int, column: int, value: date) -> None:
        kind = Kind.DATETIME if isinstance(value, datetime) else Kind.DATE
        if value.year < 1900:
            self.text(row, column, csv_cell(value))
        else:
            whole = value.replace(microsecond=0) if isinstance(value, datetime) else value
            self.sheet.write_datetime(row, column, whole, self.formats[kind])


def write_xlsx(
    file: IO[bytes],
    header: Sequence[str],
    kinds: Sequence[Kind],
    rows: Iterable[Sequence[Any]],
    about: About = About(),
) -> int:
    """Write a sheet of rows in constant memory and return their number, without a foot."""
    book = _book(file)
    number = _add_table(book, header, kinds, rows, about)
    if about.facts:
        _write_facts(book, about.facts)
    book.close()
    return number


@dataclass(frozen=True)
class Table:
    """A sheet of a workbook that has several."""

    header: Sequence[str]
    kinds: Sequence[Kind]
    rows: Iterable[Sequence[Any]]
    about: About


def write_book(file: IO[bytes], tables: Iterable[Table], facts: Sequence[tuple[str, str]]) -> None:
    """Write a sheet for each table, called by its title, and one of facts after them."""
    book = _book(file)
    for one in tables:
        _add_table(book, one.header, one.kinds, one.rows, one.about)
    _write_facts(book, facts)
    book.close()


def _book(file: IO[bytes]) -> xlsxwriter.Workbook:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    return xlsxwriter.Workbook(file, options)


def _add_table(
    book: xlsxwriter.Workbook,
    header: Sequence[str],
    kinds: Sequence[Kind],
    rows: Iterable[Sequence[Any]],
    about: About,
) -> int:
    target = Sheet(book, book.add_worksheet(_sheet_name(about.title)), kinds)
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for column, title in enumerate(header):
        target.text(0, column, clean_text(title), bold)
        target.sheet.set_column(column, column, _WIDTHS[kinds[column]])
    number = 0
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            target.cell(number, column, value)
    if about.foot is not None and number:
        foot = Sheet(book, target.sheet, kinds, bold=True, top=1)
        for column, value in enumerate(about.foot()):
            foot.cell(number + 1, column, value)
    _comforts(target.sheet, number, len(header), about.title)
    return number


def _sheet_name(title: str) -> str | None:
    """What a spreadsheet takes as the name of a sheet; None leaves it to the program."""
    return re.sub(r"[\[\]:*?/\\]", " ", clean_text(title)).strip(" '")[:31].strip(" '") or None


def _comforts(sheet: Worksheet, rows: int, columns: int, title: str) -> None:
    """The head stays in sight and on every printed page, which is as wide as the table."""
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, rows, columns - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    shown = clean_text(title).replace("&", "&&")[:200]
    sheet.set_footer(f"&L{shown}&R&P / &N")


def _write_facts(book: xlsxwriter.Workbook, facts: Sequence[tuple[str, str]]) -> None:
    sheet = Sheet(book, book.add_worksheet(_("About the file")), [Kind.TEXT, Kind.TEXT])
    sheet.sheet.set_column(0, 0, 24)
    sheet.sheet.set_column(1, 1, 60)
    for row, pair in enumerate(facts):
        for column, text in enumerate(pair):
            sheet.text(row, column, clean_text(text))
