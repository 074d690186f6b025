"""What one client owes, its credit limit and whether goods may be shipped (CRED-1, D.4)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Min, Q, Sum

from clients.models import Client, ClientStatus
from crm.declaring import declare_also
from crm.work.registry import setting
from deals.models import CreditLimit, Invoice, StopReason, StopShipping

NOTHING = Decimal("0.00")
# Shipping obeys the strictest known grace where the client has no category.
NO_CATEGORY = "C"
GRACES = ("A", "B", "C", "trading_hall")
Reserve = Callable[[Collection[int]], dict[int, Decimal]]

_reserves: list[Reserve] = []


def register_reserve(reserve: Reserve) -> None:
    """Later parts add what a client has ordered and not got yet, roubles by client id."""
    declare_also(_reserves, reserve)


def reserved_for(client_ids: Collection[int]) -> dict[int, Decimal]:
    """Confirmed and not yet shipped orders of the clients, roubles."""
    summed: dict[int, Decimal] = {}
    for reserve in _reserves:
        for client_id, amount in reserve(client_ids).items():
            summed[client_id] = summed.get(client_id, NOTHING) + amount
    return summed


@dataclass(frozen=True)
class Exposure:
    """Money at risk with one client against the limit; None is no limit set."""

    limit: Decimal | None
    receivables: Decimal
    reserved: Decimal = NOTHING
    new_order: Decimal = NOTHING

    @property
    def exposure(self) -> Decimal:
        """Receivables, ordered and not shipped, and the new order."""
        return self.receivables + self.reserved + self.new_order

    @property
    def available(self) -> Decimal | None:
        """What may still be ordered; negative above the limit."""
        return None if self.limit is None else self.limit - self.receivables - self.reserved

    @property
    def over_limit_by(self) -> Decimal:
        """How far the exposure is above the limit."""
        return NOTHING if self.limit is None else max(NOTHING, self.exposure - self.limit)


@dataclass(frozen=True)
class ShipCheck:
    """Whether goods may go to the client today, and why not; `released` reasons do not bind."""

    reasons: tuple[str, ...]
    exposure: Exposure
    overdue_days: int
    grace: int
    released: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.reasons

    @property
    def labels(self) -> list[str]:
        """The reasons in words."""
        return [str(StopReason(reason).label) for reason in self.reasons]


@dataclass(frozen=True)
class Debt:
    """What a client owes on a day; `overdue_days` of the oldest invoice that counts for a stop."""

    total: Decimal = NOTHING
    overdue: Decimal = NOTHING
    overdue_days: int = 0


def debt_of(client_id: int, today: date) -> Debt:
    """Open and overdue roubles of the client now: one query."""
    rows = Invoice.objects.filter(client=client_id).unpaid().order_by()
    return debt_from(today, **rows.aggregate(**debt_sums(today)))


def debt_sums(today: date) -> dict[str, Any]:
    """What `debt_from` asks of open invoices."""
    late = Q(due_on__lt=today)
    stopping = late & Q(open_amount__gte=setting("stop.least_open"))
    return {
        "total": Sum("open_amount"),
        "overdue": Sum("open_amount", filter=late),
        "oldest": Min("due_on", filter=stopping),
    }


def debt_from(
    today: date, total: Decimal | None, overdue: Decimal | None, oldest: date | None
) -> Debt:
    """The debt of these sums."""
    days = (today - oldest).days if oldest else 0
    return Debt(total or NOTHING, overdue or NOTHING, days)


def limit_of(client_id: int, day: date) -> CreditLimit | None:
    """The limit in force on the day."""
    found: CreditLimit | None = CreditLimit.objects.filter(client=client_id).on(day).first()
    return found


def exposure_of(
    client_id: int, today: date, *, new_order: Decimal = NOTHING, debt: Debt | None = None
) -> Exposure:
    """CRED-1 for one client; advances are not netted (D.5)."""
    limit = limit_of(client_id, today)
    owed = debt or debt_of(client_id, today)
    reserved = reserved_for([client_id]).get(client_id, NOTHING)
    return Exposure(limit.amount if limit else None, owed.total, reserved, new_order)


def grace_of(category: str | None, status: str) -> int:
    """Calendar days overdue that do not stop shipping yet (`category.overdue_grace.*`)."""
    key = "trading_hall" if status == ClientStatus.TRADING_HALL else category or NO_CATEGORY
    return int(setting(f"category.overdue_grace.{key}"))


def can_ship(
    client: Client,
    today: date,
    new_order: Decimal = NOTHING,
    *,
    debt: Debt | None = None,
    exposure: Exposure | None = None,
) -> ShipCheck:
    """Whether goods may go to the client: the limit and the overdue as they are now, and flags.

    A reason whose flag is released to a day does not bind until that day ends.
    """
    debt = debt or debt_of(client.pk, today)
    exposure = exposure or exposure_of(client.pk, today, new_order=new_order, debt=debt)
    grace = grace_of(client.category, client.status)
    flags = list(StopShipping.objects.filter(client=client).standing())
    released = {flag.reason for flag in flags if flag.released_to and flag.released_to >= today}
    holds = {
        StopReason.LIMIT: exposure.over_limit_by > 0,
        StopReason.OVERDUE: debt.overdue_days > grace,
        **{
            reason: any(flag.reason == reason for flag in flags)
            for reason in (StopReason.DOCUMENTS, StopReason.MANUAL)
        },
    }
    standing = [reason.value for reason, held in holds.items() if held]
    return ShipCheck(
        reasons=tuple(reason for reason in standing if reason not in released),
        exposure=exposure,
        overdue_days=debt.overdue_days,
        grace=grace,
        released=tuple(reason for reason in standing if reason in released),
    )


def over_limit(today: date, client_ids: Collection[int] | None = None) -> set[int]:
    """Clients whose receivables and reserved orders exceed the limit in force."""
    limits = CreditLimit.objects.on(today)
    if client_ids is not None:
        limits = limits.filter(client__in=client_ids)
    amounts = dict(limits.order_by().values_list("client", "amount"))
    owed = _owed(amounts)
    reserved = reserved_for(list(amounts))
    return {
        client_id
        for client_id, limit in amounts.items()
        if owed.get(client_id, NOTHING) + reserved.get(client_id, NOTHING) > limit
    }


def _owed(client_ids: Iterable[int]) -> dict[int, Decimal]:
    rows = Invoice.objects.unpaid().filter(client__in=list(client_ids)).order_by()
    return dict(rows.values("client").annotate(s=Sum("open_amount")).values_list("client", "s"))


def overdue_beyond_grace(today: date, client_ids: Collection[int] | None = None) -> set[int]:
    """Clients with an invoice that is overdue for longer than the grace of their category."""
    late = Q(pk__in=[])
    for key in GRACES:
        border = today - timedelta(days=setting(f"category.overdue_grace.{key}"))
        late |= _of_category(key) & Q(due_on__lt=border)
    rows = Invoice.objects.overdue(today).filter(open_amount__gte=setting("stop.least_open"))
    if client_ids is not None:
        rows = rows.filter(client__in=client_ids)
    return set(rows.filter(late).order_by().values_list("client_id", flat=True).distinct())


def _of_category(key: str) -> Q:
    hall = Q(client__status=ClientStatus.TRADING_HALL)
    if key == "trading_hall":
        return hall
    category = Q(client__category=key)
    if key == NO_CATEGORY:
        category |= Q(client__category=None)
    return category & ~hall
