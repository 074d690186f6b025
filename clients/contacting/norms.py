"""How often a client is to be contacted and how long it may stay silent (D.4, S1.8, CONT-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DateTimeField,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, TruncDate
from django.utils import timezone

from clients.models import Client, ClientAssignment, ClientCategory, ClientStatus
from clients.policy.contacts import NORMS
from clients.querysets import ClientQuerySet
from crm.calendar import add_working_days, working_days_in_month
from crm.money import round_half_up
from crm.work.registry import setting


@dataclass(frozen=True)
class ContactNorm:
    """Contacts a month, visits among them, and the longest silence in calendar days."""

    contacts: int
    visits: int
    silence_days: int


def norm_key(category: str | None, status: str) -> str:
    """Which norm holds for a client: of its category, of the trading hall, or of a new one."""
    if status == ClientStatus.TRADING_HALL:
        return "trading_hall"
    return category or "new"


def contact_norms() -> dict[str, ContactNorm]:
    """The norms in force, by their key."""
    norms = {}
    for key in NORMS:
        contacts = setting(f"contacts.norm.{key}")
        visits = min(contacts, setting(f"contacts.visits.{key}"))
        norms[key] = ContactNorm(contacts, visits, setting(f"contacts.silence_days.{key}"))
    return norms


def norm_of(client: Client) -> ContactNorm:
    """The norm in force for the client."""
    return contact_norms()[norm_key(client.category, client.status)]


def next_contact_day(client: Client, today: date) -> date | None:
    """The working day on which the norm asks for the next contact; None in the trading hall.

    The working days of the month are shared evenly among the contacts of the norm (D.4): eight
    contacts in 21 working days make every third day.
    """
    norm = norm_of(client)
    if norm.contacts:
        days = Decimal(working_days_in_month(today.year, today.month))
        return add_working_days(today, max(1, int(round_half_up(days / norm.contacts, 0))))
    if client.status == ClientStatus.TRADING_HALL:
        return None
    return add_working_days(today, setting("contacts.default_next_days"))


def start_of(day: date) -> datetime:
    """The first moment of the day by the company's clock."""
    return datetime.combine(day, time.min, timezone.get_default_timezone())


def day_of(moment: datetime) -> date:
    """The day of the moment by the company's clock."""
    return moment.astimezone(timezone.get_default_timezone()).date()


class StartOf(Func):
    """SQL: the first moment of a day by the company's clock."""

    template = "((%(expressions)s))"
    arg_joiner = ")::timestamp AT TIME ZONE ("

    def __init__(self, day: Any) -> None:
        zone = Value(timezone.get_default_timezone_name())
        super().__init__(day, zone, output_field=DateTimeField())


def day_in_sql(moment: Any) -> Any:
    """SQL: the day of the moment by the company's clock."""
    return TruncDate(moment, tzinfo=timezone.get_default_timezone())


def by_norm(values: dict[str, Any]) -> Any:
    """SQL over clients: the value of the client's norm (see `norm_key`)."""
    hall = When(status=ClientStatus.TRADING_HALL, then=Value(values["trading_hall"]))
    categories = [
        When(category=category, then=Value(values[category])) for category in ClientCategory.values
    ]
    return Case(hall, *categories, default=Value(values["new"]))


def silent_since() -> Any:
    """SQL over clients: the last contact, else the day the manager took the client, else creation.

    Attempts without an answer do not break the silence.
    """
    taken = ClientAssignment.objects.filter(client=OuterRef("pk"), role="primary", valid_to=None)
    return Coalesce(
        F("last_contact_at"),
        Cast(Subquery(taken.values("valid_from")[:1]), DateTimeField()),
        F("created_at"),
    )


def silent(clients: ClientQuerySet, today: date) -> ClientQuerySet:
    """Clients whose silence is longer than their norm allows: calendar days, counted by date."""
    return clients.alias(_silent_since=silent_since()).filter(is_silent(today))


def is_silent(today: date) -> Q:
    """The condition of `silent` over clients that carry `_silent_since`."""
    condition = Q(pk__in=[])
    for key, norm in contact_norms().items():
        border = start_of(today - timedelta(days=norm.silence_days))
        condition |= _has_norm(key) & Q(_silent_since__lt=border)
    return condition


def _has_norm(key: str) -> Q:
    if key == "trading_hall":
        return Q(status=ClientStatus.TRADING_HALL)
    return Q(category=None if key == "new" else key) & ~Q(status=ClientStatus.TRADING_HALL)
