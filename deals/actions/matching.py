"""Matching in bulk: whose money it is and what it pays (C.5 no. 15, D.12.1).

Set-based: a statement of ten thousand documents is a dozen queries.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from crm.accounts.models import User
from crm.history import verb
from crm.said import gettext as _
from crm.said import stored
from deals import permissions
from deals.actions.allocations import lock_payments
from deals.actions.bulk_spreading import Money, Planned, plan_spreading, write_spreading
from deals.models import (
    Invoice,
    MatchedBy,
    Payment,
    PaymentDirection,
    PaymentKind,
    PaymentState,
)
from deals.receipts.payers import Payer, known_about, payer_of

# The number of a supplier's invoice says nothing about our client.
_BY_REQUISITES = {MatchedBy.INN_KPP, MatchedBy.INN, MatchedBy.ACCOUNT, MatchedBy.REMEMBERED}
_FIELDS = (
    "pk", "direction", "amount", "paid_on", "purpose",
    "party_inn", "party_kpp", "party_account", "party_bic",
)  # fmt: skip
_WRITE = """
    UPDATE deals_payment p SET client_id = c.client_id, kind = c.kind, state = c.state,
        contract_id = coalesce(p.contract_id, c.contract_id), matched_by = c.matched_by,
        reason = c.reason, version = p.version + 1
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[],
                %s::text[]) AS c(id, client_id, contract_id, kind, state, matched_by, reason)
    WHERE p.id = c.id
"""


@dataclass(frozen=True)
class MatchResult:
    """What a matching has done: numbers of payments; `spread` and `advance` are roubles."""

    matched: int = 0
    unmatched: int = 0
    refunds: int = 0
    others: int = 0
    spread: Decimal = Decimal(0)
    advance: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A payment whose client is not known, locked."""

    pk: int
    direction: str
    amount: Decimal
    paid_on: date
    purpose: str
    party_inn: str
    party_kpp: str
    party_account: str
    party_bic: str


@dataclass(frozen=True, slots=True)
class _Change:
    """What a payment becomes."""

    pk: int
    kind: PaymentKind
    state: PaymentState
    payer: Payer | None = None
    reason: str = ""


@transaction.atomic
def match_payments(payment_ids: Collection[int], *, by: User | None) -> MatchResult:
    """Find the clients of payments without one and spread clients' money over their invoices.

    Money to a known client is a refund, other outgoing money is no client's and is put aside.
    Payments that have left the state "client unknown" are not touched, so twice is once. `by` is
    None for the work of a task or an import.
    """
    if by is not None and not (
        permissions.can_handle_payments(by) or permissions.can_import_money(by)
    ):
        raise PermissionDenied
    waiting = _lock_waiting(payment_ids)
    known = known_about(waiting)
    payers = {payment.pk: payer_of(payment, known) for payment in waiting}
    with verb("payment.matched", by=by):
        moneys = _clients_money(waiting, payers)
        outgoing = list(_outgoing(waiting, payers))
        refunded = _refunded(moneys, outgoing)
        apart = [money for money in moneys if money.client_id in refunded]
        _write([*outgoing, *_matched(apart, payers)])
        planned = plan_spreading(_not_given_back(moneys, apart), read=known.references)
        _write(list(_incoming(planned, payers, refunded)))
        write_spreading(planned, by=by)
        _settle(plan for plan in planned if plan.money.client_id in refunded)
    return _result(waiting, payers, planned)


@transaction.atomic
def spread_advances(client_ids: Collection[int], *, by: User | None) -> Decimal:
    """Spread what is left of the clients' payments over what they owe now; returns the sum.

    For debts that came after the money: named invoices first, then the earliest due. What was
    given back is spread no more; it is read when the money is locked.
    """
    if by is not None and not permissions.can_handle_payments(by):
        raise PermissionDenied
    unspent = Payment.objects.unspent().filter(client__in=client_ids)
    locked = lock_payments(unspent.values_list("pk", flat=True))
    if not locked:  # as a rule: a document is posted, nothing has been paid in advance
        return Decimal(0)
    payments = list(Payment.objects.advances().filter(pk__in=locked).order_by("pk"))
    planned = plan_spreading(
        Money(p.pk, p.client_id or 0, p.left, p.paid_on, p.purpose, p.allocated_amount > 0)
        for p in payments
    )
    with verb("payment.allocated", by=by):
        write_spreading(planned, by=by)
        spent = {plan.money.pk for plan in planned if plan.left == 0}
        full = [p for p in payments if p.pk in spent and p.left == p.free_amount]
        for payment in full:
            payment.state, payment.version = PaymentState.ALLOCATED, payment.version + 1
        Payment.objects.bulk_update(full, ["state", "version"], batch_size=500)
    return _sum(planned)


@transaction.atomic
def spread_all_advances() -> int:
    """Spread advances of clients who owe something meanwhile; returns how many clients."""
    debts = Invoice.objects.unpaid().filter(client=OuterRef("client"))
    rows = Payment.objects.advances().filter(Exists(debts)).order_by()
    clients = sorted(set(rows.values_list("client_id", flat=True)))
    spread_advances(clients, by=None)
    return len(clients)


def _lock_waiting(payment_ids: Collection[int]) -> list[_Waiting]:
    """Payments without a client, locked in the order of their keys."""
    rows = Payment.objects.filter(pk__in=payment_ids, state=PaymentState.UNMATCHED, client=None)
    rows = rows.exclude(kind=PaymentKind.OWN_TRANSFER).order_by("pk")
    locked = rows.select_for_update(of=("self",)).values_list(*_FIELDS)
    return [_Waiting(*row) for row in locked]


def _clients_money(waiting: Iterable[_Waiting], payers: dict[int, Payer | None]) -> list[Money]:
    return [
        Money(payment.pk, payer.client_id, payment.amount, payment.paid_on, payment.purpose)
        for payment in waiting
        if payment.direction == PaymentDirection.IN and (payer := payers[payment.pk])
    ]


def _refunded(moneys: Iterable[Money], outgoing: Iterable[_Change]) -> set[int]:
    """Clients to whom money was given back, earlier or in this batch."""
    clients = {money.client_id for money in moneys}
    rows = Payment.objects.refunds().filter(client__in=clients).order_by()
    now = {change.payer.client_id for change in outgoing if change.payer}
    return set(rows.values_list("client_id", flat=True).distinct()) | (now & clients)


def _not_given_back(moneys: Iterable[Money], apart: Sequence[Money]) -> list[Money]:
    """The money without what was given back of it: that pays no invoice, as in `with_left`."""
    rows = Payment.objects.filter(pk__in=[money.pk for money in apart]) if apart else None
    left = dict(rows.with_left().values_list("pk", "left")) if rows is not None else {}
    return [replace(money, free=left.get(money.pk, money.free)) for money in moneys]


def _matched(moneys: Iterable[Money], payers: dict[int, Payer | None]) -> Iterable[_Change]:
    for money in moneys:
        yield _Change(money.pk, PaymentKind.CUSTOMER, PaymentState.MATCHED, payers[money.pk])


def _incoming(
    planned: Iterable[Planned], payers: dict[int, Payer | None], apart: set[int]
) -> Iterable[_Change]:
    for plan in planned:
        if plan.money.client_id not in apart:
            state = PaymentState.MATCHED if plan.left else PaymentState.ALLOCATED
            yield _Change(plan.money.pk, PaymentKind.CUSTOMER, state, payers[plan.money.pk])


def _settle(planned: Iterable[Planned]) -> None:
    """What pays invoices as a whole is spread; what was given back pays none."""
    spent = [plan.money.pk for plan in planned]
    if spent:
        whole = Payment.objects.filter(pk__in=spent, state=PaymentState.MATCHED, free_amount=0)
        whole.update(state=PaymentState.ALLOCATED)


def _outgoing(waiting: Iterable[_Waiting], payers: dict[int, Payer | None]) -> Iterable[_Change]:
    for payment in waiting:
        if payment.direction == PaymentDirection.IN:
            continue
        payer = payers[payment.pk]
        if payer is not None and payer.by in _BY_REQUISITES:
            yield _Change(payment.pk, PaymentKind.REFUND, PaymentState.MATCHED, payer)
        else:
            reason = stored(_("Not to a client"))
            yield _Change(payment.pk, PaymentKind.OTHER, PaymentState.IGNORED, None, reason)


def _write(changes: Sequence[_Change]) -> None:
    if not changes:
        return
    columns = [
        (
            change.pk,
            change.payer.client_id if change.payer else None,
            change.payer.contract_id if change.payer else None,
            change.kind.value,
            change.state.value,
            change.payer.by.value if change.payer else "",
            change.reason,
        )
        for change in changes
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [list(column) for column in zip(*columns, strict=True)])


def _result(
    waiting: Sequence[_Waiting], payers: dict[int, Payer | None], planned: Sequence[Planned]
) -> MatchResult:
    incoming = sum(payment.direction == PaymentDirection.IN for payment in waiting)
    refunds = sum(
        payment.direction == PaymentDirection.OUT
        and (payer := payers[payment.pk]) is not None
        and payer.by in _BY_REQUISITES
        for payment in waiting
    )
    return MatchResult(
        matched=len(planned),
        unmatched=incoming - len(planned),
        refunds=refunds,
        others=len(waiting) - incoming - refunds,
        spread=_sum(planned),
        advance=sum((plan.left for plan in planned), Decimal(0)),
    )


def _sum(planned: Iterable[Planned]) -> Decimal:
    return sum((part.amount for plan in planned for part in plan.parts), Decimal(0))
