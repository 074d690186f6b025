"""Credit limits and how much of them is used now (CRED-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from crm.accounts.models import User
from crm.money import percent
from deals.models import CreditLimit, Invoice, StopReason, StopShipping
from deals.receivables.debts import Exposure, reserved_for
from deals.receivables.norms import limit_norms

NOTHING = Decimal("0.00")
CLIENT = ("client", "amount", "client__code", "client__name", "client__category", "client__status",
          "client__manager")  # fmt: skip


@dataclass(frozen=True)
class LimitUse:
    """The limit of a client, how much of it is used and what speaks against more."""

    client_id: int
    code: str
    name: str
    category: str | None
    manager_id: int | None
    exposure: Exposure
    overdue: Decimal
    norm: Decimal
    stops: tuple[str, ...]

    @property
    def used_percent(self) -> Decimal | None:
        """None for a limit of zero."""
        return percent(self.exposure.exposure, self.exposure.limit or 0)

    def reaches(self, share: Decimal) -> bool:
        """Whether so many percent are used; of nothing, anything is too much."""
        used = self.used_percent
        return self.exposure.exposure > 0 if used is None else used >= share


def limits_used(rows: QuerySet[CreditLimit], today: date) -> list[LimitUse]:
    """The limits of the rows against what is owed and ordered now: five queries, however many.

    The most used come first, a limit of zero that is used before them all.
    """
    found = list(rows.order_by().values_list(*CLIENT))
    of_rows = rows.order_by().values("client")
    norms = limit_norms([(row[0], row[4], row[5]) for row in found], today, of_rows)
    debts, stops = _debts(of_rows, today), _stops(of_rows, today)
    reserved = reserved_for([row[0] for row in found])
    made = []
    for pk, amount, code, name, category, _status, manager in found:
        debt, overdue = debts.get(pk, (NOTHING, NOTHING))
        exposure = Exposure(amount, debt, reserved.get(pk, NOTHING))
        made.append(
            LimitUse(
                client_id=pk,
                code=code,
                name=name,
                category=category,
                manager_id=manager,
                exposure=exposure,
                overdue=overdue,
                norm=norms[pk].amount,
                stops=stops.get(pk, ()),
            )
        )
    return sorted(made, key=_worst_first)


def _worst_first(row: LimitUse) -> tuple[Decimal, int]:
    used = row.used_percent
    if used is None:
        used = Decimal("Infinity") if row.exposure.exposure else NOTHING
    return (-used, row.client_id)


def _debts(clients: QuerySet[Any, Any], today: date) -> dict[int, tuple[Decimal, Decimal]]:
    """Open and overdue roubles by client."""
    rows = Invoice.objects.unpaid().filter(client__in=clients).order_by().values("client")
    sums = rows.annotate(
        total=Sum("open_amount"), late=Sum("open_amount", filter=Q(due_on__lt=today))
    )
    return {
        pk: (total, late or NOTHING)
        for pk, total, late in sums.values_list("client", "total", "late")
    }


def _stops(clients: QuerySet[Any, Any], today: date) -> dict[int, tuple[str, ...]]:
    """Why goods may not go to the client today, in words."""
    rows = StopShipping.objects.binding(today).filter(client__in=clients).order_by("client", "pk")
    found: dict[int, tuple[str, ...]] = {}
    for pk, reason in rows.values_list("client", "reason"):
        found[pk] = (*found.get(pk, ()), str(StopReason(reason).label))
    return found


def limits_seen(user: User, day: date) -> QuerySet[CreditLimit]:
    """Limits of visible clients that are in force on the day."""
    rows: QuerySet[CreditLimit] = CreditLimit.objects.visible_to(user).on(day)
    return rows


def managers_of(rows: Sequence[LimitUse]) -> dict[int | None, str]:
    """Their names, for the report."""
    people = User.objects.in_bulk({row.manager_id for row in rows if row.manager_id})
    return {None: "", **{pk: person.short_name for pk, person in people.items()}}
