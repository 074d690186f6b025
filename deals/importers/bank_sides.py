"""Which way the money of a document went, by our accounts; and the key that makes it once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from deals.importers.bank_format import Document, Side
from deals.models import PaymentDirection


@dataclass(frozen=True, slots=True)
class Way:
    """Direction with our accounts; `known` is false where only a date tells it."""

    direction: str
    payer_account: str = ""  # ours, else empty
    payee_account: str = ""
    known: bool = True

    @property
    def is_own_transfer(self) -> bool:
        """Both sides are ours: no client's money (D.12.1)."""
        return bool(self.payer_account and self.payee_account)

    @property
    def account(self) -> str:
        """The account of ours by which the payment is listed."""
        return self.payer_account or self.payee_account


def way_of(document: Document, own: AbstractSet[str]) -> Way | None:
    """The direction by account; by the filled date where neither side is ours; None: unknown."""
    payer, payee = _ours(document.payer, own), _ours(document.payee, own)
    if payer or payee:
        direction = PaymentDirection.OUT if payer else PaymentDirection.IN
        return Way(direction, payer, payee)
    if bool(document.written_off_on) == bool(document.received_on):
        return None
    direction = PaymentDirection.OUT if document.written_off_on else PaymentDirection.IN
    return Way(direction, known=False)


def _ours(side: Side, own: AbstractSet[str]) -> str:
    return next((account for account in side.accounts if account in own), "")


def paid_on(document: Document, way: Way) -> date | None:
    """The day on which the bank moved the money, else the day of the document (D.6, D.12.1)."""
    if way.is_own_transfer:
        return document.written_off_on or document.received_on or document.dated_on
    if way.direction == PaymentDirection.IN:
        return document.received_on or document.dated_on or document.written_off_on
    return document.written_off_on or document.dated_on or document.received_on


class Keys:
    """Natural keys of the documents of one file.

    Number and date are not unique, so accounts, sum, INN and kind belong to the key, and of two
    documents that are the same in all of it the second has another key than the first. A transfer
    between own accounts that the bank lists under both of them is the same document twice.
    """

    def __init__(self) -> None:
        self.seen: Counter[tuple[str, str]] = Counter()

    def key_of(self, document: Document, way: Way | None) -> str:
        """The key of the next document of the file."""
        facts = "|".join(
            (
                document.payer.account,
                document.payee.account,
                document.number.casefold(),
                str(document.dated_on or document.written_off_on or document.received_on),
                str(document.amount),
                document.payer.inn,
                " ".join(document.kind.casefold().split()),
            )
        )
        listed = _listed_by(document) if way is not None and way.is_own_transfer else ""
        self.seen[facts, listed] += 1
        return sha256(f"{facts}|{self.seen[facts, listed]}".encode()).hexdigest()


def _listed_by(document: Document) -> str:
    """Whose statement lists an own transfer, where one date only is filled."""
    if bool(document.written_off_on) == bool(document.received_on):
        return ""
    return "payer" if document.written_off_on else "payee"
