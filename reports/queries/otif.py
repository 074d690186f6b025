"""Orders delivered in time and in full (OTIF-1): counts by month, client or manager.

An order counts in the period of the day by which its goods were to be there: promised, else wanted.
It is in time when they came by that day (the delivery noted, else the last shipment), in full when
nothing that was ordered is missing. Shares are of all orders that fell due, never averaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, DateField, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, User
from crm.money import percent
from deals.models import Order, Shipment
from reports import links
from reports.parameters import Period
from reports.registry import Params, Row

COUNTED = ("confirmed", "picking", "shipped_partially", "shipped", "delivered", "closed")
FIELDS: dict[str, tuple[str, ...]] = {
    "month": ("month",),
    "client": ("client_id", "client__code", "client__name"),
    "manager": (
        *("client__manager_id", "client__manager__last_name", "client__manager__first_name"),
        "client__manager__middle_name",
    ),
}


def otif_rows(user: User, params: Params) -> list[Row]:
    """Orders that fell due, how many of them in time, in full, and both."""
    by = params["by"]
    in_time, in_full = Q(came__lte=F("due")), Q(shipped_amount__gte=F("total"))
    grouped = orders_due(user, params).annotate(month=TruncMonth("due")).values(*FIELDS[by])
    counted = grouped.annotate(
        orders=Count("pk"),
        in_time=Count("pk", filter=in_time),
        in_full=Count("pk", filter=in_full),
        both=Count("pk", filter=in_time & in_full),
        ordered=Sum("total"),
        shipped=Sum("shipped_amount"),
    )
    ordered = (
        counted.order_by("month") if by == "month" else counted.order_by("-orders", *FIELDS[by])
    )
    return [{**row, **_named(by, row), **shares(row)} for row in ordered]


def orders_due(user: User, params: Params) -> QuerySet[Order]:
    """Confirmed orders that the person sees and that fell due in the period, up to today."""
    period: Period = params["period"]
    last = min(period.last, timezone.localdate())
    went = Shipment.objects.live().filter(order=OuterRef("pk"), kind="sale").order_by()
    shipped = went.values("order").annotate(last=Max("posted_on")).values("last")
    rows = Order.objects.visible_to(user).filter(state__in=COUNTED).order_by()
    rows = rows.annotate(due=Coalesce("promised_on", "desired_on"))
    rows = rows.filter(due__gte=period.first, due__lte=last)
    if client := params.get("client"):
        rows = rows.filter(client=client)
    if manager := params.get("manager"):
        rows = rows.filter(client__manager=manager)
    if unit := params.get("unit"):
        units = OrgUnit.objects.subtree_of([unit.pk]).values("pk")
        rows = rows.filter(client__org_unit__in=units)
    came = Coalesce("delivered_on", Subquery(shipped, output_field=DateField()))
    return rows.annotate(came=came)


def shares(row: Row) -> dict[str, Any]:
    """In time, in full and both as shares of the orders."""
    return {
        f"{name}_share": percent(row[name], row["orders"])
        for name in ("in_time", "in_full", "both")
    }


def otif_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """The same shares of all of them."""
    names = ("orders", "in_time", "in_full", "both")
    return shares({name: sum(row[name] for row in rows) for name in names})


def _named(by: str, row: Row) -> dict[str, Any]:
    if by == "month":
        return {"name": f"{row['month']:%m.%Y}"}
    if by == "client":
        card = links.client_card(row["client_id"])
        return {"name": row["client__name"], "code": row["client__code"], "url": card}
    if row["client__manager_id"] is None:
        return {"name": _("No manager")}
    parts = ("last_name", "first_name", "middle_name")
    return {"name": User(**{part: row[f"client__manager__{part}"] for part in parts}).short_name}
