"""Target tasks (KPI-4), the contact plan (CONT-1) and the coverage of territories (COV-1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from clients.models import Client, ContactPlanLine
from clients.querysets.plan_totals import PlanSums
from crm.accounts.models import User
from crm.money import percent, round_half_up
from reports.models import ClientMonth, TargetTask
from reports.parameters import month_start

HUNDRED = Decimal(100)


def result_of(tasks: Iterable[TargetTask]) -> Decimal | None:
    """Σ weight × completion ÷ Σ weight, half up (KPI-4); None without tasks."""
    weighted, weights = Decimal(0), Decimal(0)
    for one in tasks:
        weighted += one.weight * one.completion
        weights += one.weight
    return round_half_up(weighted / weights) if weights else None


def coverage_percent(active: int, total: int) -> Decimal | None:
    """Active outlets to all outlets, per cent (COV-1); None where there are none."""
    return percent(active, total)


@dataclass
class Coverage:
    """A territory: all outlets known there, and those of clients who buy."""

    total: int = 0
    active: int = 0
    clients: int = 0
    buyers: int = 0

    @property
    def percent(self) -> Decimal | None:
        return coverage_percent(self.active, self.total)


def coverage(user: User, month: date, months: int, *, by: str = "territory") -> dict[str, Coverage]:
    """Outlets by territory or channel; a client without listed outlets is one itself.

    Known are those of open clients and prospects; active those of clients with a sale that stands
    within the months of the active base.
    """
    bought = ClientMonth.objects.filter(
        month__gte=month_start(month, 1 - months), month__lte=month, sales__gt=0
    )
    buyers = set(bought.order_by().values_list("client", flat=True))
    rows = Client.objects.visible_to(user).open().order_by()
    open_outlets = Count("outlets", filter=Q(outlets__archived_at=None))
    found: dict[str, Coverage] = defaultdict(Coverage)
    for pk, place, outlets in rows.annotate(n=open_outlets).values_list("pk", by, "n"):
        one, number = found[place or ""], max(1, outlets)
        one.total += number
        one.clients += 1
        if pk in buyers:
            one.active += number
            one.buyers += 1
    return dict(found)


def contact_sums(user: User, month: date, by: str) -> dict[Any, PlanSums]:
    """Planned, done and credited contacts; a client is credited up to its plan (CONT-1)."""
    lines = list(_lines(user, month))
    done = _done(month)
    found: dict[Any, PlanSums] = {}
    for client, manager, unit, planned in lines:
        count = done.get(client, 0)
        key = {"client": client, "manager": manager, "unit": unit}[by]
        more = PlanSums(1, planned, count, min(count, planned))
        found[key] = found.get(key, PlanSums()) + more
    return found


def _lines(user: User, month: date) -> Any:
    rows = ContactPlanLine.objects.visible_to(user).of_month(month).order_by()
    return rows.values_list("client", "manager", "manager__org_unit", "planned_count")


def _done(month: date) -> dict[int, int]:
    """Contacts of the month that reached the client, from the rollup: whoever answered then."""
    found: dict[int, int] = defaultdict(int)
    rows = ClientMonth.objects.of_month(month).filter(contacts__gt=0, client__isnull=False)
    for client, count in rows.order_by().values_list("client", "contacts"):
        found[client] += count
    return found
