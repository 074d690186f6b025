"""What can be imported: each kind is declared once and read, checked and applied the same way.

    class Clients:                                    # one pass over one file
        def __init__(self, run: Run, lines: Sequence[Line]) -> None: ...
        def decide(self, lines: Sequence[Line]) -> list[Outcome]: ...    # reads only
        def write(self, outcomes: list[Outcome]) -> None: ...        # not called by a dry run
        def finish(self) -> None: ...     # once, at the end; a dry run writes nothing
        def explain(self, outcome: Outcome) -> list[Change]: ...     # for the sample of the preview

    registry.register(ImportKind(kind="clients", label=_("Clients"), fields=[…], start=Clients, …))

A kind with a format of its own (a bank's statement, XML) gives `read`, which makes the table, and
`fixed_columns`, so that nobody is asked what its columns mean.

`decide` says of every row whether it is created, updated, unchanged or refused and why; the
engine counts, keeps the sample of the preview and stores refusals. Rows of one file share one
pass, so that a later row may know what an earlier one decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from django import forms
from django.utils.functional import Promise

from crm.declaring import declare
from crm.imports.journal import Journal
from crm.imports.reading import Limits, Line, Table, header_key, read_table
from crm.imports.reading.headers import Known, bare_key

if TYPE_CHECKING:
    from crm.accounts.models import User
    from crm.imports.models import ImportJob

Text = str | Promise


class Result(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Change:
    """A value before and after, in words."""

    label: str
    before: str
    after: str


@dataclass(slots=True)
class Outcome:
    """What becomes of one row; `plan` is the importer's own."""

    line: Line
    result: Result
    title: str = ""
    reason: str = ""
    warnings: list[str] = field(default_factory=list)
    plan: Any = None


@dataclass(frozen=True)
class ImportField:
    """A value that a column can give; names of columns stand in `synonyms`."""

    name: str
    label: Text
    help: Text = ""


@dataclass(frozen=True)
class ImportOption:
    """A choice for the whole file; `field` builds the form field for the person who imports."""

    name: str
    field: Callable[[User | None], forms.Field]


@dataclass
class Run:
    """One pass over one file: who, when, with which columns and options."""

    by: User | None  # None: the command line
    now: datetime
    today: date
    columns: Mapping[str, int]  # field → column
    options: Mapping[str, Any]
    dry: bool
    journal: Journal = field(default_factory=Journal)
    facts: dict[str, Any] = field(default_factory=dict)  # further counts, e.g. people created
    extra: Any = None  # what the reader of the kind found beside the rows
    notes: list[str] = field(default_factory=list)  # sentences about the whole file

    @property
    def author_id(self) -> int | None:
        """For the columns that say who wrote a row."""
        return self.by.pk if self.by else None

    def values(self, line: Line) -> dict[str, str]:
        """The filled cells of the row by field."""
        cells = line.cells
        return {name: cell for name, at in self.columns.items() if (cell := cells[at])}

    def count(self, fact: str, number: int = 1) -> None:
        """Add to a further count of the result."""
        self.facts[fact] = self.facts.get(fact, 0) + number


class Importing(Protocol):
    """One pass over one file."""

    def decide(self, lines: Sequence[Line]) -> list[Outcome]: ...

    def write(self, outcomes: list[Outcome]) -> None: ...

    def finish(self) -> None: ...

    def explain(self, outcome: Outcome) -> list[Change]: ...


def equal_portions(
    importing: Importing,
    lines: Sequence[Line],
    size: int,
) -> Iterator[Sequence[Line]]:
    """So many rows after so many."""
    for start in range(0, len(lines), size):
        yield lines[start : start + size]


@dataclass(frozen=True)
class ImportKind:
    """A kind of file; `required` are alternatives of fields of which one must have columns."""

    kind: str
    label: Text
    description: Text
    icon: str
    fields: Sequence[ImportField]
    synonyms: Mapping[str, tuple[str, ...]]
    start: Callable[[Run, Sequence[Line]], Importing]
    may_import: Callable[[User], bool]
    required: Sequence[tuple[str, ...]] = ()
    options: Sequence[ImportOption] = ()
    portion: int = 2_000
    # How the file is cut; a kind whose rows belong together in groups keeps each in one portion.
    portions: Callable[[Any, Sequence[Line], int], Iterator[Sequence[Line]]] = equal_portions
    read: Callable[[bytes, Known, Limits], Table] = read_table
    fixed_columns: bool = False
    fact_labels: Mapping[str, Text] = field(default_factory=dict)
    # Facts that are worth applying even where no row is new.
    worth_writing: Sequence[str] = ()
    links: Callable[[User], list[tuple[str, str]]] = lambda user: []
    # What imports leave to a person: name, how many now, address.
    waiting: Callable[[User], list[tuple[str, int, str]]] = lambda user: []
    # Fits the options of one file to it: what is asked, what the help says.
    adapt_options: Callable[[forms.Form, ImportJob], None] = lambda form, job: None
    # Called when the rows stand and the job has its key, in the same transaction.
    applied: Callable[[ImportJob, Journal], None] = lambda job, journal: None
    # Called before the rows are taken back; what it returns is called afterwards.
    around_undo: Callable[[Journal], Callable[[], None]] = lambda journal: lambda: None

    def known(self) -> Known:
        """A function that tells which field a column name means, "" for none."""
        by_key = {key: name for name, keys in self.synonyms.items() for key in keys}
        for item in self.fields:
            by_key.setdefault(header_key(item.name), item.name)
            by_key.setdefault(header_key(str(item.label)), item.name)

        def which(column: str) -> str:
            return by_key.get(header_key(column)) or by_key.get(bare_key(column), "")

        return which

    def read_file(self, content: bytes, limits: Limits) -> Table:
        """The file as a table; raises Unreadable."""
        return self.read(content, self.known(), limits)

    def field(self, name: str) -> ImportField:
        """A declared field."""
        return next(item for item in self.fields if item.name == name)

    def missing(self, mapping: Mapping[str, int]) -> list[tuple[str, ...]]:
        """Required alternatives of which no field has a column."""
        return [names for names in self.required if not mapping.keys() & set(names)]


_kinds: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    """Declare a kind of file; apps call it from AppConfig.ready()."""
    declare(_kinds, kind.kind, kind)


def kinds() -> list[ImportKind]:
    """Declared kinds in the order of declaration."""
    return list(_kinds.values())


def get(kind: str) -> ImportKind:
    """One declared kind; KeyError when nothing declared it."""
    return _kinds[kind]


def open_to(user: User) -> list[ImportKind]:
    """Kinds that the person may import."""
    return [kind for kind in kinds() if user.is_active and kind.may_import(user)]
