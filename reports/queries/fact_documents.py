"""The documents behind a figure of plan and fact, and what came after the closing of a month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils import timezone

from clients.models import Client, ContactLog
from crm.accounts.models import User
from crm.accounts.scope import scope_of
from crm.sql import Statement
from deals.models import Payment, Shipment
from reports import links
from reports.models import LateChange
from reports.parameters import month_start
from reports.queries.cuts import GROUP, months_asked, months_of
from reports.registry import Params, Row
from reports.rollups.groups import by_line
from reports.rollups.sources import Span, credited

DAY = timedelta(days=1)
OF_METRIC = {
    "ship": ("shipment",),
    "cash": ("payment",),
    "active": ("shipment",),
    "contacts": ("contact",),
}
MODELS: dict[str, Any] = {
    "shipment": Shipment,
    "payment": Payment,
    "contact": ContactLog,
}
PAGES = {
    "shipment": "deals:shipment_detail",
    "payment": "deals:payment_detail",
    "contact": "clients:contact_detail",
}


def is_by_goods(params: Params) -> bool:
    """The figure is that of a product group: it is made of lines."""
    row = params.get("row")
    return row is not None and GROUP in row.parts


def document_rows(user: User, params: Params) -> list[Row]:
    """Each document with the day, the client, who is credited and how much it counts.

    Of a product group there are the lines of its goods, of no group the rest of the documents too.
    """
    if is_by_goods(params):
        return _goods_rows(user, params) if (params["metric"] or "ship") == "ship" else []
    metric = params["metric"] or "ship"
    found = list(_found(user, params, metric))
    named = Names(user, found)
    counted: set[tuple[date, int]] = set()
    rows: list[Row] = []
    for fact in found:
        amount = {"ship": fact.ship, "cash": fact.cash, "contacts": fact.contacts}.get(metric)
        if metric == "active":
            amount = _once(fact, counted)
        rows.append({**named.of(fact), "amount": amount})
    return rows


def _once(fact: Fact, counted: set[tuple[date, int]]) -> int | None:
    """One for the first sale of a client in a month, nothing for the others."""
    key = (month_start(fact.day), fact.client_id or 0)
    if not fact.client_id or key in counted:
        return None
    counted.add(key)
    return 1


def _goods_rows(user: User, params: Params) -> list[Row]:
    """Lines of the goods of a group; those of none, and what documents have beyond their lines."""
    group = params["row"].parts[GROUP]
    facts = _statement(user, params, "ship")
    lines = by_line(facts)
    sql = f"""
        SELECT id, name, quantity, amount FROM ({lines.sql}) l
        WHERE l.group_id IS NOT DISTINCT FROM %s ORDER BY id, line_id NULLS LAST
    """  # noqa: S608
    parts: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for pk, *part in Statement(sql, (*lines.params, group)).rows():
        parts[pk].append(tuple(part))
    found = [fact for fact in map(Fact._make, facts.rows()) if fact.id in parts]
    named = Names(user, found)
    return [
        {**named.of(fact), "goods": name or None, "quantity": quantity, "amount": amount}
        for fact in found
        for name, quantity, amount in parts[fact.id]
    ]


class Fact(NamedTuple):
    """A row of `rollups.sources.credited`."""

    source: str
    id: int
    client_id: int | None
    day: date
    ship: Decimal
    cash: Decimal
    contacts: int
    sales: int
    manager_id: int | None


def _found(user: User, params: Params, metric: str) -> Iterator[Fact]:
    return map(Fact._make, _statement(user, params, metric).rows())


def _statement(user: User, params: Params, metric: str) -> Statement:
    """Facts of the months of clients that the person sees, as the rollup has credited them."""
    months = months_asked(params)
    if row := params.get("row"):
        params = {**params, "row": row.without(GROUP)}
    end = month_start(months.last, 1)
    if last := params.get("to"):
        end = max(months.first, min(end, last + DAY))
    facts = credited(Span(months.first, end), OF_METRIC[metric])
    seen = months_of(user, params).order_by().values("month", "client_id", "manager_id")
    held = Statement.of(seen)
    only = "WHERE f.sales > 0 AND f.client_id IS NOT NULL" if metric == "active" else ""
    # Of one month both sides are of that month: to ask it again would only mislead the planner.
    same = "TRUE" if months.is_one else "m.month = date_trunc('month', f.day::timestamp)::date"
    # Nought stands for nobody: two of them are to be found equal, and by hashing.
    sql = f"""
        SELECT f.* FROM ({facts.sql}) f JOIN ({held.sql}) m ON {same}
         AND coalesce(m.client_id, 0) = coalesce(f.client_id, 0)
         AND coalesce(m.manager_id, 0) = coalesce(f.manager_id, 0)
        {only} ORDER BY f.day, f.source, f.id
    """  # noqa: S608
    return Statement(sql, (*facts.params, *held.params))


class Names:
    """What documents, clients and people are called; links lead where the person may go.

    What a person brought is theirs to see, whoever answers for the client today: the document and
    the client are named, but their pages are those of whoever answers now.
    """

    def __init__(self, user: User, facts: Sequence[Fact]) -> None:
        ids: dict[str, list[int]] = defaultdict(list)
        for one in facts:
            ids[one.source].append(one.id)
        self.titles = titles_of(ids)
        everything = scope_of(
            user
        ).everything  # then nobody has to be asked about thousands of rows
        self.open = _all(ids) if everything else _open_to(user, ids)
        clients = Client.objects.filter(pk__in={one.client_id for one in facts})
        self.clients = dict(clients.values_list("pk", "name"))
        self.mine = set(self.clients)
        if not everything:
            self.mine = set(clients.visible_to(user).values_list("pk", flat=True))
        people = User.objects.filter(pk__in={one.manager_id for one in facts})
        self.people = {one.pk: one.short_name for one in people}

    def of(self, one: Fact) -> dict[str, Any]:
        """The columns that say which document it is."""
        key, client = (one.source, one.id), one.client_id
        return {
            "day": one.day,
            "document": self.titles.get(key, str(one.id)),
            "document_url": links.one_of_many(PAGES[one.source], one.id)
            if key in self.open
            else "",
            "client": self.clients.get(client or 0, ""),
            "client_url": links.client_card(client) if client and client in self.mine else "",
            "manager": self.people.get(one.manager_id or 0, ""),
        }


def _all(ids: Mapping[str, list[int]]) -> set[tuple[str, int]]:
    return {(source, pk) for source, wanted in ids.items() for pk in wanted}


def _open_to(user: User, ids: Mapping[str, list[int]]) -> set[tuple[str, int]]:
    """Documents whose pages the person may open: a query for each source that there is."""
    found: set[tuple[str, int]] = set()
    for source, model in MODELS.items():
        if wanted := ids.get(source):
            seen = model.objects.visible_to(user).filter(pk__in=wanted).values_list("pk", flat=True)
            found |= {(source, pk) for pk in seen.order_by()}
    return found


def titles_of(ids: dict[str, list[int]]) -> dict[tuple[str, int], str]:
    """Names of documents by source and id: a query for each source."""
    named: dict[tuple[str, int], str] = {}
    for one in Shipment.objects.filter(pk__in=ids["shipment"]).only("kind", "number"):
        named["shipment", one.pk] = str(one)
    for paid in Payment.objects.filter(pk__in=ids["payment"]).only("number", "direction"):
        named["payment", paid.pk] = f"{paid.get_direction_display()} {paid.number}"
    for talk in ContactLog.objects.filter(pk__in=ids["contact"]).only("kind"):
        named["contact", talk.pk] = str(talk.get_kind_display())
    return named


def late_rows(user: User, params: Params) -> list[Row]:
    """What was posted into the month, or changed in it, after its closing, the latest first."""
    rows = LateChange.objects.visible_to(user).filter(month=params["month"])
    found = list(rows.select_related("client", "changed_by").order_by("-changed_at", "-pk"))
    ids: dict[str, list[int]] = defaultdict(list)
    for one in found:
        ids[one.source].append(one.document_id)
    titles = titles_of(ids)
    return [
        {
            "at": timezone.localtime(one.changed_at),
            "who": one.changed_by.short_name if one.changed_by else "",
            "what": str(one.get_source_display()),
            "document": titles.get((one.source, one.document_id), str(one.document_id)),
            "document_url": links.record(PAGES[one.source], one.document_id)
            if one.source in PAGES
            else "",
            "client": one.client.name if one.client else "",
            "client_url": links.client_card(one.client_id) if one.client_id else "",
        }
        for one in found
    ]
