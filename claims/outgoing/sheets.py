"""The calculation sheet of a claim: kept as JSON, read again for the page and for paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from claims.models.outgoing import AccrualKind
from claims.outgoing.accruals import ZERO, Accrual, Part, Segment

Plain = dict[str, Any]


@dataclass(frozen=True)
class SheetLine:
    """One invoice: what was owed when it fell due, what was paid since, what it adds.

    `rate` is the penalty a day of the contract and `cap_percent` its most; interest has the rates
    of its segments.
    """

    invoice_id: int
    number: str
    issued_on: date
    due_on: date
    contract: str
    amount: Decimal
    debt: Decimal
    principal: Decimal
    kind: str
    accrual: Accrual
    paid: tuple[Part, ...] = ()
    rate: Decimal | None = None
    cap_percent: Decimal | None = None

    @property
    def kind_label(self) -> str:
        return str(AccrualKind(self.kind).label)

    @property
    def days(self) -> int:
        """Days of delay that were counted."""
        return sum(one.days for one in self.accrual.segments)


@dataclass(frozen=True)
class Sheet:
    """All invoices as of a day; `rates_to` is the day of the last key rate that was known."""

    to: date
    lines: tuple[SheetLine, ...]
    rates_to: date | None = None

    @property
    def principal(self) -> Decimal:
        return sum((line.principal for line in self.lines), ZERO)

    @property
    def penalty(self) -> Decimal:
        return self._of(AccrualKind.PENALTY)

    @property
    def interest(self) -> Decimal:
        return self._of(AccrualKind.INTEREST)

    @property
    def accrual(self) -> Decimal:
        return self.penalty + self.interest

    @property
    def total(self) -> Decimal:
        return self.principal + self.accrual

    def _of(self, kind: str) -> Decimal:
        return sum((line.accrual.total for line in self.lines if line.kind == kind), ZERO)

    def as_json(self) -> Plain:
        """What a row keeps: amounts as text, days as ISO."""
        return {
            "to": self.to.isoformat(),
            "rates_to": self.rates_to.isoformat() if self.rates_to else None,
            "lines": [_line_json(line) for line in self.lines],
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Sheet:
        """The sheet as it was kept."""
        return cls(
            date.fromisoformat(kept["to"]),
            tuple(_line_of(line) for line in kept["lines"]),
            _day(kept["rates_to"]),
        )


def _line_json(line: SheetLine) -> Plain:
    return {
        "invoice": line.invoice_id,
        "number": line.number,
        "issued_on": line.issued_on.isoformat(),
        "due_on": line.due_on.isoformat(),
        "contract": line.contract,
        "amount": str(line.amount),
        "debt": str(line.debt),
        "principal": str(line.principal),
        "kind": str(line.kind),
        "rate": _text(line.rate),
        "cap_percent": _text(line.cap_percent),
        "cap": _text(line.accrual.cap),
        "total": str(line.accrual.total),
        "paid": [[part.on.isoformat(), str(part.amount)] for part in line.paid],
        "segments": [
            [
                one.first.isoformat(),
                one.last.isoformat(),
                str(one.principal),
                str(one.rate),
                str(one.amount),
                one.year,
            ]
            for one in line.accrual.segments
        ],
    }


def _line_of(kept: Mapping[str, Any]) -> SheetLine:
    segments = tuple(
        Segment(
            date.fromisoformat(first),
            date.fromisoformat(last),
            Decimal(principal),
            Decimal(rate),
            Decimal(amount),
            year,
        )
        for first, last, principal, rate, amount, year in kept["segments"]
    )
    return SheetLine(
        invoice_id=kept["invoice"],
        number=kept["number"],
        issued_on=date.fromisoformat(kept["issued_on"]),
        due_on=date.fromisoformat(kept["due_on"]),
        contract=kept["contract"],
        amount=Decimal(kept["amount"]),
        debt=Decimal(kept["debt"]),
        principal=Decimal(kept["principal"]),
        kind=kept["kind"],
        accrual=Accrual(segments, Decimal(kept["total"]), _money(kept["cap"])),
        paid=tuple(Part(date.fromisoformat(on), Decimal(amount)) for on, amount in kept["paid"]),
        rate=_money(kept["rate"]),
        cap_percent=_money(kept["cap_percent"]),
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _money(kept: str | None) -> Decimal | None:
    return None if kept is None else Decimal(kept)


def _day(kept: str | None) -> date | None:
    return None if kept is None else date.fromisoformat(kept)
