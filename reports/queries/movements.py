"""Shipments and receipts of a period by whatever they are asked by: a query and its names each.

They are the facts of plan and fact, of any days: a document counts for the manager who answered for
the client on its day, and for the unit of that manager at the end of the month.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from clients.models import Client
from crm.accounts.models import OrgUnit, User
from crm.accounts.scope import scope_of
from crm.money import percent
from crm.sql import Statement, joined
from deals.models import OwnAccount, Payment, ProductGroup, ShipmentKind
from reports import links
from reports.days.months import Months
from reports.parameters import EARLIEST, Period, month_end, month_start
from reports.permissions import can_see_facts
from reports.queries.fact_rows import documents_url
from reports.registry import Params, Row
from reports.rollups.groups import by_line
from reports.rollups.placed import placed
from reports.rollups.sources import Span

# Names and links of the rows with these keys.
Named = Mapping[Any, dict[str, Any]]
Namer = Callable[[User, Params, list[Any]], Named]


@dataclass(frozen=True)
class Cut:
    """How rows are put together: the key over a fact `s` and its document `d`, names and order."""

    key: str
    named: Namer
    is_in_time: bool = False


SHIPMENTS = """
    sum({amount}) AS net,
    coalesce(sum({amount}) FILTER (WHERE d.kind = 'sale'), 0) AS shipped,
    coalesce(sum({amount}) FILTER (WHERE d.kind = 'return'), 0) AS returned,
    coalesce(sum({amount}) FILTER (WHERE d.kind = 'adjustment'), 0) AS adjusted,
    count(DISTINCT d.id) AS documents
"""
RECEIPTS = """
    sum(s.cash) AS net,
    coalesce(sum(s.cash) FILTER (WHERE d.direction = 'in'), 0) AS received,
    coalesce(-sum(s.cash) FILTER (WHERE d.direction = 'out'), 0) AS refunded,
    coalesce(sum(w.free), 0) AS free,
    count(*) FILTER (WHERE d.direction = 'in') AS payments
"""
_NAMES = {
    "shipment": ("net", "shipped", "returned", "adjusted", "documents"),
    "payment": ("net", "received", "refunded", "free", "payments"),
}


def shipment_rows(user: User, params: Params) -> list[Row]:
    """Net, shipped, returned and adjusted roubles with VAT by the chosen cut."""
    facts = _facts(user, params, "shipment")
    if params["by"] == "group":
        return with_shares(_by_group(user, params, facts), "net")
    cut = SHIPMENT_CUTS[params["by"]]
    sql = f"""
        SELECT {cut.key}, {SHIPMENTS.format(amount="s.ship")}
        FROM ({facts.sql}) s JOIN deals_shipment d ON d.id = s.id GROUP BY 1
    """  # noqa: S608
    return with_shares(_rows(user, params, cut, Statement(sql, facts.params), "shipment"), "net")


def shipment_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """Returns as a share of the sales."""
    returned, shipped = _total(rows, "returned"), _total(rows, "shipped")
    return {"returns_share": percent(abs(returned), shipped)}


def _total(rows: Sequence[Row], name: str) -> Decimal:
    return sum((Decimal(row[name]) for row in rows), Decimal(0))


def receipt_rows(user: User, params: Params) -> list[Row]:
    """Clients' money of the period, less what was given back, by the chosen cut; apart what of it
    is left now.

    Left is what pays no invoice and was not given back.
    """
    cut, facts = RECEIPT_CUTS[params["by"]], _facts(user, params, "payment")
    period: Period = params["period"]
    money = Payment.objects.incoming().in_period(period.first, period.last).with_left()
    left = Statement.of(money.order_by().values_list("pk", "left"))
    sql = f"""
        SELECT {cut.key}, {RECEIPTS}
        FROM ({facts.sql}) s JOIN deals_payment d ON d.id = s.id
        LEFT JOIN ({left.sql}) w (id, free) ON w.id = s.id GROUP BY 1
    """  # noqa: S608
    found = _rows(user, params, cut, Statement(sql, (*facts.params, *left.params)), "payment")
    return with_shares(found, "net")


def with_shares(rows: Iterable[dict[str, Any]], name: str) -> list[Row]:
    """Add to each row its share of the whole."""
    found = list(rows)
    whole = sum((row[name] for row in found), Decimal(0))
    return [{**row, "share": percent(row[name], whole)} for row in found]


def _facts(user: User, params: Params, source: str) -> Statement:
    """Facts of the period that the person sees, narrowed as asked."""
    period: Period = params["period"]
    found = placed(user, Span(period.first, period.last + timedelta(days=1)), (source,))
    narrowed = [Statement("TRUE")]
    if client := params.get("client"):
        narrowed.append(Statement("s.client_id = %s", (client.pk,)))
    if manager := params.get("manager"):
        narrowed.append(Statement("s.manager_id = %s", (manager.pk,)))
    if unit := params.get("unit"):
        inside = list(OrgUnit.objects.subtree_of([unit.pk]).values_list("pk", flat=True))
        narrowed.append(Statement("s.org_unit_id = ANY(%s)", (inside,)))
    where = joined(" AND ", narrowed)
    sql = f"SELECT * FROM ({found.sql}) s WHERE {where.sql}"  # noqa: S608
    return Statement(sql, (*found.params, *where.params))


def _rows(
    user: User, params: Params, cut: Cut, asked: Statement, source: str
) -> list[dict[str, Any]]:
    found = [dict(zip(("key", *_NAMES[source]), row, strict=True)) for row in asked.rows()]
    named = cut.named(user, params, [row["key"] for row in found])
    for row in found:
        row.update(named[row["key"]])
    if cut.is_in_time:
        return sorted(found, key=lambda row: row["key"])
    return sorted(found, key=lambda row: (row.get("order", ""), -row["net"], row.get("code", "")))


def _by_group(user: User, params: Params, facts: Statement) -> list[dict[str, Any]]:
    """By the group of goods of the lines; what they do not say is of none, as in the rollups."""
    lines = by_line(facts)
    sql = f"""
        SELECT l.group_id, {SHIPMENTS.format(amount="l.amount")}
        FROM ({lines.sql}) l JOIN deals_shipment d ON d.id = l.id GROUP BY 1
    """  # noqa: S608
    cut = Cut("", _groups)
    return _rows(user, params, cut, Statement(sql, lines.params), "shipment")


def _within(params: Params, first: date, last: date) -> tuple[date, date]:
    period: Period = params["period"]
    return max(first, period.first), min(last, period.last)


def _days(params: Params, kind: str, first: date | None = None, last: date | None = None) -> Any:
    period: Period = params["period"]
    first, last = _within(params, first or period.first, last or period.last)
    return {f"{kind}_from": _since(first), f"{kind}_to": last.isoformat()}


def _since(first: date) -> str:
    """The first day in an address; nothing for a period without one."""
    return "" if first == EARLIEST else first.isoformat()


def _period(params: Params) -> dict[str, str]:
    period: Period = params["period"]
    return {"from": _since(period.first), "to": period.last.isoformat()}


def _whole_months(params: Params) -> Months | None:
    """The period where it is of whole months."""
    period: Period = params["period"]
    first, last = month_start(period.first), month_start(period.last)
    is_whole = period.first == first and period.last == month_end(last)
    return Months(first, last, "") if is_whole else None


def _listed(user: User, params: Params, metric: str) -> Callable[..., str]:
    """What gives the address of the facts of a row; of days that are no months there is none."""
    months = _whole_months(params)
    if months is None or not can_see_facts(user):
        return lambda **parts: ""
    unit = params.get("unit")
    kept = {name: one.pk for name in ("client", "manager") if (one := params.get(name))}
    pk = unit.pk if unit else None

    def url(**parts: Any) -> str:
        rest = {name: key for name, key in kept.items() if name not in parts}
        return documents_url(months, metric, rest | parts, pk)

    return url


def _months(page: str, kind: str) -> Namer:
    def named(user: User, params: Params, keys: list[Any]) -> Named:
        del user
        found = {}
        for month in keys:
            days = _days(params, kind, month, month_end(month))
            found[month] = {"name": f"{month:%m.%Y}", "url": links.documents(page, **days)}
        return found

    return named


def _clients(page: str, kind: str, metric: str) -> Namer:
    """A client's documents; where the row has only a part of them, those of the row."""

    def named(user: User, params: Params, keys: list[Any]) -> Named:
        rows = Client.objects.filter(pk__in=[key for key in keys if key])
        # Tens of thousands of rows: the address is built once, the client is put at its end.
        whole = links.documents(page, **_days(params, kind))
        is_part = params.get("manager") or params.get("unit") or not scope_of(user).everything
        part = _listed(user, params, metric)(client="") if is_part else ""
        found: dict[Any, dict[str, Any]] = {None: {"name": _("Client unknown"), "code": ""}}
        for pk, code, name in rows.values_list("pk", "code", "name"):
            url = f"{part}{pk}" if part else f"{whole}&client={pk}"
            found[pk] = {"name": name, "code": code, "url": url}
        return found

    return named


def _managers(report: str) -> Namer:
    def named(user: User, params: Params, keys: list[Any]) -> Named:
        del user
        found: dict[Any, dict[str, Any]] = {None: {"name": _("No manager")}}
        for one in User.objects.filter(pk__in=[key for key in keys if key]):
            url = links.report(report, by="client", manager=one.pk, **_period(params))
            found[one.pk] = {"name": one.short_name, "url": url}
        return found

    return named


def _units(user: User, params: Params, keys: list[Any]) -> Named:
    del user
    found: dict[Any, dict[str, Any]] = {None: {"name": _("No unit"), "order": "~"}}
    for pk, name, path in OrgUnit.objects.filter(pk__in=[key for key in keys if key]).values_list(
        "pk", "name", "path"
    ):
        url = links.report("shipments", by="manager", unit=pk, **_period(params))
        found[pk] = {"name": name, "url": url, "order": path}
    return found


def _kinds(user: User, params: Params, keys: list[Any]) -> Named:
    del user
    found = {}
    for kind in keys:
        url = links.documents("deals:shipment_list", kind=kind, **_days(params, "posted"))
        found[kind] = {"name": str(ShipmentKind(kind).label), "code": kind, "url": url}
    return found


def _groups(user: User, params: Params, keys: list[Any]) -> Named:
    listed = _listed(user, params, "ship")
    rows = ProductGroup.objects.filter(pk__in=[key for key in keys if key])
    names: dict[Any, str] = dict(rows.values_list("pk", "name"))
    names[None] = _("Without a group")
    return {key: {"name": names.get(key, str(key)), "url": listed(group=key)} for key in keys}


def _each_day(user: User, params: Params, keys: list[Any]) -> Named:
    del user
    found = {}
    for day in keys:
        days = _days(params, "paid", day, day)
        found[day] = {"name": day, "url": links.documents("deals:payment_list", **days)}
    return found


def _accounts(user: User, params: Params, keys: list[Any]) -> Named:
    del user, params
    found: dict[Any, dict[str, Any]] = {None: {"name": _("Account not named"), "code": ""}}
    rows = OwnAccount.objects.filter(pk__in=[key for key in keys if key])
    for pk, name, account in rows.values_list("pk", "name", "account"):
        found[pk] = {"name": name or account, "code": account}
    return found


SHIPMENT_CUTS = {
    "month": Cut("s.month", _months("deals:shipment_list", "posted"), is_in_time=True),
    "client": Cut("s.client_id", _clients("deals:shipment_list", "posted", "ship")),
    "manager": Cut("s.manager_id", _managers("shipments")),
    "unit": Cut("s.org_unit_id", _units),
    "type": Cut("d.kind", _kinds),
}
RECEIPT_CUTS = {
    "day": Cut("s.day", _each_day, is_in_time=True),
    "month": Cut("s.month", _months("deals:payment_list", "paid"), is_in_time=True),
    "client": Cut("s.client_id", _clients("deals:payment_list", "paid", "cash")),
    "manager": Cut("s.manager_id", _managers("receipts")),
    "account": Cut("d.own_account_id", _accounts),
}
