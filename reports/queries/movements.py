"""Shipments and receipts of a period by whatever they are asked by: a query and its names each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, User
from crm.money import percent
from deals.models import Payment, Shipment, ShipmentKind, ShipmentLine
from deals.querysets import PaymentQuerySet
from reports import links
from reports.parameters import Period, month_end
from reports.registry import Params, Row

ZERO = Value(Decimal(0), output_field=DecimalField(max_digits=17, decimal_places=2))
CLIENT = ("client_id", "client__code", "client__name")
Namer = Callable[[Row, Params], dict[str, Any]]


@dataclass(frozen=True)
class Cut:
    """How rows are put together: the fields they share, their order, name and link."""

    fields: tuple[str, ...]
    named: Namer
    order: tuple[str, ...] = ()


def shipment_rows(user: User, params: Params) -> list[Row]:
    """Net, shipped, returned and adjusted roubles with VAT by the chosen cut."""
    rows = shipments_of(user, params)
    if params["by"] == "group":
        return with_shares(_by_group(rows), "net")
    cut = SHIPMENT_CUTS[params["by"]]
    grouped = rows.order_by().annotate(month=TruncMonth("posted_on")).values(*cut.fields)
    sums = grouped.annotate(
        net=Sum("amount"),
        shipped=_kind(ShipmentKind.SALE),
        returned=_kind(ShipmentKind.RETURN),
        adjusted=_kind(ShipmentKind.ADJUSTMENT),
        documents=Count("pk"),
    )
    found = [{**row, **cut.named(row, params)} for row in sums.order_by(*(cut.order or ["-net"]))]
    return with_shares(found, "net")


def shipments_of(user: User, params: Params) -> QuerySet[Shipment]:
    """Counted documents of the period that the person sees, narrowed as asked."""
    period: Period = params["period"]
    rows = Shipment.objects.visible_to(user).counted().in_period(period.first, period.last)
    if client := params.get("client"):
        rows = rows.filter(client=client)
    if manager := params.get("manager"):
        rows = rows.filter(manager=manager)
    if unit := params.get("unit"):
        rows = rows.filter(org_unit__in=OrgUnit.objects.subtree_of([unit.pk]).values("pk"))
    return rows


def shipment_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """Returns as a share of the sales."""
    returned, shipped = _total(rows, "returned"), _total(rows, "shipped")
    return {"returns_share": percent(abs(returned), shipped)}


def _total(rows: Sequence[Row], name: str) -> Decimal:
    return sum((Decimal(row[name]) for row in rows), Decimal(0))


def receipt_rows(user: User, params: Params) -> list[Row]:
    """Clients' money that came in the period by the chosen cut; apart what of it is left now.

    Left is what pays no invoice and was not given back.
    """
    cut = RECEIPT_CUTS[params["by"]]
    rows = receipts_of(user, params).order_by().with_left()
    rows = rows.annotate(month=TruncMonth("paid_on"))
    sums = rows.values(*cut.fields).annotate(
        received=Sum("amount"), free=Sum("left"), payments=Count("pk")
    )
    found = [
        {**row, **cut.named(row, params)} for row in sums.order_by(*(cut.order or ["-received"]))
    ]
    return with_shares(found, "received")


def receipts_of(user: User, params: Params) -> PaymentQuerySet:
    """Payments of the period that the person sees, narrowed as asked."""
    period: Period = params["period"]
    rows: PaymentQuerySet = Payment.objects.visible_to(user).incoming()
    rows = rows.in_period(period.first, period.last)
    if client := params.get("client"):
        rows = rows.filter(client=client)
    if manager := params.get("manager"):
        rows = rows.filter(client__manager=manager)
    if unit := params.get("unit"):
        units = OrgUnit.objects.subtree_of([unit.pk]).values("pk")
        rows = rows.filter(client__org_unit__in=units)
    return rows


def with_shares(rows: Iterable[dict[str, Any]], name: str) -> list[Row]:
    """Add to each row its share of the whole."""
    found = list(rows)
    whole = sum((row[name] for row in found), Decimal(0))
    return [{**row, "share": percent(row[name], whole)} for row in found]


def _kind(kind: str) -> Coalesce:
    return Coalesce(Sum("amount", filter=Q(kind=kind)), ZERO)


def _by_group(rows: QuerySet[Shipment]) -> list[dict[str, Any]]:
    """By the group of goods of the lines; documents without lines are a row of their own."""
    lines = ShipmentLine.objects.filter(shipment__in=rows).order_by()
    sums = lines.values(group=F("product__group__name")).annotate(
        net=Sum("amount"),
        shipped=Coalesce(Sum("amount", filter=Q(shipment__kind="sale")), ZERO),
        returned=Coalesce(Sum("amount", filter=Q(shipment__kind="return")), ZERO),
        adjusted=Coalesce(Sum("amount", filter=Q(shipment__kind="adjustment")), ZERO),
        documents=Count("shipment", distinct=True),
    )
    found: list[dict[str, Any]] = [
        {**row, "name": row["group"] or _("Without a group")} for row in sums
    ]
    bare = rows.filter(~Exists(ShipmentLine.objects.filter(shipment=OuterRef("pk"))))
    rest = bare.order_by().aggregate(
        net=Coalesce(Sum("amount"), ZERO),
        shipped=_kind(ShipmentKind.SALE),
        returned=_kind(ShipmentKind.RETURN),
        adjusted=_kind(ShipmentKind.ADJUSTMENT),
        documents=Count("pk"),
    )
    found.sort(key=itemgetter("net"), reverse=True)
    return [*found, {**rest, "name": _("Documents without lines")}] if rest["documents"] else found


def _within(params: Params, first: date, last: date) -> tuple[date, date]:
    period: Period = params["period"]
    return max(first, period.first), min(last, period.last)


def _days(params: Params, kind: str, first: date | None = None, last: date | None = None) -> Any:
    period: Period = params["period"]
    first, last = _within(params, first or period.first, last or period.last)
    return {f"{kind}_from": first.isoformat(), f"{kind}_to": last.isoformat()}


def _period(params: Params) -> dict[str, str]:
    period: Period = params["period"]
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def _month(page: str, kind: str) -> Namer:
    def named(row: Row, params: Params) -> dict[str, Any]:
        days = _days(params, kind, row["month"], month_end(row["month"]))
        return {"name": f"{row['month']:%m.%Y}", "url": links.documents(page, **days)}

    return named


def _client(page: str, kind: str) -> Namer:
    def named(row: Row, params: Params) -> dict[str, Any]:
        if row["client_id"] is None:
            return {"name": _("Client unknown"), "code": ""}
        # Tens of thousands of rows: the address is built once, the client is put at its end.
        rows = links.documents(page, **_days(params, kind))
        card = links.client_card(row["client_id"])
        return {
            "name": row["client__name"],
            "code": row["client__code"],
            "url": f"{rows}&client={row['client_id']}" if rows else card,
        }

    return named


def _manager(report: str, prefix: str) -> Namer:
    def named(row: Row, params: Params) -> dict[str, Any]:
        pk = row[f"{prefix}manager_id"]
        if pk is None:
            return {"name": _("No manager")}
        who = User(
            last_name=row[f"{prefix}manager__last_name"],
            first_name=row[f"{prefix}manager__first_name"],
            middle_name=row[f"{prefix}manager__middle_name"],
        )
        url = links.report(report, by="client", manager=pk, **_period(params))
        return {"name": who.short_name, "url": url}

    return named


def _manager_fields(prefix: str = "") -> tuple[str, ...]:
    names = ("manager_id", "manager__last_name", "manager__first_name", "manager__middle_name")
    return tuple(f"{prefix}{name}" for name in names)


def _unit(row: Row, params: Params) -> dict[str, Any]:
    if row["org_unit_id"] is None:
        return {"name": _("No unit")}
    url = links.report("shipments", by="manager", unit=row["org_unit_id"], **_period(params))
    return {"name": row["org_unit__name"], "url": url}


def _type(row: Row, params: Params) -> dict[str, Any]:
    url = links.documents("deals:shipment_list", kind=row["kind"], **_days(params, "posted"))
    return {"name": str(ShipmentKind(row["kind"]).label), "code": row["kind"], "url": url}


def _day(row: Row, params: Params) -> dict[str, Any]:
    days = _days(params, "paid", row["paid_on"], row["paid_on"])
    return {
        "name": row["paid_on"],
        "url": links.documents("deals:payment_list", **days),
    }


def _account(row: Row, params: Params) -> dict[str, Any]:
    name = row["own_account__name"] or row["own_account__account"]
    return {"name": name or _("Account not named"), "code": row["own_account__account"] or ""}


SHIPMENT_CUTS = {
    "month": Cut(("month",), _month("deals:shipment_list", "posted"), ("month",)),
    "client": Cut(CLIENT, _client("deals:shipment_list", "posted"), ("-net", "client__code")),
    "manager": Cut(_manager_fields(), _manager("shipments", "")),
    "unit": Cut(("org_unit_id", "org_unit__name", "org_unit__path"), _unit, ("org_unit__path",)),
    "type": Cut(("kind",), _type),
}
RECEIPT_CUTS = {
    "day": Cut(("paid_on",), _day, ("paid_on",)),
    "month": Cut(("month",), _month("deals:payment_list", "paid"), ("month",)),
    "client": Cut(CLIENT, _client("deals:payment_list", "paid"), ("-received", "client__code")),
    "manager": Cut(_manager_fields("client__"), _manager("receipts", "client__")),
    "account": Cut(("own_account_id", "own_account__name", "own_account__account"), _account),
}
