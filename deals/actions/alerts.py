"""Alerts of receivables: one digest a day per person, not a bell per invoice (C.6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet, Sum

from clients.heads import heads_by_client
from clients.models import Client, ClientCategory
from crm.accounts.models import OrgUnit
from crm.calendar import current
from crm.money import format_number
from crm.notices.actions import notify
from crm.shell.nav import address
from crm.work.registry import setting
from deals.models import Invoice, Shipment
from deals.receivables.ageing import parse_steps

HUNDRED = Decimal(100)


@transaction.atomic
def alert_receivables(today: date) -> int:
    """Tell managers what falls due and what is overdue by a step today, heads of A above the norm.

    An invoice comes to a step on one day only, so a digest of the day tells each (invoice, step)
    once. Returns how many people were told anew.
    """
    working = current()
    told = 0
    if working.is_working(today):
        first = working.add(today, setting("receivables.alert_before"))
        last = working.add(first, 1) - timedelta(days=1)
        rows = Invoice.objects.unpaid().filter(due_on__gte=first, due_on__lte=last)
        told += _tell_managers(rows, "debt.due_soon", today, due_from=first, due_to=last)
    steps = [today - timedelta(days=days) for days in _steps()]
    late = Invoice.objects.overdue(today).filter(
        due_on__in=steps, open_amount__gte=setting("stop.least_open")
    )
    told += _tell_managers(late, "debt.overdue_steps", today)
    return told + _tell_of_excess(today)


def _steps() -> list[int]:
    return parse_steps(setting("receivables.alert_after"))


def _tell_managers(rows: QuerySet[Any], kind: str, today: date, **filters: Any) -> int:
    mine = rows.filter(client__manager__is_active=True).order_by().values("client__manager")
    told = 0
    for row in mine.annotate(count=Count("pk"), amount=Sum("open_amount")):
        manager = row["client__manager"]
        told += _notify(
            manager,
            kind,
            key=today.isoformat(),
            url=_invoices(manager=manager, **filters),
            count=row["count"],
            amount=format_number(row["amount"]),
        )
    return told


def _invoices(**filters: Any) -> str:
    """The register of invoices, where it is there."""
    where = "&".join(f"{name}={value}" for name, value in {"open": 1, **filters}.items())
    page = address("deals:invoice_list")
    return f"{page}?{where}" if page else ""


@dataclass(frozen=True)
class Excess:
    """A client of category A that owes more than the norm of its monthly shipments (KPI-2)."""

    client_id: int
    manager_id: int | None
    amount: Decimal


def _tell_of_excess(today: date) -> int:
    """Once a week to managers and heads: how many clients of A owe above the norm, and how much."""
    found = list(_excesses(today))
    by_person: dict[int, list[Excess]] = defaultdict(list)
    for excess in found:
        if excess.manager_id:
            by_person[excess.manager_id].append(excess)
    by_client = {excess.client_id: excess for excess in found}
    for head_id, ids in heads_by_client(list(by_client)).items():
        by_person[head_id] = [by_client[pk] for pk in sorted(ids)]
    year, week, _day = today.isocalendar()
    return sum(
        _notify(
            person,
            "debt.excess_a",
            key=f"{year}-W{week:02d}",
            url=f"{address('reports:receivables')}?by=client",
            count=len(theirs),
            amount=format_number(sum(excess.amount for excess in theirs)),
        )
        for person, theirs in sorted(by_person.items())
    )


def _excesses(today: date) -> Iterable[Excess]:
    """By the shipments of the last full month and the norm of the client's department."""
    last = today.replace(day=1) - timedelta(days=1)
    important = Client.objects.open().filter(category=ClientCategory.A)
    owed = Invoice.objects.unpaid().filter(client__in=important.values("pk")).order_by()
    sums = dict(owed.values("client").annotate(s=Sum("open_amount")).values_list("client", "s"))
    shipped = Shipment.objects.counted().in_period(last.replace(day=1), last)
    rows = shipped.filter(client__in=list(sums)).order_by().values("client")
    sales = dict(rows.annotate(s=Sum("amount")).values_list("client", "s"))
    units = OrgUnit.objects.in_bulk()
    people = important.filter(pk__in=list(sums))
    columns = ("pk", "manager", "manager__is_active", "org_unit")
    for pk, manager, works, unit in people.values_list(*columns):
        norm = setting("receivables.norm_percent", unit=units.get(unit)) / HUNDRED
        above = sums[pk] - max(sales.get(pk, Decimal(0)), Decimal(0)) * norm
        if above > 0:
            yield Excess(pk, manager if works else None, above)


def _notify(user_id: int, kind: str, *, key: str, url: str, count: int, amount: str) -> int:
    new = notify(
        user_id,
        kind=kind,
        params={"count": count, "amount": amount},
        url=url,
        dedupe_key=f"{kind}:{key}",
    )
    return min(1, new)
