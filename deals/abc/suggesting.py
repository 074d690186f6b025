"""What the last ABC analysis says of one client: for its card and for decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import DateField, Min, Q, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce, TruncMonth
from django.utils.translation import gettext as _

from clients.categorising.recommendation import Recommendation
from clients.models import Client
from crm.calendar import month_start
from crm.money import format_number, format_percent, round_half_up
from crm.sql import Blank, Kept, Statement, beside, whole
from deals.models import AbcResult, AbcRun, Invoice, Shipment
from deals.receivables.client_figures import MONTHS, discipline_from, paid_by, year_before
from deals.receivables.discipline import Discipline

SOURCE = "abc"
THE_CLIENT = Blank()
_kept = Kept()


def result_of(client: Client) -> AbcResult | None:
    """The client in the last analysis and what its A and B began at; once per client object."""
    if not hasattr(client, "_abc_result"):
        found = AbcResult.objects.filter(client=client, run=_latest_run()).with_history()
        found = found.with_least().select_related("run")
        client._abc_result = found.first()  # type: ignore[attr-defined]
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


def months_of(client: Client, today: date) -> list[tuple[date, Decimal]]:
    """Net shipments of the last twelve full months and of the running one."""
    return _every_month(dict(_by_month(client, today)), today)


def _by_month(client: Client, today: date) -> QuerySet[Shipment, Any]:
    rows = Shipment.objects.counted().filter(client=client, posted_on__gte=year_before(today))
    months = rows.order_by().annotate(month=Cast(TruncMonth("posted_on"), DateField()))
    return months.values_list("month").annotate(total=Sum("amount"))


def _every_month(sums: Mapping[date, Decimal], today: date) -> list[tuple[date, Decimal]]:
    first = year_before(today)
    months = [month_start(first, number) for number in range(MONTHS + 1)]
    return [(month, sums.get(month, Decimal(0))) for month in months]


@dataclass(frozen=True)
class Trade:
    """Net shipments by month, what is owed now and how it was paid: one query."""

    months: list[tuple[date, Decimal]]
    debt: Decimal
    overdue: Decimal
    late_days: int
    discipline: Discipline


def _trade_of(client: Client, today: date) -> Trade:
    late = Q(due_on__lt=today)
    owed = whole(
        Invoice.objects.unpaid().filter(client=client),
        debt=Coalesce(Sum("open_amount"), Decimal(0)),
        overdue=Coalesce(Sum("open_amount", filter=late), Decimal(0)),
        oldest=Min("due_on", filter=late),
    )
    rows = beside(owed, paid_by(client.pk, today), _by_month(client, today))
    debt, overdue, oldest = rows[0][:3]
    return Trade(
        months=_every_month({row[6]: row[7] for row in rows}, today),
        debt=debt,
        overdue=overdue,
        late_days=(today - oldest).days if oldest else 0,
        discipline=discipline_from(*rows[0][3:6]),
    )


def shipments_section(target: Any, user: Any, today: date) -> Mapping[str, Any] | None:
    """Turnover by month against what A and B need, place and share, discipline, debt.

    Hidden for a client without a single shipment in the period.
    """
    client: Client = target.client
    trade, result = _trade_of(client, today), result_of(client)
    if result is None and not any(amount for _month, amount in trade.months):
        return None
    total = sum((amount for _month, amount in trade.months[:-1]), Decimal(0))
    kept = getattr(target, "evidence", {}).get("turnover")
    return {
        "spec": _chart(trade.months, _least(result)),
        "total": total,
        "before": Decimal(kept) if kept and Decimal(kept) != total else None,
        "result": result,
        "discipline": trade.discipline,
        "debt": trade.debt,
        "overdue": trade.overdue,
        "late_days": trade.late_days,
    }


def _least(result: AbcResult | None) -> dict[str, Decimal | None]:
    """What a client needs a month for A and for B, by the last analysis."""
    if result is None:
        return {}
    run = result.run
    months = max(1, round((run.date_to - run.date_from + timedelta(days=1)).days / 30.44))
    least = {"A": result.least_a, "B": result.least_b}  # type: ignore[attr-defined]
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
