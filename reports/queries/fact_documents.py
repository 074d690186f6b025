"""The documents behind a figure of plan and fact, and what came after the closing of a month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from clients.models import Client, ContactLog
from crm.accounts.models import User
from crm.sql import Statement
from deals.models import Payment, Shipment
from reports import links
from reports.models import LateChange
from reports.parameters import month_start
from reports.queries.cuts import months_of
from reports.registry import Params, Row
from reports.rollups.sources import Span, credited

OF_METRIC = {
    "ship": ("shipment",),
    "cash": ("payment",),
    "active": ("shipment",),
    "contacts": ("contact",),
}
PAGES = {
    "shipment": "deals:shipment_detail",
    "payment": "deals:payment_detail",
    "contact": "clients:contact_detail",
}


def document_rows(user: User, params: Params) -> list[Row]:
    """Each document with the day, the client, who is credited and how much it counts."""
    metric = params["metric"] or "ship"
    found = list(_found(user, params, metric))
    titles = _titles(found)
    clients = dict(
        Client.objects.filter(pk__in={row[2] for row in found}).values_list("pk", "name")
    )
    people = {one.pk: one.short_name for one in User.objects.filter(pk__in={r[8] for r in found})}
    rows: list[Row] = []
    for source, pk, client, day, ship, cash, contacts, sales, manager in found:
        amount = {"ship": ship, "cash": cash, "contacts": contacts, "active": sales}[metric]
        rows.append(
            {
                "day": day,
                "document": titles.get((source, pk), str(pk)),
                "document_url": links.record(PAGES[source], pk),
                "client": clients.get(client, ""),
                "client_url": links.client_card(client) if client in clients else "",
                "manager": people.get(manager, ""),
                "amount": amount,
            }
        )
    return rows


def _found(user: User, params: Params, metric: str) -> Iterator[tuple[Any, ...]]:
    """Facts of the months of clients that the person sees, as the rollup has credited them."""
    month = params["month"]
    facts = credited(Span(month, month_start(month, 1)), OF_METRIC[metric])
    seen = Statement.of(months_of(user, params).order_by().values("client_id", "manager_id"))
    only = "WHERE f.sales > 0" if metric == "active" else ""
    # Nought stands for nobody: two of them are to be found equal, and by hashing.
    sql = f"""
        SELECT f.* FROM ({facts.sql}) f JOIN ({seen.sql}) m
          ON coalesce(m.client_id, 0) = coalesce(f.client_id, 0)
         AND coalesce(m.manager_id, 0) = coalesce(f.manager_id, 0)
        {only} ORDER BY f.day, f.source, f.id
    """  # noqa: S608
    yield from Statement(sql, (*facts.params, *seen.params)).rows()


def _titles(found: list[tuple[Any, ...]]) -> dict[tuple[str, int], str]:
    """What the documents are called."""
    ids: dict[str, list[int]] = defaultdict(list)
    for row in found:
        ids[row[0]].append(row[1])
    return titles_of(ids)


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
