"""The page of an event: figures over the clients that the person sees, sales after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clients import hooks, permissions
from clients.lists.events import event_chip
from clients.models import Client, Event, EventInvitation, InvitationState
from crm.accounts.models import User
from crm.money import round_half_up
from crm.shell.nav import address
from crm.work.registry import setting


@dataclass(frozen=True)
class Figure:
    """A number of the event and the list behind it."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class SoldAfter:
    """A client that came, and its net shipments of the days after the event, roubles with VAT."""

    client: Client
    net: Decimal
    url: str


@dataclass(frozen=True)
class EventPage:
    """One event for one person."""

    event: Event
    user: User
    today: date

    @property
    def state(self) -> str:
        return event_chip(self.event)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many were invited, agreed, declined, came and did not: one query.

        Marketing, which sees no client whole, is told the numbers of the whole company.
        """
        rows: Any = EventInvitation.objects.filter(event=self.event)
        if self.sees_people:
            rows = rows.visible_to(self.user)
        states = {
            state: Count("pk", filter=Q(state=state))
            for state in InvitationState.values
            if state != InvitationState.CONFIRMED
        }
        found: dict[str, int] = rows.order_by().aggregate(
            all=Count("pk"),
            agreed=Count("pk", filter=Q(confirmed_on__isnull=False)),
            clients=Count("client", filter=Q(state=InvitationState.ATTENDED), distinct=True),
            **states,
        )
        return found

    @property
    def figures(self) -> list[Figure]:
        """The counts in words, each leading to its people below."""
        ways = (
            (_("Invited"), "all", ""),
            (_("Agreed to come"), "agreed", "agreed=true"),
            (_("Declined"), InvitationState.DECLINED, "state=declined"),
            (_("Without an answer"), InvitationState.INVITED, "state=invited"),
            (pgettext("event", "Came"), InvitationState.ATTENDED, "state=attended"),
            (pgettext("event", "Did not come"), InvitationState.NO_SHOW, "state=no_show"),
        )
        here = self.event.get_absolute_url() if self.sees_people else ""
        return [
            Figure(label, self.counts[key], here and f"{here}?{way}") for label, key, way in ways
        ]

    @property
    def sees_people(self) -> bool:
        """Whether the invited are named: marketing sees numbers only."""
        return permissions.sees_event_money(self.user)

    @property
    def cost_per_client(self) -> Decimal | None:
        """What one client that came has cost; nothing while that is not known."""
        clients = self.counts["clients"]
        if self.event.cost is None or not clients:
            return None
        return round_half_up(self.event.cost / clients)

    @cached_property
    def effect_days(self) -> int:
        """For how many days after its last day the sales are counted."""
        return int(setting("events.effect_days"))

    @property
    def counted_to(self) -> date:
        """The last of these days, not later than today."""
        return min(self.today, self.event.ends_on + timedelta(days=self.effect_days))

    @property
    def shows_sales(self) -> bool:
        """The event is over, clients came, and the person sees money."""
        over = self.event.ends_on < self.today
        return over and bool(self.counts["clients"]) and self.sees_people

    @cached_property
    def sold(self) -> list[SoldAfter]:
        """Each client that came with what it was shipped afterwards, the largest first."""
        rows: Any = EventInvitation.objects.visible_to(self.user).filter(event=self.event)
        clients = Client.objects.filter(pk__in=rows.attended().values("client"))
        known = hooks.sales(clients, self.event.ends_on, self.counted_to)
        found = [
            SoldAfter(
                client,
                known[client.pk].net if client.pk in known else Decimal(0),
                self._url(client),
            )
            for client in clients.select_related("manager").order_by("sort_key", "pk")
        ]
        return sorted(found, key=lambda one: -one.net)

    @property
    def sold_total(self) -> Decimal:
        """The sum of the rows below it."""
        return sum((one.net for one in self.sold), Decimal(0))

    def _url(self, client: Client) -> str:
        """The documents that the amount is the sum of."""
        first = self.event.ends_on + timedelta(days=1)
        days = [("posted_from", f"{first:%Y-%m-%d}"), ("posted_to", f"{self.counted_to:%Y-%m-%d}")]
        states = [("state", "posted"), ("state", "reversed")]
        return (
            f"{address('deals:shipment_list')}?{urlencode([('client', client.pk), *days, *states])}"
        )

    @property
    def may_change(self) -> bool:
        return permissions.can_change_event(self.user, self.event)

    @property
    def may_invite(self) -> bool:
        return permissions.can_invite(self.user, self.event) and self.event.ends_on >= self.today

    @property
    def may_mark(self) -> bool:
        return permissions.can_invite(self.user, self.event)

    @property
    def has_begun(self) -> bool:
        """Attendance can be noted from its first day on."""
        return self.event.starts_on <= self.today
