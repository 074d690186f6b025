"""What claims and returns cost, how much comes back, what purchasing has to know (CM-04, CM-07)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth

from claims.models import ClaimLine, ClaimReason
from crm.accounts.models import OrgUnit, User
from crm.money import percent
from deals.models import ProductGroup, Shipment, ShipmentLine
from reports.parameters import Period
from reports.queries.claims import (
    NO_GROUP,
    NOTHING,
    OUTSIDE,
    ZERO,
    claims_of,
    client_names,
    manager_names,
    plain_names,
)
from reports.registry import Params, Row


def return_rate(user: User, params: Params) -> list[Row]:
    """Returned ÷ shipped of the same period, roubles with VAT (CM-04, L438)."""
    rows = _shipments(user, params)
    by = params["by"]
    if by == "group":
        lines = ShipmentLine.objects.filter(shipment__in=rows).order_by()
        sums = lines.values_list("product__group").annotate(
            shipped=_of_kind("sale", "shipment__"), returned=_of_kind("return", "shipment__")
        )
        named = plain_names(ProductGroup, NO_GROUP)
    elif by == "month":
        months = rows.order_by().annotate(month=TruncMonth("posted_on"))
        sums = months.values_list("month").annotate(
            shipped=_of_kind("sale"), returned=_of_kind("return")
        )
        named = _shipped_months
    else:
        sums = (
            rows.order_by()
            .values_list(by)
            .annotate(shipped=_of_kind("sale"), returned=_of_kind("return"))
        )
        named = client_names if by == "client" else manager_names
    found = [(key, shipped, -returned) for key, shipped, returned in sums if shipped or returned]
    names = named([key for key, _shipped, _returned in found], params)
    made = [
        {**names[key], "shipped": shipped, "returned": back, "rate": percent(back, shipped)}
        for key, shipped, back in found
        if by != "client" or back
    ]
    if by == "month":
        return sorted(made, key=lambda row: row["key"])
    return sorted(made, key=lambda row: (-row["returned"], str(row["name"])))


def rate_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """The rate of all of them."""
    shipped = sum((row["shipped"] for row in rows), NOTHING)
    returned = sum((row["returned"] for row in rows), NOTHING)
    return {"rate": percent(returned, shipped)}


def _shipped_months(keys: Iterable[Any], params: Params) -> dict[Any, dict[str, Any]]:
    return {month: {"key": month, "name": f"{month:%m.%Y}", "url": ""} for month in keys}


def _of_kind(kind: str, path: str = "") -> Coalesce:
    return Coalesce(Sum("amount", filter=Q(**{f"{path}kind": kind})), ZERO)


def _shipments(user: User, params: Params) -> QuerySet[Any]:
    period: Period = params["period"]
    rows: Any = Shipment.objects.in_sums_of(user).counted().in_period(period.first, period.last)
    if manager := params.get("manager"):
        rows = rows.filter(manager=manager)
    if unit := params.get("unit"):
        rows = rows.filter(org_unit__in=OrgUnit.objects.subtree_of([unit.pk]).values("pk"))
    return rows  # type: ignore[no-any-return]


def claim_cost(user: User, params: Params) -> list[Row]:
    """What claims and returns of each client cost against its net shipments of the period."""
    period: Period = params["period"]
    decided = claims_of(user, params).decided(period.first, period.last).satisfied().order_by()
    given = dict(decided.values_list("client").annotate(total=Sum("satisfied_amount")))
    received = claims_of(user, params).received(period.first, period.last).order_by()
    counts = dict(received.values_list("client").annotate(total=Count("pk")))
    sums = _shipments(user, params).filter(client__in={*given, *counts}).order_by()
    sold = {
        client: (shipped, -returned)
        for client, shipped, returned in sums.values_list("client").annotate(
            shipped=_of_kind("sale"), returned=_of_kind("return")
        )
    }
    names, made = client_names({*given, *counts}, params), []
    for pk, name in names.items():
        shipped, returned = sold.get(pk, (NOTHING, NOTHING))
        cost = given.get(pk, NOTHING)
        row = {"claims": counts.get(pk, 0), "cost": cost, "shipped": shipped, "returned": returned}
        made.append({**name, **row, "share": percent(cost, shipped)})
    return sorted(made, key=lambda row: (-row["cost"], str(row["name"])))


def cost_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """The share of all of them."""
    cost, shipped = (sum((row[name] for row in rows), NOTHING) for name in ("cost", "shipped"))
    return {"share": percent(cost, shipped)}


def for_purchasing(user: User, params: Params) -> list[Row]:
    """Goods that are complained of, by product and reason, the most frequent first (CM-07)."""
    period: Period = params["period"]
    claims = claims_of(user, {**params, "kind": "goods"}).received(period.first, period.last)
    lines = ClaimLine.objects.filter(claim__in=claims).order_by()
    names = ("product__sku", "product__name", "product__group__name", "claim__reason")
    sums = lines.values(*names).annotate(
        claims=Count("claim", distinct=True),
        quantity=Sum("quantity"),
        amount=Coalesce(Sum("amount"), ZERO),
        by_supplier=Count("claim", distinct=True, filter=Q(claim__guilty_party="supplier")),
    )
    reasons = ClaimReason.objects.in_bulk()
    return [
        {
            "sku": row["product__sku"] or "",
            "name": row["product__name"] or str(OUTSIDE),
            "group": row["product__group__name"] or str(NO_GROUP),
            "reason": str(reasons[row["claim__reason"]]),
            **{name: row[name] for name in ("claims", "by_supplier", "quantity", "amount")},
        }
        for row in sums.order_by("-claims", "-amount", "product__sku")
    ]
