"""What reading gives, what it refuses and how much it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from crm.errors import RuleViolation


class Unreadable(RuleViolation):
    """The file as a whole is refused; the text says why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")


@dataclass(frozen=True)
class Limits:
    """How much one file may be (G-IO2); the policy numbers are rows of the settings registry."""

    rows: int = 100_000
    long_rows: int = 500_000  # of kinds whose lines are not kept in memory
    columns: int = 256
    file_bytes: int = 20 * 1024 * 1024
    unpacked_bytes: int = 100 * 1024 * 1024
    ratio: int = 100  # unpacked to packed
    entries: int = 2_000
    seconds: int = 40
    memory_bytes: int = 1536 * 1024 * 1024


class Line(NamedTuple):
    """A row with its number in the file, as a spreadsheet shows it."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """Header and rows of a file; every cell is trimmed text."""

    header: list[str]
    header_row: int
    lines: Sequence[Line]
    recognised: bool = True  # the header has known names; otherwise it is the first full row
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    notes: list[str] = field(default_factory=list)
    extra: Any = None  # of a format of its own: what stands beside its rows
    about: dict[str, Any] = field(default_factory=dict)  # of it, what the page of options needs
