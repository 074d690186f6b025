"""Which row is the header, and how column names are compared."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from crm.imports import synonyms

FIRST_ROWS = 20
LEAST_KNOWN = 2
_NOT_WORD = re.compile(r"[\W_]+")
_IN_BRACKETS = re.compile(r"\([^()]*\)")

Known = Callable[[str], str]  # name of the field that a column name means, else ""


def header_key(text: str) -> str:
    """Return a column name without case, punctuation and ё, for comparing."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(synonyms.SAME_LETTERS)
    return _NOT_WORD.sub(" ", plain).strip()


def bare_key(text: str) -> str:
    """The same without what stands in brackets: «Answered (Y/N)» is «answered»."""
    return header_key(_IN_BRACKETS.sub(" ", text))


def known_fields(cells: Sequence[str], known: Known) -> set[str]:
    """Fields that the cells of a row name."""
    return {field for cell in cells if cell and (field := known(cell))}


def find_header(rows: Sequence[Sequence[str]], known: Known) -> tuple[int, bool]:
    """Index of the header among the first rows and whether its names were recognised.

    It is the row with the most known names, at least two, or all of a narrower table. Without one
    it is the first row with two cells, for the person to say what they mean; -1 when none has.
    """
    best, most = -1, 0
    for index, cells in enumerate(rows[:FIRST_ROWS]):
        count = len(known_fields(cells, known))
        if count > most:
            best, most = index, count
    if best >= 0:
        filled = sum(1 for cell in rows[best] if cell)
        if most >= min(LEAST_KNOWN, filled):
            return best, True
    for index, cells in enumerate(rows[:FIRST_ROWS]):
        if sum(1 for cell in cells if cell) >= LEAST_KNOWN:
            return index, False
    return -1, False
