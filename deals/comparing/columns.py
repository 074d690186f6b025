"""The header of a statement: one half, or both halves of an act in the form of 1C (D.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crm.imports import synonyms
from crm.imports.reading import header_key
from crm.names import search_key
from deals.comparing.grid import Grid, known

DEEPEST = 200  # rows above the header that are looked at
ABOVE = 4  # rows above it that may say whose half it is
_CURRENCY = re.compile(synonyms.CURRENCY_TAIL, re.IGNORECASE)
SIDES = ("debit", "credit")
Row = Sequence[str]


@dataclass(frozen=True)
class Half:
    """Columns of one side's figures: from `first` to `last`, the debit and credit among them."""

    first: int
    last: int
    debit: int
    credit: int
    day: int | None
    text: int | None
    number: int | None
    of: str = ""

    def words(self, row: Row) -> list[str]:
        """What the half says besides amounts and numbers."""
        left = {*self.sums, self.number}
        return [row[at] for at in range(self.first, min(self.last + 1, len(row)))
                if at not in left and row[at]]  # fmt: skip

    @property
    def sums(self) -> tuple[int, int]:
        """Columns of debit and credit."""
        return self.debit, self.credit


def cell(row: Row, at: int | None) -> str:
    """A cell of a row that may be too short for it."""
    return row[at] if at is not None and at < len(row) else ""


def find_header(grid: Grid) -> tuple[int, list[Half]] | None:
    """The first row that names debit and credit, with its halves; None without one."""
    for at, row in enumerate(grid.rows[:DEEPEST]):
        names = [known(name) for name in row]
        if "debit" in names and "credit" in names:
            halves = _halves(_with_row_above(names, grid.rows[at - 1] if at else ()))
            if halves:
                return at, [_named(half, grid.rows[max(0, at - ABOVE) : at]) for half in halves]
    return None


def _with_row_above(names: list[str], above: Row) -> list[str]:
    """Names of a header of two rows: day and text may stand in the upper one."""
    upper = [known(name) for name in above]
    width = max(len(names), len(upper))
    lower = names + [""] * (width - len(names))
    upper += [""] * (width - len(upper))
    return [name or (other if other not in SIDES else "")
            for name, other in zip(lower, upper, strict=True)]  # fmt: skip


def _halves(names: list[str]) -> list[Half]:
    """A half ends with its second amount; what stands left of it is its own."""
    found: list[Half] = []
    sums: dict[str, int] = {}
    first = 0
    for at, name in enumerate(names):
        if name in SIDES:
            sums.setdefault(name, at)
        if len(sums) == 2:
            found.append(_half(names, first, at, sums))
            first, sums = at + 1, {}
    if len(found) == 1:  # the rest of the row is its own, too
        return [_half(names, 0, len(names) - 1, dict(zip(SIDES, found[0].sums, strict=True)))]
    return found


def _half(names: list[str], first: int, last: int, sums: dict[str, int]) -> Half:
    own = {names[place]: place for place in range(last, first - 1, -1) if names[place]}
    debit, credit = sums["debit"], sums["credit"]
    return Half(first, last, debit, credit, own.get("day"), own.get("text"), own.get("number"))


def _named(half: Half, above: Sequence[Row]) -> Half:
    """The half with the name that stands above it: «По данным ООО Ромашка, руб.»."""
    for row in reversed(above):
        for at in range(half.first, half.last + 1):
            if header_key(cell(row, at)).startswith(synonyms.DATA_OF):
                name = cell(row, at).strip()[len(synonyms.DATA_OF) :].strip(" :")
                return replace(half, of=_CURRENCY.sub("", name).strip(" ,:"))
    return half


def is_of(half: Half, names: Sequence[str]) -> bool:
    """Whether the half is said to be that of one of the names."""
    said = f" {search_key(half.of)} "
    return any(key.strip() and f" {key} " in said for key in map(search_key, names))
