"""What is to be written for one document of a statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crm.said import gettext as _
from crm.said import stored
from deals.importers.bank_format import Document, Side
from deals.importers.bank_sides import Way
from deals.models import PaymentDirection, PaymentKind, PaymentState

# Columns of a new payment in the order of `Plan.values`.
WRITTEN = (
    "direction",
    "kind",
    "state",
    "reason",
    "number",
    "dated_on",
    "paid_on",
    "amount",
    "document_type",
    "party_name",
    "party_inn",
    "party_kpp",
    "party_account",
    "party_bic",
    "purpose",
    "dedupe_key",
    "own_account_id",
    "statement_id",
)


@dataclass
class Plan:
    """A payment that the file brings; `known` is the one that is here already."""

    document: Document
    way: Way
    key: str
    paid_on: date
    amount: Decimal
    known: tuple[int, int] | None = None  # id and version

    @property
    def party(self) -> Side:
        """The other side: who paid us, or whom we paid."""
        incoming = self.way.direction == PaymentDirection.IN
        return self.document.payer if incoming else self.document.payee

    @property
    def is_clients(self) -> bool:
        """Money that came from outside on an account of ours."""
        return self.way.known and self.way.direction == PaymentDirection.IN

    @property
    def is_for_matching(self) -> bool:
        """A client is looked for: it may have paid, or got its money back."""
        return self.way.known and not self.way.is_own_transfer

    def fate(self) -> tuple[str, str, str]:
        """Kind, state and reason before a client was looked for."""
        if self.way.is_own_transfer:
            return PaymentKind.OWN_TRANSFER, PaymentState.IGNORED, _("Between own accounts")
        if self.way.known:
            return PaymentKind.CUSTOMER, PaymentState.UNMATCHED, ""
        return PaymentKind.OTHER, PaymentState.UNMATCHED, _("Neither account is ours")

    def values(self, own_account_id: int | None, statement_id: int | None) -> tuple[Any, ...]:
        """A new row in the order of WRITTEN."""
        document, party = self.document, self.party
        return (
            str(self.way.direction),
            *map(stored, self.fate()),
            document.number,
            document.dated_on or self.paid_on,
            self.paid_on,
            self.amount,
            document.kind,
            party.name,
            party.inn,
            party.kpp,
            party.account,
            party.bic,
            document.purpose,
            self.key,
            own_account_id,
            statement_id,
        )


@dataclass(frozen=True)
class Foreseen:
    """A payment that is not written, as far as its client is told by it."""

    party_inn: str
    party_kpp: str
    party_account: str
    party_bic: str
    purpose: str

    @classmethod
    def of(cls, plan: Plan) -> Foreseen:
        """What the plan says of the other side."""
        party = plan.party
        return cls(party.inn, party.kpp, party.account, party.bic, plan.document.purpose)
