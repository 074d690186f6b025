"""Events with what came of them, what buyers were shown, competitors beside our own terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients import permissions
from clients.lists.competitors import value_text
from clients.models import (
    Client,
    ClientCategory,
    Competitor,
    CompetitorAspect,
    CompetitorNote,
    Event,
    EventInvitation,
)
from crm.accounts.models import User
from crm.work.registry import setting
from deals.conditions.client_terms import category_deferral, terms_of
from deals.conditions.discounts import approved_discount
from deals.models import Shipment, TermsKind, TermsRequest
from reports.parameters import Period


def event_results(user: User, period: Period) -> list[dict[str, Any]]:
    """Events that ended in the period and were not called off: one row each, five queries.

    Counts are of the clients that the person sees; `net` is what those that came were shipped in
    the days of `events.effect_days` after the last day, roubles with VAT.
    """
    rows = Event.objects.visible_to(user).for_list(user).filter(cancelled_on=None)
    rows = rows.filter(ends_on__range=(period.first, period.last))
    events: list[Any] = list(rows.order_by("-starts_on"))
    clients, net = sales_after(user, events)
    return [
        {
            "event": event.name,
            "url": event.get_absolute_url(),
            "kind": event.get_kind_display(),
            "starts_on": event.starts_on,
            "invited": event.invited,
            "agreed": event.confirmed,
            "attended": event.attended,
            "all_url": event.get_absolute_url(),
            "agreed_url": f"{event.get_absolute_url()}?agreed=true",
            "attended_url": f"{event.get_absolute_url()}?state=attended",
            "clients": len(clients[event.pk]),
            "cost": event.cost,
            "net": net[event.pk],
            "net_url": f"{event.get_absolute_url()}#event-sales",
        }
        for event in events
    ]


def sales_after(
    user: User, events: Iterable[Event]
) -> tuple[dict[int, set[int]], dict[int, Decimal]]:
    """Clients that came, and what they were shipped afterwards, by event."""
    ends = {event.pk: event.ends_on for event in events}
    came: Any = EventInvitation.objects.visible_to(user).filter(event__in=ends)
    clients: dict[int, set[int]] = defaultdict(set)
    for event_id, client_id in came.attended().order_by().values_list("event", "client"):
        clients[event_id].add(client_id)
    net: dict[int, Decimal] = defaultdict(Decimal)
    if not clients:
        return clients, net
    days = timedelta(days=setting("events.effect_days"))
    everybody = set().union(*clients.values())
    sold = Shipment.objects.counted().filter(client__in=everybody)
    sold = sold.filter(posted_on__gt=min(ends.values()), posted_on__lte=max(ends.values()) + days)
    found = sold.order_by().values_list("client", "posted_on").annotate(net=Sum("amount"))
    for client_id, day, amount in found:
        for event_id, guests in clients.items():
            if client_id in guests and ends[event_id] < day <= ends[event_id] + days:
                net[event_id] += amount
    return clients, net


def presented(user: User, period: Period, group: str) -> Iterable[dict[str, Any]]:
    """Who was shown which product group and when: people who came, by the groups of the event."""
    rows: Any = EventInvitation.objects.visible_to(user)
    rows = rows.attended().filter(event__starts_on__range=(period.first, period.last))
    rows = rows.select_related("event", "client__manager", "person")
    for row in rows.order_by("-event__starts_on", "client__sort_key", "pk"):
        for name in row.event.groups:
            if group in ("", name):
                yield {
                    "day": row.event.starts_on,
                    "group": name,
                    "client": row.client.name,
                    "client_url": row.client.get_absolute_url(),
                    "person": row.person.full_name,
                    "event": row.event.name,
                    "event_url": row.event.get_absolute_url(),
                    "kind": row.event.get_kind_display(),
                    "manager": row.client.manager.short_name if row.client.manager else "",
                }


def comparison(user: User, client: Client | None) -> list[dict[str, Any]]:
    """Us first, then each competitor with its newest note of every aspect.

    With a client its own notes come before general ones, and ours are the terms of this client.
    """
    newest: dict[int, dict[str, CompetitorNote]] = defaultdict(dict)
    for note in _newest(user, client):
        newest[note.competitor_id][note.aspect] = note
    rows = [
        {"competitor": one.name, "url": one.get_absolute_url()} | _cells(one, newest[one.pk])
        for one in Competitor.objects.visible_to(user).open().order_by("name", "pk")
    ]
    return [ours(user, client), *rows]


def _newest(user: User, client: Client | None) -> Iterable[CompetitorNote]:
    rows: Any = CompetitorNote.objects.visible_to(user).filter(competitor__archived_at=None)
    first = ["-noted_on", "-pk"]
    if client is not None:
        rows = rows.filter(client=client) | rows.filter(client=None)
        first = [F("client_id").asc(nulls_last=True), *first]  # type: ignore[list-item]
    return rows.order_by("competitor_id", "aspect", *first).distinct("competitor_id", "aspect")  # type: ignore[no-any-return]


def _cells(competitor: Competitor, notes: dict[str, CompetitorNote]) -> dict[str, Any]:
    stale = timezone.localdate() - timedelta(days=setting("competitors.stale_days"))
    cells: dict[str, Any] = {}
    for aspect in CompetitorAspect.values:
        note = notes.get(aspect)
        cells[aspect] = _said(note, stale) if note else None
        cells[f"{aspect}_url"] = f"{competitor.get_absolute_url()}?aspect={aspect}" if note else ""
    return cells


def _said(note: CompetitorNote, stale: date) -> str:
    words = " · ".join(filter(None, [value_text(note.aspect, note.value), note.text]))
    day = f"{note.noted_on:%d.%m.%Y}"
    if note.noted_on < stale:
        return _("%(words)s (%(day)s, out of date)") % {"words": words, "day": day}
    return f"{words} ({day})"


def ours(user: User, client: Client | None) -> dict[str, Any]:
    """Our own discount and deferral, where they are known and the person sees money."""
    row: dict[str, Any] = {"competitor": _("Our terms"), "url": ""}
    if not permissions.sees_all_fields(user):
        return row
    today = timezone.localdate()
    if client is None:
        return row | _usual(user, today)
    deferral = terms_of(client, None, today).days
    discount = approved_discount(client, today)
    return row | {
        "deferral": value_text("deferral", Decimal(deferral)),
        "discount": value_text("discount", discount),
        "discount_url": f"{reverse('deals:terms_list')}?client={client.pk}",
        "deferral_url": f"{reverse('deals:terms_list')}?client={client.pk}",
    }


def _usual(user: User, today: date) -> dict[str, Any]:
    """Deferral by category, and the highest discount that holds for a visible client."""
    deferral = "; ".join(
        f"{category}: {value_text('deferral', Decimal(category_deferral(category, '')))}"
        for category in ClientCategory.values
    )
    rows: Any = TermsRequest.objects.visible_to(user).holding(today)
    values = rows.filter(kind=TermsKind.DISCOUNT).order_by("-value").values_list("value", flat=True)
    most = values.first()
    words = _("up to %(most)s, as approved for single clients")
    return {
        "deferral": deferral,
        "discount": words % {"most": value_text("discount", most)} if most else "",
        "discount_url": reverse("deals:terms_list") if most else "",
    }
