"""What the last ABC analysis says of one client: for its card and for decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.translation import gettext as _

from clients.category_terms import first_of_month
from clients.models import Client
from clients.recommendation import Recommendation
from crm.money import format_number, format_percent, round_half_up
from crm.sql import Blank, Kept, Statement
from deals.discipline import Discipline, discipline_of
from deals.models import AbcResult, AbcRun, Allocation, Invoice, Shipment

MONTHS = 12
SOURCE = "abc"
THE_CLIENT = Blank()
_kept = Kept()


def result_of(client: Client) -> AbcResult | None:
    """The client in the last analysis, asked once per client object."""
    if not hasattr(client, "_abc_result"):
        found = AbcResult.objects.filter(client=client, run=_latest_run()).with_history()
        client._abc_result = found.select_related("run").first()  # type: ignore[attr-defined]
    result: AbcResult | None = client._abc_result  # type: ignore[attr-defined]
    return result


def suggest(client: Client, today: date) -> Recommendation | None:
    """The calculated category of a client that has shipments or was long known."""
    found = _suggestion(client)
    if found is None:
        return None
    category, rank, share = found
    figures = ((_("place"), format_number(rank)), (_("share"), format_percent(share)))
    return Recommendation(category, SOURCE, figures)


def _suggestion(client: Client) -> tuple[str, int, Decimal] | None:
    """Category, rank and share; every card asks for them, so the SQL is built once."""
    if hasattr(client, "_abc_result"):
        result = result_of(client)
        return (result.category, result.rank, result.share) if result else None
    statement: Statement = _kept.get("suggestion", lambda: Statement.of(_figures_of(THE_CLIENT)))
    with connection.cursor() as cursor:
        cursor.execute(*statement.filled(THE_CLIENT, client.pk))
        row: tuple[str, int, Decimal] | None = cursor.fetchone()
    return row


def _figures_of(client: Blank) -> QuerySet[AbcResult, Any]:
    rows = AbcResult.objects.filter(client=client.expression, run=_latest_run()).with_history()
    return rows.values_list("category", "rank", "share")


def _latest_run() -> QuerySet[AbcRun, Any]:
    return AbcRun.objects.order_by("-created_at", "-pk").values("pk")[:1]


def paid_by(client: Client, *, first: date, today: date) -> Discipline:
    """How the client paid from the day on, weighted by money (DISC-1)."""
    paid = Allocation.objects.filter(
        invoice__client=client, payment__isnull=False, on_day__gte=first, on_day__lte=today
    )
    rows = paid.order_by().values_list("amount", "on_day", "invoice__due_on")
    return discipline_of((amount, (day - due_on).days) for amount, day, due_on in rows)


def months_of(client: Client, today: date) -> list[tuple[date, Decimal]]:
    """Net shipments of the last twelve full months and of the running one."""
    first = first_of_month(today, -MONTHS)
    rows = Shipment.objects.counted().filter(client=client, posted_on__gte=first)
    sums = dict(
        rows.order_by()
        .annotate(month=TruncMonth("posted_on"))
        .values_list("month")
        .annotate(total=Sum("amount"))
    )
    months = [first_of_month(first, number) for number in range(MONTHS + 1)]
    return [(month, sums.get(month, Decimal(0))) for month in months]


def debt_of(client: Client, today: date) -> dict[str, Any]:
    """Open invoices, the overdue part of them and the longest delay."""
    late = Q(due_on__lt=today)
    figures: dict[str, Any] = (
        Invoice.objects.unpaid()
        .filter(client=client)
        .aggregate(
            debt=Coalesce(Sum("open_amount"), Decimal(0)),
            overdue=Coalesce(Sum("open_amount", filter=late), Decimal(0)),
            late_count=Count("pk", filter=late),
            oldest=Min("due_on", filter=late),
        )
    )
    oldest = figures.pop("oldest")
    return figures | {"late_days": (today - oldest).days if oldest else 0}


def shipments_section(target: Any, user: Any, today: date) -> Mapping[str, Any] | None:
    """Turnover by month against what A and B need, place and share, discipline, debt.

    Hidden for a client without a single shipment in the period.
    """
    client: Client = target.client
    months, result = months_of(client, today), result_of(client)
    if result is None and not any(amount for _month, amount in months):
        return None
    full = months[:-1]
    total = sum((amount for _month, amount in full), Decimal(0))
    kept = getattr(target, "evidence", {}).get("turnover")
    return {
        "spec": _chart(months, _least(result)),
        "total": total,
        "before": Decimal(kept) if kept and Decimal(kept) != total else None,
        "result": result,
        "discipline": paid_by(client, first=full[0][0], today=today),
        **debt_of(client, today),
    }


def _least(result: AbcResult | None) -> dict[str, Decimal | None]:
    """What a client needs a month for A and for B, by the last analysis."""
    if result is None:
        return {}
    run = result.run
    months = max(1, round((run.date_to - run.date_from + timedelta(days=1)).days / 30.44))
    least = AbcResult.objects.filter(run=run).least()
    return {name: round_half_up(value / months) for name, value in least.items() if value}


def _chart(
    months: list[tuple[date, Decimal]], least: Mapping[str, Decimal | None]
) -> dict[str, Any]:
    lines = [
        {
            "label": _("%(category)s begins at") % {"category": name},
            "type": "line",
            "dashed": True,
            "tone": tone,
            "data": [least[name]] * len(months),
        }
        for name, tone in (("A", "success"), ("B", "warning"))
        if least.get(name)
    ]
    bars = {"label": _("Net shipments"), "data": [amount for _month, amount in months]}
    labels = [f"{month:%m.%y}" for month, _amount in months]
    return {"type": "bar", "unit": "money", "labels": labels, "datasets": [*lines, bars]}


def snapshot(client: Client, today: date) -> Mapping[str, Any]:
    """Figures kept with a request when it is sent."""
    months, result = months_of(client, today), result_of(client)
    total = sum((amount for _month, amount in months[:-1]), Decimal(0))
    kept: dict[str, Any] = {"turnover": str(total)}
    if result is not None:
        kept["abc"] = {
            "run": result.run_id,
            "rank": result.rank,
            "share": str(result.share),
            "cumulative": str(result.cumulative),
            "category": result.category,
        }
    return kept
