"""Spreading many payments over invoices at once: one lock, one COPY, however many they are.

The caller has locked the payments, by key; the invoices of their clients are locked here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.accounts.models import User
from crm.copying import copy_records
from deals.actions.allocations import lock_open_invoices
from deals.models import Allocation
from deals.receipts.designation import designated
from deals.receipts.purposes import Reference, references
from deals.receipts.spreading import Debts, Part

Reader = Callable[[str], list[Reference]]


@dataclass(frozen=True, slots=True)
class Money:
    """What is free of a client's payment, roubles."""

    pk: int
    client_id: int
    free: Decimal
    paid_on: date
    purpose: str
    spread_before: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """Parts of one payment and what is left of it as an advance."""

    money: Money
    parts: list[Part]
    left: Decimal


def plan_spreading(moneys: Iterable[Money], *, read: Reader = references) -> list[Planned]:
    """Who pays what, the earlier money first: named invoices, then FIFO, the rest an advance."""
    rows = sorted(moneys, key=lambda money: (money.paid_on, money.pk))
    locked = lock_open_invoices({money.client_id for money in rows})
    debts = {client: Debts(invoices) for client, invoices in locked.items()}
    planned = []
    for money in rows:
        owed = debts.get(money.client_id)
        if owed is None:
            planned.append(Planned(money, [], money.free))
            continue
        named = designated(read(money.purpose), owed) if money.purpose else ()
        planned.append(Planned(money, *owed.take(money.free, named)))
    return planned


def write_spreading(planned: Sequence[Planned], *, by: User | None) -> None:
    """Write the parts; one for an invoice that the payment pays already is added up."""
    before = _known_parts([plan.money.pk for plan in planned if plan.money.spread_before])
    made, replaced = [], []
    for plan in planned:
        for part in plan.parts:
            known = before.get((plan.money.pk, part.invoice_id))
            if known is not None:
                replaced.append(known.pk)
            made.append(
                Allocation(
                    payment_id=plan.money.pk,
                    invoice_id=part.invoice_id,
                    amount=part.amount + (known.amount if known else 0),
                    kind=part.kind,
                    on_day=plan.money.paid_on,
                    created_by=by,
                )
            )
    Allocation.objects.filter(pk__in=replaced).delete()
    copy_records(made)


def _known_parts(payment_ids: Sequence[int]) -> dict[tuple[int | None, int], Allocation]:
    rows = Allocation.objects.filter(payment__in=payment_ids) if payment_ids else ()
    return {(row.payment_id, row.invoice_id): row for row in rows}
