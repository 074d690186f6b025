"""The hierarchy of 1C's reports about debts: buyer, contract, document in one column.

Nothing in the cells says which level a row is of. A row with an INN is a buyer, one that names a
kind of document with its day is a document; of the rest, a row opens a new buyer when the contracts
before it add up to the buyer above them, and is a contract otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from crm.imports import synonyms
from crm.imports.reading import header_key
from crm.requisites import repair_inn

_DAY = re.compile(r"от \d{2}\.\d{2}\.\d{4}")
_GROUP = re.compile(r"<.*>")
Sums = tuple[Decimal, ...]


@dataclass(slots=True)
class Node:
    """A row of the report with what stands below it."""

    row: int
    name: str
    inn: str
    sums: Sums
    children: list[Node] = field(default_factory=list)

    @property
    def rest(self) -> Sums:
        """What the children do not explain."""
        totals = _total(self.children, len(self.sums))
        return tuple(own - part for own, part in zip(self.sums, totals, strict=True))


@dataclass(slots=True)
class Buyer(Node):
    """A buyer; children are contracts, one without a name where the report has none."""


def buyers(rows: Iterable[tuple[int, str, str, Sums]]) -> list[Buyer]:
    """The tree of (row, name, INN, sums); ends at the total."""
    found: list[Buyer] = []
    for number, name, inn, sums in rows:
        if header_key(name).startswith(synonyms.TOTAL_ROW):
            break
        if _is_group(name):
            continue
        if document_kind(name) and found:
            _contract_of(found[-1], number).children.append(Node(number, name, "", sums))
        elif _is_buyer(found, name, inn):
            found.append(Buyer(number, name, repair_inn(inn), sums))
        else:
            found[-1].children.append(Node(number, name, "", sums))
    for buyer in found:
        _complete(buyer)
    return found


def _complete(buyer: Buyer) -> None:
    """A buyer without contracts in the report has one without a name, with all its sums."""
    if not buyer.children:
        buyer.children.append(Node(buyer.row, "", "", buyer.sums))
    for contract in buyer.children:
        if not contract.name:
            contract.sums = buyer.sums


def document_kind(name: str) -> str:
    """Which kind of document the row is, "" for a buyer or contract."""
    if not _DAY.search(name):
        return ""
    key = header_key(name)
    for kind, words in synonyms.DEBT_DOCUMENTS.items():
        if key.startswith(words):
            return kind
    return ""


def _is_group(name: str) -> bool:
    return bool(_GROUP.fullmatch(name.strip())) and not _is_no_contract(name)


def _is_no_contract(name: str) -> bool:
    return header_key(name) in synonyms.NO_CONTRACT


def _is_buyer(found: list[Buyer], name: str, inn: str) -> bool:
    if inn or not found:
        return True
    buyer = found[-1]
    if _is_no_contract(name):
        return False
    if any(not contract.name for contract in buyer.children):  # a report without contracts
        return True
    is_complete = _total(buyer.children, len(buyer.sums)) == buyer.sums
    return bool(buyer.children) and is_complete and not _looks_like_contract(buyer, name)


def _looks_like_contract(buyer: Buyer, name: str) -> bool:
    """A contract of zero sums after a complete buyer still says that it is one."""
    return not any(buyer.sums) and header_key(name).startswith(synonyms.CONTRACT_WORDS)


def _contract_of(buyer: Buyer, row: int) -> Node:
    if not buyer.children:
        buyer.children.append(Node(row, "", "", ()))
    return buyer.children[-1]


def _total(nodes: Iterable[Node], width: int) -> Sums:
    totals = [Decimal(0)] * width
    for node in nodes:
        for at, value in enumerate(node.sums):
            totals[at] += value
    return tuple(totals)
