"""What a file of CommerceML says, before anything is looked up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Side:
    """A counterparty as the file writes it; codes are not checked yet."""

    id: str = ""
    name: str = ""
    full_name: str = ""
    inn: str = ""
    kpp: str = ""

    @property
    def key(self) -> str:
        """What tells counterparties of one file apart."""
        return self.id or f"{self.inn}/{self.kpp}/{self.name}"

    @property
    def shown(self) -> str:
        """How the file calls it."""
        return self.name or self.full_name or self.id or self.inn


@dataclass(frozen=True, slots=True)
class Tax:
    """VAT of a line: rate as written, sum if there is one, whether the price has it inside."""

    rate: str
    amount: Decimal | None = None
    inside: bool = True


@dataclass(frozen=True, slots=True)
class Goods:
    """A line of a document."""

    id: str
    sku: str
    name: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    tax: Tax | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A document; `problem` says why it could not be read as one."""

    id: str
    number: str
    day: date | None
    operation: str
    role: str = ""
    currency: str = ""
    rate: Decimal = Decimal(1)
    amount: Decimal = Decimal(0)
    due_on: date | None = None
    basis: str = ""
    note: str = ""
    side: Side | None = None
    lines: tuple[Goods, ...] = ()
    deleted: bool = False
    posted: bool = True
    problem: str = ""

    @property
    def lines_sum(self) -> Decimal:
        """The sum of the lines as written."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def differs(self) -> bool:
        """Whether the lines do not add up to the document."""
        return bool(self.lines) and self.lines_sum != self.amount


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the catalogue; parents stand before their children."""

    id: str
    name: str
    parent_id: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """Goods of the catalogue."""

    id: str
    sku: str
    name: str
    unit: str = ""
    group_id: str = ""
    vat: str = ""
    deleted: bool = False


@dataclass
class Content:
    """All that a file holds; `counts` are its elements by their own names."""

    version: str = ""
    formed: str = ""
    encoding: str = ""
    papers: list[Paper] = field(default_factory=list)
    sides: dict[str, Side] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    lines: int = 0

    @property
    def records(self) -> int:
        """How many things the file brings."""
        return len(self.papers) + len(self.sides) + len(self.groups) + len(self.items)
