"""The work of merchandisers in a period: what was done, and MERCH-1.

A visit falls due on its day; those called off and those of a plan that marketing has not agreed to
do not. Shipments of an outlet are known where an order names it, or where it is the only one of its
client; of the others nothing is said.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone

from clients.models import MerchandiserVisit, Outlet, VisitState
from crm.accounts.models import User
from crm.calendar import month_start
from crm.money import percent, round_half_up
from crm.work.registry import setting
from deals.models import Shipment
from reports.formulas.visits import NOTHING, Economics, beyond_usual
from reports.parameters import Period
from reports.registry import Params, Row


@dataclass(frozen=True)
class Shipped:
    """Net roubles of outlets in the period and in the months before it, where they are known."""

    now: dict[int, Decimal] = field(default_factory=dict)
    before: dict[int, Decimal] = field(default_factory=dict)
    known: frozenset[int] = frozenset()


def due_visits(user: User, period: Period, today: date) -> QuerySet[Any]:
    """Visible visits whose day is in the period and has come."""
    rows = MerchandiserVisit.objects.visible_to(user).agreed().exclude(state=VisitState.CANCELLED)
    last = min(period.last, today)
    return rows.filter(planned_on__gte=period.first, planned_on__lte=last).order_by()


def work_rows(user: User, params: Params) -> list[Row]:
    """A row for each merchandiser, without money."""
    period: Period = params["period"]
    done = Q(state=VisitState.DONE)
    grouped = due_visits(user, period, timezone.localdate()).values_list("merchandiser")
    counted = grouped.annotate(
        planned=Count("pk"),
        done=Count("pk", filter=done),
        missed=Count("pk", filter=Q(state=VisitState.MISSED)),
        moved=Count("pk", filter=Q(moved_from__isnull=False)),
        outlets=Count("outlet", filter=done, distinct=True),
        short=Count("pk", filter=done & Q(oos_count__gt=0)),
        oos=Sum("oos_count", filter=done),
        shelf=Avg("shelf_share", filter=done),
        spent=Avg(F("finished_at") - F("started_at"), filter=done),
    )
    names = ("planned", "done", "missed", "moved", "outlets", "short", "oos", "shelf", "spent")
    found = {pk: dict(zip(names, values, strict=True)) for pk, *values in counted}
    return [_work_row(person, found[person.pk], period) for person in _people(found)]


def _work_row(person: User, row: dict[str, Any], period: Period) -> Row:
    shelf, spent = row["shelf"], row["spent"]
    return row | {
        "name": person.short_name,
        "url": _visits(person, period),
        "missed_url": _visits(person, period, state=VisitState.MISSED),
        "short_url": _visits(person, period, stockouts="true"),
        "completion": percent(row["done"], row["planned"]),
        "oos": row["oos"] or 0,
        "shelf": None if shelf is None else round_half_up(shelf),
        "minutes": None if spent is None else int(spent.total_seconds() // 60),
    }


def work_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """Completion of the sums."""
    planned, done = (sum(row[name] for row in rows) for name in ("planned", "done"))
    return {"completion": percent(done, planned)}


def economics_rows(user: User, params: Params) -> list[Row]:
    """MERCH-1 for each merchandiser."""
    period, today = params["period"], timezone.localdate()
    visits = due_visits(user, period, today)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for person, state, count in visits.values_list("merchandiser", "state").annotate(n=Count("pk")):
        counts[person][state] = count
    done = visits.filter(state=VisitState.DONE).values_list("merchandiser", "outlet").distinct()
    visited: dict[int, set[int]] = defaultdict(set)
    for person, outlet in done:
        visited[person].add(outlet)
    shipped = shipments_of({pk for outlets in visited.values() for pk in outlets}, period, today)
    costs = cost_of(visits)
    rows = []
    for person in _people(counts):
        outlets = visited[person.pk]
        known = outlets & shipped.known
        figures = Economics(
            planned=counts[person.pk].total(),
            done=counts[person.pk][VisitState.DONE],
            cost=costs.get(person.pk, NOTHING),
            incremental_gp=_gross_profit(known, shipped, period, today),
        )
        rows.append(_economics_row(person, figures, outlets, known, shipped, period))
    return rows


def _economics_row(
    person: User,
    figures: Economics,
    outlets: Collection[int],
    known: Collection[int],
    shipped: Shipped,
    period: Period,
) -> Row:
    return {
        "name": person.short_name,
        "url": _visits(person, period),
        "planned": figures.planned,
        "done": figures.done,
        "completion": figures.completion_pct,
        "cost": figures.cost,
        "per_visit": figures.cost_per_visit,
        "outlets": len(outlets),
        "known": len(known),
        "shipped": sum((shipped.now.get(pk, NOTHING) for pk in known), NOTHING) if known else None,
        "gp": figures.incremental_gp,
        "effect": figures.net_effect,
        "roi": figures.roi_pct,
    }


def economics_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """MERCH-1 of the sums; the effect of those alone of whom it is known."""
    figures = Economics(
        planned=sum(row["planned"] for row in rows),
        done=sum(row["done"] for row in rows),
        cost=sum((row["cost"] for row in rows), NOTHING),
    )
    known = [row for row in rows if row["gp"] is not None]
    cost = sum((row["cost"] for row in known), NOTHING)
    gained = sum((row["gp"] for row in known), NOTHING) if known else None
    whole = Economics(cost=cost, incremental_gp=gained)
    return {
        "completion": figures.completion_pct,
        "per_visit": figures.cost_per_visit,
        "effect": whole.net_effect,
        "roi": whole.roi_pct,
    }


def cost_of(visits: QuerySet[Any]) -> dict[int, Decimal]:
    """The month's cost of each merchandiser, by the part that these visits are of its visits."""
    months = list(_by_month(visits))
    rows = MerchandiserVisit.objects.agreed().exclude(state=VisitState.CANCELLED).order_by()
    rows = rows.filter(merchandiser__in={person for person, _month, _n in months})
    if months:
        first = min(month for _person, month, _n in months)
        last = max(month for _person, month, _n in months)
        rows = rows.filter(planned_on__gte=first, planned_on__lt=month_start(last, 1))
    whole = {(person, month): count for person, month, count in _by_month(rows)}
    cost: dict[int, Decimal] = defaultdict(Decimal)
    for person, month, count in months:
        cost[person] += setting("visits.month_cost") * count / whole[person, month]
    return {person: round_half_up(amount) for person, amount in cost.items()}


def _by_month(visits: QuerySet[Any]) -> QuerySet[Any]:
    """Merchandiser, month, number of visits."""
    rows = visits.annotate(month=TruncMonth("planned_on"))
    return rows.values_list("merchandiser", "month").annotate(n=Count("pk"))


def shipments_of(outlet_ids: Collection[int], period: Period, today: date) -> Shipped:
    """Net shipments with VAT of the outlets of which they are known."""
    last = min(period.last, today)
    spans = ((period.first, last), baseline(period))
    of_client = _only_ones(outlet_ids)
    others = set(outlet_ids) - set(of_client.values())
    sums = [_sums(first, until, of_client, others) for first, until in spans]
    known = frozenset(of_client.values()) | {pk for found in sums for pk in found}
    return Shipped(sums[0], sums[1], known)


def baseline(period: Period) -> tuple[date, date]:
    """First and last day of the months before the period that say what is usual."""
    month = month_start(period.first)
    return month_start(month, -setting("visits.baseline_months")), month - timedelta(days=1)


def _only_ones(outlet_ids: Collection[int]) -> dict[int, int]:
    """Outlets that are the only open ones of their clients, by the client."""
    clients = Outlet.objects.filter(pk__in=outlet_ids).order_by().values("client")
    rows = Outlet.objects.open().filter(client__in=clients).order_by().values_list("client")
    single = {client for client, count in rows.annotate(n=Count("pk")) if count == 1}
    found = Outlet.objects.filter(pk__in=outlet_ids, client__in=single, archived_at=None)
    return dict(found.order_by().values_list("client", "pk"))


def _sums(
    first: date, last: date, of_client: dict[int, int], others: Collection[int]
) -> dict[int, Decimal]:
    rows = Shipment.objects.counted().in_period(first, last).order_by()
    by_client = rows.filter(client__in=of_client).by_client()
    found = {of_client[client]: amount for client, amount in by_client.items()}
    named = rows.filter(order__outlet__in=others).values_list("order__outlet")
    return found | dict(named.annotate(total=Sum("amount")))


def _gross_profit(
    known: Iterable[int], shipped: Shipped, period: Period, today: date
) -> Decimal | None:
    """Beyond the usual, over the outlets that are known together; none where there are none."""
    outlets = list(known)
    if not outlets:
        return None
    first, last = baseline(period)
    return beyond_usual(
        sum((shipped.now.get(pk, NOTHING) for pk in outlets), NOTHING),
        sum((shipped.before.get(pk, NOTHING) for pk in outlets), NOTHING),
        days=(min(period.last, today) - period.first).days + 1,
        days_before=(last - first).days + 1,
        margin_pct=setting("visits.margin_pct"),
    )


def _people(found: Collection[int]) -> list[User]:
    return list(User.objects.filter(pk__in=list(found)).order_by("sort_key", "pk"))


def _visits(person: User, period: Period, **more: str) -> str:
    days = {"day_from": period.first.isoformat(), "day_to": period.last.isoformat()}
    query = urlencode({"merchandiser": person.pk, **days, **more})
    return f"{reverse('clients:visit_list')}?{query}"
