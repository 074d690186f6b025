"""The register of events, and the people invited to one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from clients.filters.events import EventFilter, EventInvitationFilter
from clients.models import Event, EventInvitation, InvitationState
from crm.lists import ALL, Column, Kind, ListSpec, View
from crm.shell.templatetags.shell import category_badge, status_chip

TONES: dict[str, str] = {
    InvitationState.INVITED: "warning",
    InvitationState.CONFIRMED: "info",
    InvitationState.ATTENDED: "success",
    InvitationState.NO_SHOW: "danger",
}


def event_state(event: Event) -> str:
    """Whether it is to come, goes on, was held or called off."""
    today = timezone.localdate()
    if event.cancelled_on is not None:
        return pgettext("event", "Called off")
    if event.starts_on > today:
        return pgettext("event", "To come")
    over = event.ends_on < today
    return pgettext("event", "Held") if over else pgettext("event", "Under way")


def event_chip(event: Event) -> str:
    """The same with its colour."""
    today = timezone.localdate()
    tone = "success" if event.ends_on < today else "info"
    return status_chip(event_state(event), "neutral" if event.cancelled_on else tone)


def invitation_chip(row: EventInvitation) -> str:
    """The answer or the attendance in words."""
    return status_chip(row.get_state_display(), TONES.get(row.state, "neutral"))


def find_events(rows: Any, text: str) -> Any:
    """By words of the name or the place, or by a product group."""
    plain = text.strip()
    return rows.filter(
        Q(name__icontains=plain) | Q(place__icontains=plain) | Q(groups__icontains=plain)
    )


def find_guests(rows: Any, text: str) -> Any:
    """By the name of the person or of the client."""
    plain = text.strip()
    return rows.filter(Q(person__full_name__icontains=plain) | Q(client__name__icontains=plain))


EVENTS = ListSpec(
    name="events",
    model=Event,
    title=gettext_lazy("Events"),
    columns=[
        Column("name", gettext_lazy("Name"), link=True, sort="name"),
        Column("kind", gettext_lazy("Kind"), filter="kind"),
        Column("starts_on", gettext_lazy("First day"), sort="starts_on"),
        Column("ends_on", gettext_lazy("Last day")),
        Column("place", gettext_lazy("Place")),
        Column("state", gettext_lazy("State"), value=event_state, render=event_chip),
        Column("invited", gettext_lazy("Invited"), kind=Kind.NUMBER),
        Column("confirmed", pgettext_lazy("event", "Agreed"), kind=Kind.NUMBER),
        Column("attended", pgettext_lazy("event", "Came"), kind=Kind.NUMBER),
        Column(
            "groups",
            gettext_lazy("Product groups presented"),
            value=lambda event: ", ".join(event.groups),
        ),
        Column("budget", gettext_lazy("Budget"), kind=Kind.MONEY),
        Column("cost", gettext_lazy("Cost"), kind=Kind.MONEY),
        Column("author", gettext_lazy("Author"), value="author.short_name"),
    ],
    default_sort="-starts_on",
    default_columns=[
        "name",
        "kind",
        "starts_on",
        "place",
        "state",
        "invited",
        "confirmed",
        "attended",
        "cost",
    ],
    filters=EventFilter,
    search=find_events,
    search_hint=gettext_lazy("Name, place or product group"),
    views=[
        View(pgettext_lazy("events", "To come"), "when=coming&sort=starts_on"),
        View(pgettext_lazy("events", "Held"), "when=held"),
        ALL,
    ],
    page_template="clients/event_list.html",
    empty_template="clients/_events_none.html",
)

INVITATIONS = ListSpec(
    name="event_invitations",
    model=EventInvitation,
    title=gettext_lazy("People invited"),
    columns=[
        Column("person", gettext_lazy("Contact person"), value="person.full_name", link=True),
        Column("position", gettext_lazy("Position"), value="person.position"),
        Column("client", gettext_lazy("Client"), value="client.name", sort="client__sort_key"),
        Column(
            "category",
            gettext_lazy("Category"),
            value="client.category",
            filter="category",
            filter_value="client.category",
            render=lambda row: category_badge(row.client.category),
        ),
        Column(
            "manager",
            gettext_lazy("Manager"),
            value="client.manager.short_name",
            filter="manager",
            filter_value="client.manager_id",
        ),
        Column("state", gettext_lazy("State"), filter="state", render=invitation_chip),
        Column("phone", gettext_lazy("Phone"), value="person.phone"),
        Column("invited_by", gettext_lazy("Invited by"), value="invited_by.short_name"),
        Column("invited_on", gettext_lazy("Invited on")),
        Column("confirmed_on", gettext_lazy("Agreed on")),
    ],
    default_sort="client",
    default_columns=["person", "position", "client", "category", "manager", "phone", "state"],
    filters=EventInvitationFilter,
    search=find_guests,
    search_hint=gettext_lazy("Contact person or client"),
    row_url=lambda row: f"{row.client.get_absolute_url()}?tab=people",
    page_template="clients/event_detail.html",
    empty_template="clients/_event_nobody.html",
)
MARKED_INVITATIONS = replace(INVITATIONS, bulk_template="clients/_event_bulk.html")
