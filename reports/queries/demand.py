"""Demand by product group: shipments by month with a forecast, what waits, what clients need.

Shipments are the months of product groups that the rollups keep, the forecast is FCST-1 with the
season of the company, as in drafts of plans (DL-19).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, ExpressionWrapper, F, QuerySet, Sum
from django.utils.translation import gettext as _

from clients.models import ClientNeed
from crm.accounts.models import User
from crm.calendar import month_start
from crm.money import percent
from crm.names import search_key
from crm.sql import Statement
from deals.models import Order, OrderLine, ProductGroup
from reports import links
from reports.formulas.forecasts import FLAT, Season, forecast
from reports.models import GroupMonth
from reports.parameters import Period
from reports.permissions.demand import counted_for
from reports.queries.season import company_season
from reports.registry import Params, Row
from reports.rollups.placed import placed
from reports.rollups.sources import Span

BASE, SHOWN, CHART = 3, 4, 12  # months of the forecast, of the table and of the chart
NOTHING = Decimal("0.00")
Key = int | None


@dataclass
class GroupDemand:
    """A product group; None as `pk` is what lines do not say. Roubles with VAT."""

    pk: Key
    name: str
    by_month: dict[date, Decimal] = field(default_factory=dict)
    average: Decimal = NOTHING
    forecast: Decimal = NOTHING
    # The last months against as many before; None from nothing.
    trend: Decimal | None = None
    waiting: Decimal = NOTHING
    needing: int = 0
    not_buying: int = 0


@dataclass(frozen=True)
class Demand:
    """Everything on the page; months are the full ones before this, the earliest first."""

    months: list[date]
    target: date
    season: Season
    groups: list[GroupDemand]
    whole: GroupDemand
    # Needs whose words name no group.
    unnamed: int

    @property
    def has_season(self) -> bool:
        """A full year is known."""
        return self.season is not FLAT


def demand(user: User, *, today: date) -> Demand:
    """Groups by their average month, the greatest first: seven queries, whatever the groups."""
    this = month_start(today)
    months = [month_start(this, number) for number in range(-CHART, 0)]
    season = company_season("ship", this)
    names = dict(ProductGroup.objects.values_list("pk", "name"))
    sums = _shipped(user, months)
    waiting = _waiting(user)
    wants = wanted(user, names, today=today)
    keys = {*sums, *waiting, *(key for key in wants.clients if key is not None)}
    groups = [_group(key, names, sums.get(key, {}), months, this, season) for key in keys]
    for one in groups:
        one.waiting = waiting.get(one.pk, NOTHING)
        one.needing = len(wants.clients.get(one.pk, ()))
        one.not_buying = len(wants.not_buying(one.pk))
    groups.sort(key=lambda one: (one.pk is None, -one.average, one.name))
    total: dict[date, Decimal] = defaultdict(Decimal)
    for by_month in sums.values():
        for month, amount in by_month.items():
            total[month] += amount
    whole = _group(None, names, total, months, this, season)
    whole.waiting = sum(waiting.values(), NOTHING)
    return Demand(months, this, season, groups, whole, len(wants.clients.get(None, ())))


def _group(
    key: Key,
    names: Mapping[int, str],
    by_month: Mapping[date, Decimal],
    months: list[date],
    target: date,
    season: Season,
) -> GroupDemand:
    name = _("Without a group") if key is None else names.get(key, str(key))
    last, before = months[-BASE:], months[-2 * BASE : -BASE]
    total = sum((by_month.get(month, NOTHING) for month in last), NOTHING)
    earlier = sum((by_month.get(month, NOTHING) for month in before), NOTHING)
    numbers = [month.month for month in last]
    return GroupDemand(
        pk=key,
        name=name,
        by_month=dict(by_month),
        average=total / BASE,
        forecast=forecast(total, numbers, target.month, season),
        trend=percent(total - earlier, earlier) if earlier > 0 else None,
    )


def _shipped(user: User, months: list[date]) -> dict[Key, dict[date, Decimal]]:
    rows = GroupMonth.objects.visible_to(counted_for(user)).of_months(months).order_by()
    found: dict[Key, dict[date, Decimal]] = defaultdict(dict)
    for group, month, ship in rows.values_list("group", "month").annotate(total=Sum("ship")):
        found[group][month] = ship
    return found


# What waits to be shipped


def unshipped(user: User) -> QuerySet[OrderLine]:
    """Lines of taken orders of visible clients that are not shipped, at the price of the order."""
    taken = Order.objects.in_sums_of(counted_for(user)).filter(
        state__in=["submitted", "on_hold", "confirmed", "picking", "shipped_partially"]
    )
    money = DecimalField(max_digits=19, decimal_places=2)
    lines: QuerySet[OrderLine] = OrderLine.objects.unshipped().filter(order__in=taken)
    left = F("quantity") - F("shipped_qty")
    return lines.annotate(
        unshipped_amount=ExpressionWrapper(left * F("net_price"), output_field=money)
    )


def _waiting(user: User) -> dict[Key, Decimal]:
    rows = unshipped(user).order_by().values_list("product__group")
    return dict(rows.annotate(total=Sum("unshipped_amount")))


def unshipped_rows(user: User, params: Params) -> list[Row]:
    """Line by line, the oldest order first."""
    rows = _of_group(unshipped(user), params, "product__group")
    names = ("order__client", "product")
    found = rows.select_related(*names).order_by("order__dated_on", "order", "position")
    return [
        {
            "day": line.order.dated_on,
            "order": line.order.number,
            "url": line.order.get_absolute_url(),
            "state": line.order.get_state_display(),
            "client": line.order.client.name,
            "product": line.product.name,
            "left": line.left,
            "amount": line.unshipped_amount,
        }
        for line in found
    ]


def _of_group(rows: Any, params: Params, column: str) -> Any:
    """Narrowed to a group, or to what has none."""
    group = params.get("group")
    if group is None:
        return rows
    return rows.filter(**{f"{column}__isnull": True} if group.pk is None else {column: group.pk})


# What clients need


@dataclass(frozen=True)
class Wanted:
    """Clients by the group that their needs name, and those who bought it lately."""

    clients: dict[Key, set[int]]
    buyers: dict[Key, set[int]]

    def not_buying(self, key: Key) -> set[int]:
        """Who needs it and has not bought it in the months of the forecast."""
        return self.clients.get(key, set()) - self.buyers.get(key, set())


def needs_of(user: User) -> QuerySet[ClientNeed]:
    """Needs that stand, of visible clients at work."""
    rows: QuerySet[ClientNeed] = ClientNeed.objects.visible_to(counted_for(user)).open()
    return rows.filter(client__archived_at=None)


def wanted(user: User, names: Mapping[int, str], *, today: date) -> Wanted:
    """Two queries: the needs, and who bought which group in the last full months."""
    of_words = group_finder(names)
    clients: dict[Key, set[int]] = defaultdict(set)
    for client, subject in needs_of(user).order_by().values_list("client", "subject"):
        clients[of_words(subject)].add(client)
    rows = bought_lately(user, today).filter(group__in=[key for key in clients if key])
    buyers: dict[Key, set[int]] = defaultdict(set)
    for group, client in rows.order_by().values_list("group", "client").distinct():
        buyers[group].add(client)
    return Wanted(clients, buyers)


def bought_lately(user: User, today: date) -> Any:
    """Months of groups with shipments, of the months that the forecast is made of."""
    months = [month_start(today, number) for number in range(-BASE, 0)]
    rows = GroupMonth.objects.visible_to(counted_for(user)).of_months(months)
    return rows.filter(ship__gt=0)


def group_finder(names: Mapping[int, str]) -> Any:
    """A function from the words of a need to the group whose name stands in them, the longest."""
    keys = ((search_key(name), pk) for pk, name in names.items())
    known = sorted(keys, key=lambda one: (-len(one[0]), one[1]))
    read: dict[str, Key] = {}

    def find(text: str) -> Key:
        if text not in read:
            words = f" {search_key(text)} "
            fitting = (pk for name, pk in known if name and f" {name} " in words)
            read[text] = next(fitting, None)
        return read[text]

    return find


def need_rows(user: User, params: Params) -> list[Row]:
    """Needs with what their clients bought of the group lately; of needs without one nothing."""
    today: date = params["today"]
    names = dict(ProductGroup.objects.values_list("pk", "name"))
    of_words, asked = group_finder(names), params.get("group")
    bought = bought_lately(user, today).order_by().values_list("client", "group")
    sums = {(client, group): total for client, group, total in bought.annotate(total=Sum("ship"))}
    found: list[Row] = []
    for need in needs_of(user).select_related("client__manager").order_by("-level", "-noted_on"):
        group = of_words(need.subject)
        if asked is not None and group != asked.pk:
            continue
        ship = sums.get((need.client_id, group)) if group else None
        if params.get("only") == "not_buying" and ship:
            continue
        found.append(
            {
                "client": need.client.name,
                "url": links.client_card(need.client_id),
                "manager": need.client.manager.short_name if need.client.manager else "",
                "need": need.subject,
                "level": need.level,
                "volume": need.volume_month,
                "quality": need.quality_requirements,
                "noted_on": need.noted_on,
                "group": names.get(group, "") if group else "",
                "ship": ship,
            }
        )
    return found


# Products of a group

_PRODUCTS = """
    SELECT p.id, p.sku, p.name, sum({quantity}), sum({worth}), count(DISTINCT d.id)
    {lines} GROUP BY p.id, p.sku, p.name ORDER BY 5 DESC, p.name
"""
_LINES = """
    FROM ({facts}) s JOIN deals_shipment d ON d.id = s.id
    JOIN deals_shipmentline l ON l.shipment_id = coalesce(d.reverses_id, d.id)
    JOIN deals_product p ON p.id = l.product_id
    LEFT JOIN clients_client c ON c.id = d.client_id WHERE {narrowed}
"""
_WORTH = "CASE WHEN d.reverses_id IS NULL THEN l.amount ELSE -l.amount END"
_QUANTITY = f"abs(l.quantity) * sign({_WORTH})"


def _lines_of(user: User, params: Params) -> Statement:
    period: Period = params["period"]
    span = Span(period.first, period.last + timedelta(days=1))
    facts = placed(counted_for(user), span, ("shipment",))
    narrowed, more = ["TRUE"], []
    group, sku = params.get("group"), params.get("sku")
    if group is not None:
        narrowed.append("p.group_id IS NULL" if group.pk is None else "p.group_id = %s")
        more += [] if group.pk is None else [group.pk]
    if sku:
        narrowed.append("p.sku = %s")
        more.append(sku)
    sql = _LINES.format(facts=facts.sql, narrowed=" AND ".join(narrowed))
    return Statement(sql, (*facts.params, *more))


def product_rows(user: User, params: Params) -> list[Row]:
    """Goods by their net shipments in the period, the greatest first."""
    lines = _lines_of(user, params)
    sql = _PRODUCTS.format(quantity=_QUANTITY, worth=_WORTH, lines=lines.sql)
    found = Statement(sql, lines.params).rows()
    whole = sum((row[4] for row in found), NOTHING)
    period: Period = params["period"]
    days = {"from": period.first, "to": period.last}
    return [
        {
            "sku": sku,
            "product": name,
            "url": links.report("product_sales", sku=sku, **days),
            "quantity": quantity,
            "net": net,
            "share": percent(net, whole),
            "documents": documents,
        }
        for _pk, sku, name, quantity, net, documents in found
    ]


def line_rows(user: User, params: Params) -> Iterable[Row]:
    """Lines of documents of one article; nothing without one."""
    if not params.get("sku"):
        return []
    lines = _lines_of(user, params)
    sql = f"""
        SELECT d.posted_on, d.id, d.number, c.name, {_QUANTITY}, {_WORTH}
        {lines.sql}
        ORDER BY d.posted_on, d.id, l.position
    """
    return [
        {
            "day": day,
            "document": number,
            "url": links.one_of_many("deals:shipment_detail", pk),
            "client": client or "",
            "quantity": quantity,
            "amount": amount,
        }
        for day, pk, number, client, quantity, amount in Statement(sql, lines.params).rows()
    ]
