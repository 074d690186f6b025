"""Promos in figures: the effect of each by PROMO-1, and the shipments behind it (DL-14)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse

from clients.models import Client
from crm.accounts.models import User
from crm.calendar import month_start
from crm.money import percent
from crm.shell.templatetags.formats import month_name
from crm.sql import Statement
from deals import permissions
from deals.models import PromoCampaign, PromoState, Shipment
from deals.promos.promo_effect import Span, kept, lines_of
from reports.parameters import Period
from reports.registry import Params, Row

COUNTED = (PromoState.ANALYSED, PromoState.CLOSED)
SHOWN = (PromoState.RUNNING, PromoState.FINISHED, *COUNTED)
FIGURES = (
    "baseline",
    "uplift",
    "uplift_pct",
    "incremental_gp",
    "costs",
    "net_effect",
    "roi_pct",
    "net_effect_with_dip",
    "roi_with_dip_pct",
)


def promo_effects(user: User, params: Params) -> list[Row]:
    """Promos that ended in the period and whose effect the person may see, as analyses kept it.

    One that is not analysed yet stands without figures.
    """
    period: Period = params["period"]
    rows = PromoCampaign.objects.visible_to(user).filter(
        state__in=SHOWN, ends_on__gte=period.first, ends_on__lte=period.last
    )
    if params.get("brand"):
        rows = rows.filter(brand__icontains=params["brand"])
    found = rows.for_list().order_by("brand", "starts_on", "pk")
    return [_effect(promo) for promo in found if permissions.can_see_effect(user, promo)]


def _effect(promo: PromoCampaign) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": promo.name,
        "url": promo.get_absolute_url(),
        "brand": promo.brand,
        "kind": promo.get_kind_display(),
        "state": promo.get_state_display(),
        "unit": promo.org_unit.name if promo.org_unit else "",
        "starts_on": promo.starts_on,
        "ends_on": promo.ends_on,
        "planned": promo.planned_sales,
        "sales": None,
        **dict.fromkeys(FIGURES),
    }
    if promo.state in COUNTED:
        figures, effect = kept(promo.effect)
        row["sales"] = figures.promo_sales
        row |= {name: getattr(effect, name) for name in FIGURES}
    return row


def promo_effect_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """Percentages from sums, over the promos of which both sides are known."""

    def of(part: str, whole: str) -> Any:
        pairs = [(row[part], row[whole]) for row in rows]
        known = [(one, other) for one, other in pairs if one is not None and other is not None]
        nothing = Decimal(0)
        return percent(sum((a for a, _b in known), nothing), sum((b for _a, b in known), nothing))

    return {
        "uplift_pct": of("uplift", "baseline"),
        "roi_pct": of("net_effect", "costs"),
        "roi_with_dip_pct": of("net_effect_with_dip", "costs"),
    }


def promo_sales(user: User, params: Params) -> list[Row]:
    """Lines of shipments behind a promo's figure, of clients that the person sees."""
    promo, period = params.get("promo"), params["period"]
    if promo is None:
        return []
    lines = lines_of(promo, Span(period.first, period.last))
    seen = Statement.of(Shipment.objects.visible_to(user).order_by().values_list("pk"))
    sql = f"""
        SELECT s.day, s.document, s.client, l.name, l.quantity, s.worth
        FROM ({lines.sql}) s (document, line, day, client, worth)
        LEFT JOIN deals_shipmentline l ON l.id = s.line
        WHERE s.document IN ({seen.sql}) ORDER BY s.day, s.document, l.position
    """  # noqa: S608
    found = Statement(sql, (*lines.params, *seen.params)).rows()
    documents = Shipment.objects.in_bulk({row[1] for row in found})
    clients = dict(Client.objects.filter(pk__in={r[2] for r in found}).values_list("pk", "name"))
    return [
        {
            "day": day,
            "document": str(documents[document]),
            "url": reverse("deals:shipment_detail", args=[document]),
            "client": clients.get(client, ""),
            "goods": goods or "",
            "quantity": quantity,
            "amount": amount,
        }
        for day, document, client, goods, quantity, amount in found
    ]


def margin_rows(user: User, params: Params) -> list[Row]:
    """Gross profit by month of the promos whose analysis knows what their goods cost: one query."""
    period: Period = params["period"]
    rows = PromoCampaign.objects.visible_to(user).filter(
        state__in=COUNTED,
        cost_of_goods__isnull=False,
        ends_on__gte=period.first,
        ends_on__lte=period.last,
    )
    found: dict[date, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for promo in rows:
        figures, _effect_of = kept(promo.effect)
        if figures.promo_cogs is not None and permissions.can_see_effect(user, promo):
            month = month_start(promo.ends_on)
            found[month].append((figures.promo_sales, figures.promo_cogs))
    first = max(period.first, min(found, default=period.last))
    month, months = month_start(first), []
    while month <= period.last:
        months.append(month)
        month = month_start(month, 1)
    return [_margin(month, found.get(month, [])) for month in months]


def _margin(month: date, pairs: list[tuple[Decimal, Decimal]]) -> dict[str, Any]:
    sales = sum((one for one, _cost in pairs), Decimal(0)) if pairs else None
    cost = sum((cost for _one, cost in pairs), Decimal(0)) if pairs else None
    profit = None if sales is None or cost is None else sales - cost
    return {
        "month": month_name(month),
        "sales": sales,
        "cost": cost,
        "profit": profit,
        "margin_pct": None if profit is None or not sales else percent(profit, sales),
        "promos": len(pairs),
    }


def margin_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """The margin of all of them, from the sums."""
    sales = sum((row["sales"] or Decimal(0) for row in rows), Decimal(0))
    profit = sum((row["profit"] or Decimal(0) for row in rows), Decimal(0))
    return {"margin_pct": percent(profit, sales) if sales else None}
