"""Whose money it is: by INN and KPP, by account, by numbers in the purpose (D.12.1).

`known_about` reads what concerns a set of payments in a handful of queries; `payer_of` decides.
A name alone never decides: see `deals.receipts.suggestions`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from clients.models import BankAccount, Counterparty
from deals.models import Contract, Invoice, MatchedBy, PayerAccount
from deals.receipts.purposes import Named, Reference, number_key, references, spellings


class Paid(Protocol):
    """What is read of a payment."""

    @property
    def party_inn(self) -> str: ...
    @property
    def party_kpp(self) -> str: ...
    @property
    def party_account(self) -> str: ...
    @property
    def party_bic(self) -> str: ...
    @property
    def purpose(self) -> str: ...


@dataclass(frozen=True)
class Payer:
    """The client whose money it is, and how it was found."""

    client_id: int
    by: MatchedBy
    contract_id: int | None = None


@dataclass(frozen=True)
class Document:
    """An invoice or a contract of that number."""

    client_id: int
    pk: int
    on: date | None


@dataclass
class Known:
    """What the base knows about the payers and the numbers of a set of payments."""

    by_inn: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    by_account: dict[str, list[tuple[int, str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    remembered: dict[str, int] = field(default_factory=dict)
    documents: dict[tuple[Named, str], list[Document]] = field(
        default_factory=lambda: defaultdict(list)
    )
    inns: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    named: dict[str, list[Reference]] = field(default_factory=dict)

    def references(self, purpose: str) -> list[Reference]:
        """What the purpose names; each text is read once."""
        if purpose not in self.named:
            self.named[purpose] = references(purpose)
        return self.named[purpose]


def known_about(payments: Sequence[Paid]) -> Known:
    """Read the base about these payments: counterparties, accounts, invoices, contracts."""
    known = Known()
    _read_counterparties(known, {p.party_inn for p in payments} - {""})
    _read_accounts(known, {p.party_account for p in payments} - {""})
    _read_documents(known, [r for p in payments for r in known.references(p.purpose)])
    return known


def payer_of(payment: Paid, known: Known) -> Payer | None:
    """The client of the payment; None where nothing leads to exactly one."""
    owners = known.by_inn.get(payment.party_inn, [])
    clients = {client for client, _kpp in owners}
    if clients:
        exact = {client for client, kpp in owners if payment.party_kpp and kpp == payment.party_kpp}
        if len(exact) == 1:
            return Payer(exact.pop(), MatchedBy.INN_KPP)
        if len(clients) == 1:
            return Payer(clients.pop(), MatchedBy.INN)
    return _by_account(payment, known, clients) or _by_number(payment, known, clients)


def _by_account(payment: Paid, known: Known, among: set[int]) -> Payer | None:
    """The owner of the payer's account: of a counterparty whose INN does not contradict."""
    owners = {
        client
        for client, bic, inn in known.by_account.get(payment.party_account, [])
        if payment.party_bic in ("", bic) and (not inn or payment.party_inn in ("", inn))
    }
    owners = owners & among if among else owners
    if len(owners) == 1:
        return Payer(owners.pop(), MatchedBy.ACCOUNT)
    client = known.remembered.get(payment.party_account)
    if client is not None and (not among or client in among):
        return Payer(client, MatchedBy.REMEMBERED)
    return None


def _by_number(payment: Paid, known: Known, among: set[int]) -> Payer | None:
    """The one client to whom all documents named in the purpose belong."""
    candidates: set[int] | None = None
    kinds, contract = set(), None
    for reference in known.references(payment.purpose):
        found = trusted(payment, reference, known, among)
        if not found:
            continue
        kinds.add(reference.kind)
        owners = {document.client_id for document in found}
        candidates = owners if candidates is None else candidates & owners
        if reference.kind == Named.CONTRACT:
            contract = found
    if candidates is None or len(candidates) != 1:
        return None
    client = candidates.pop()
    by = MatchedBy.INVOICE if Named.INVOICE in kinds else MatchedBy.CONTRACT
    return Payer(client, by, next((d.pk for d in contract or () if d.client_id == client), None))


def trusted(payment: Paid, reference: Reference, known: Known, among: set[int]) -> list[Document]:
    """Documents of the number that may tell the payer.

    A date beside the number must be the document's. Where the payer's INN is not one of the
    client's, somebody else pays: then only number and date together are believed.
    """
    found = []
    for document in known.documents.get((reference.kind, reference.key), []):
        if among and document.client_id not in among:
            continue
        if reference.on is not None and document.on != reference.on:
            continue
        stranger = bool(payment.party_inn and known.inns.get(document.client_id)) and not among
        if reference.on is not None or not stranger:
            found.append(document)
    return found


def _read_counterparties(known: Known, inns: set[str]) -> None:
    rows = Counterparty.objects.filter(inn__in=inns).values_list("client", "inn", "kpp")
    for client, inn, kpp in rows.iterator():
        known.by_inn[inn].append((client, kpp))


def _read_accounts(known: Known, accounts: set[str]) -> None:
    rows = BankAccount.objects.filter(account__in=accounts).values_list(
        "account", "counterparty__client", "bic", "counterparty__inn"
    )
    for account, client, bic, inn in rows.iterator():
        known.by_account[account].append((client, bic, inn))
    remembered = PayerAccount.objects.filter(account__in=accounts)
    known.remembered.update(remembered.values_list("account", "client"))


def _read_documents(known: Known, named: Iterable[Reference]) -> None:
    """Invoices and contracts of the numbers, and the INNs of their clients."""
    numbers: dict[Named, set[str]] = {Named.INVOICE: set(), Named.CONTRACT: set()}
    for reference in named:
        numbers[reference.kind] |= spellings(reference.number)
    invoices = Invoice.objects.filter(number__in=numbers[Named.INVOICE], cancelled_on=None)
    contracts = Contract.objects.filter(number__in=numbers[Named.CONTRACT], archived_at=None)
    sources: tuple[tuple[Named, Any, str], ...] = (
        (Named.INVOICE, invoices, "issued_on"),
        (Named.CONTRACT, contracts, "signed_on"),
    )
    for kind, rows, day in sources:
        for number, client, pk, on in rows.values_list("number", "client", "pk", day).iterator():
            known.documents[kind, number_key(number)].append(Document(client, pk, on))
    clients = {document.client_id for found in known.documents.values() for document in found}
    owners = Counterparty.objects.filter(client__in=clients).exclude(inn="")
    for client, inn in owners.values_list("client", "inn").iterator():
        known.inns[client].add(inn)
