"""CSV: encoding and separator are found, quotes honoured, damaged text refused."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass
from itertools import islice

import charset_normalizer

from crm.imports import synonyms
from crm.imports.reading.headers import FIRST_ROWS, Known, known_fields
from crm.imports.reading.table import Limits, Unreadable
from crm.said import gettext as _
from crm.tabular import is_formula_like

SEPARATORS = ";\t,|"
SAMPLE = 64 * 1024
FIELD_LIMIT = 131_072
FEW = 5  # control characters that a text may hold; its rows are refused one by one
MOST_LINES_IN_CELL = 200  # more means that a quote was opened and never closed
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: it begins with the same bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
RUSSIAN = ("cp1251", "cp866")
_CONTROLS = dict.fromkeys(i for i in range(32) if chr(i) not in "\t\n\r\x0c\x1a")
_SPACES = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u2009": " ", "\ufeff": None, "\u200b": None}
)


@dataclass(frozen=True)
class Text:
    """Rows of a CSV file and how it was read."""

    rows: list[list[str]]
    encoding: str
    separator: str


def read(content: bytes, known: Known, limits: Limits) -> Text:
    """Read a text file as a table; raises Unreadable."""
    decoded, encoding = decode(content)
    _refuse_markup(decoded)
    decoded, separator = _named_separator(decoded.rstrip("\x1a"))
    separator = separator or find_separator(decoded, known)
    return Text(_rows(decoded, separator, limits), encoding, separator)


def as_utf8(content: bytes, known: Known) -> tuple[bytes, str, str]:
    """The same text in UTF-8, its own encoding and its separator; raises Unreadable."""
    decoded, encoding = decode(content)
    _refuse_markup(decoded)
    decoded, separator = _named_separator(decoded.rstrip("\x1a"))
    separator = separator or find_separator(decoded, known)
    if encoding == "utf-8" and decoded.isascii() and len(decoded) == len(content):
        return content, encoding, separator
    return decoded.encode("utf-8", "replace"), encoding, separator


def decode(content: bytes) -> tuple[str, str]:
    """Text and its encoding: told by a mark, else UTF-8, UTF-16, or a Russian one by letters."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _checked(_strictly(content, encoding), encoding)
    if b"\x00" in content:
        return _checked(_strictly(content, _wide_encoding(content)), "utf-16")
    try:
        return _checked(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(content) - 3:  # cut in the middle of the last letter
            return _checked(content[: error.start].decode("utf-8"), "utf-8")
        _refuse_damaged(content, error)
    return _checked(*_by_letters(content))


def _wide_encoding(content: bytes) -> str:
    """UTF-16 without a mark: zero bytes stand on one side of the letters of a header."""
    head = content[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(content) % 2 or max(even, odd) < len(head) // 20 or min(even, odd) * 10 > max(even, odd):
        raise _not_text()
    return "utf-16-le" if odd > even else "utf-16-be"


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, UnicodeError):
        raise Unreadable(
            _("The text is damaged: it is not %(encoding)s all through.")
            % {"encoding": encoding.removesuffix("-sig").upper()}
        ) from None


def _refuse_damaged(content: bytes, error: UnicodeDecodeError) -> None:
    """A UTF-8 file with a few wrong bytes is damaged, not written in another encoding."""
    replaced = content.decode("utf-8", "replace")
    wrong = replaced.count("\ufffd")
    if wrong * 20 < sum(1 for char in replaced if char > "\x7f"):
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            _("The text is damaged in line %(line)s: it is not UTF-8 there.") % {"line": line}
        )


def _by_letters(content: bytes) -> tuple[str, str]:
    """The Russian encoding that gives the likeliest letters; a library helps with the others."""
    sample = content[:SAMPLE]
    best = max(RUSSIAN, key=lambda encoding: likeness(sample.decode(encoding, "replace")))
    if likeness(sample.decode(best, "replace")) <= 0:
        guess = charset_normalizer.from_bytes(sample).best()
        if guess is None or guess.encoding not in {"cp1250", "cp1252", "latin_1", "mac_cyrillic"}:
            raise _not_text()
        best = guess.encoding
    return content.decode(best, "replace"), best


def likeness(text: str) -> int:
    """How much the letters beyond ASCII look like Russian text."""
    score = 0
    for char, count in Counter(text).items():
        if char > "\x7f":
            score += count * synonyms.LETTER_SCORES.get(char, -3)
    return score


def _checked(text: str, encoding: str) -> tuple[str, str]:
    """Refuse binary content that happens to decode."""
    sample = text[:SAMPLE]
    controls = len(sample) - len(sample.translate(_CONTROLS))
    if "\x00" in text or (controls >= FEW and controls * 100 > len(sample)):
        raise _not_text()
    return text, encoding.removesuffix("-sig")


def _not_text() -> Unreadable:
    return Unreadable(_("This is neither a CSV nor an XLSX file."))


def _refuse_markup(text: str) -> None:
    head = text[:2000].lstrip().casefold()
    if head.startswith(("<!doctype html", "<html")):
        raise Unreadable(_("This is a web page. Open it in a spreadsheet and save it as XLSX."))
    if head.startswith("<"):
        raise Unreadable(_("This is XML. Open it in a spreadsheet and save it as XLSX."))


def _named_separator(text: str) -> tuple[str, str]:
    """The first line `sep=;` that spreadsheets write; the row keeps its place."""
    end = text.find("\n", 0, 20)
    name = text[: end if end >= 0 else 20].strip()
    if name.startswith("sep=") and len(name) == 5:
        return text[end:] if end >= 0 else "", name[4]
    return text, ""


def find_separator(text: str, known: Known) -> str:
    """The separator that gives the most known names, then the most even rows."""
    return max(SEPARATORS, key=lambda separator: _fitness(text[:SAMPLE], separator, known))


def _fitness(sample: str, separator: str, known: Known) -> tuple[int, int, int]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    try:
        rows = [row for row in islice(reader, 60) if any(row)]
    except csv.Error:
        return (0, 0, 0)
    names = max((len(known_fields(row, known)) for row in rows[:FIRST_ROWS]), default=0)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, share = widths.most_common(1)[0] if widths else (0, 0)
    return (names if width else 0, share, width)


def _rows(text: str, separator: str, limits: Limits) -> list[list[str]]:
    """All rows with trimmed cells; a file whose quotes are wrong is read without belief in them."""
    try:
        return _read_rows(text, separator, limits, strict=True)
    except csv.Error:
        pass
    try:
        return _read_rows(text, separator, limits, strict=False)
    except csv.Error:
        raise Unreadable(_("A cell is too long. A quote is probably not closed.")) from None


def _read_rows(text: str, separator: str, limits: Limits, *, strict: bool) -> list[list[str]]:
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
    rows: list[list[str]] = []
    for row in reader:
        if len(rows) > limits.rows + FIRST_ROWS:
            raise refuse_too_many_rows(limits.rows)
        cells = [clean_cell(cell) for cell in row]
        if not strict and any(cell.count("\n") > MOST_LINES_IN_CELL for cell in cells):
            raise Unreadable(
                _("A quote that opens in row %(row)s is not closed.") % {"row": len(rows) + 1}
            )
        rows.append(cells)
    return rows


def refuse_too_many_rows(most: int) -> Unreadable:
    """The refusal of a file that is too long."""
    return Unreadable(_("The file has more than %(rows)s rows. Divide it.") % {"rows": most})


def clean_cell(cell: str) -> str:
    """Trimmed text with plain spaces; one apostrophe that guards a formula is taken off (M12)."""
    if not cell.isascii():
        cell = cell.translate(_SPACES)
    cell = cell.strip()
    if cell[:1] == "'" and is_formula_like(cell[1:]):
        return cell[1:]
    return cell
