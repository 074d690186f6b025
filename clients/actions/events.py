"""Writes of events: the record, inviting people of clients, answers and attendance (C.5 no. 34)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import dictionaries, permissions
from clients.actions.contacts import Talk, log_contact
from clients.models import (
    ANSWERS,
    INVITATION_MOVES,
    MARKS,
    Client,
    ClientStatus,
    ContactKind,
    ContactLog,
    ContactPerson,
    Event,
    EventInvitation,
    EventKind,
    InvitationState,
)
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.numbering import one_at_a_time
from crm.states import move
from crm.work.registry import setting

NOT_THAT = gettext_lazy("This is no longer possible: the answer is “%(state)s”.")
NOON = time(12)


@dataclass(frozen=True, kw_only=True)
class EventValues:
    """What an event says; amounts in roubles."""

    kind: str
    name: str
    starts_on: date
    ends_on: date
    place: str = ""
    groups: Sequence[str] = ()
    description: str = ""
    budget: Decimal | None = None
    cost: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Guests:
    """Whom to invite: people of visible clients; nothing chosen narrows nothing."""

    categories: Sequence[str] = ()
    manager: User | None = None
    prospects: bool = False
    deciders_only: bool = True


def create_event(values: EventValues, *, by: User, key: UUID) -> Event:
    """An event, once per `key`; heads and marketing make them."""
    with transaction.atomic():
        one_at_a_time(key)
        known = Event.objects.filter(idempotency_key=key, author=by).first()
        if known is not None:
            return known  # type: ignore[no-any-return]
        if not permissions.can_make_events(by):
            raise PermissionDenied
        event = Event(author=by, idempotency_key=key)
        _put(event, values)
        with verb("event.created", by=by):
            event.save(force_insert=True)
        return event


@transaction.atomic
def edit_event(event_id: int, values: EventValues, *, by: User, version: int) -> Event:
    """Change it, also afterwards: what it cost is known then."""
    event = _locked(event_id, by, version)
    if not permissions.can_change_event(by, event):
        raise PermissionDenied
    _put(event, values)
    if _attended(event) and event.starts_on > timezone.localdate():
        raise RuleViolation(_("People have come already: it cannot lie ahead."), field="starts_on")
    event.version += 1
    with verb("event.changed", by=by):
        event.save(update_fields=[*COLUMNS, "version"])
    return event


@transaction.atomic
def cancel_event(event_id: int, *, by: User, version: int, reason: str, today: date) -> Event:
    """Call it off, with a reason; not once somebody has come."""
    event = _locked(event_id, by, version)
    if not permissions.can_change_event(by, event):
        raise PermissionDenied
    if _attended(event):
        raise RuleViolation(_("People have come already: the event took place."))
    event.cancelled_on, event.cancel_reason = today, reason
    event.version += 1
    with verb("event.cancelled", by=by):
        event.save(update_fields=["cancelled_on", "cancel_reason", "version"])
    return event


def guests(event: Event, wanted: Guests, *, by: User) -> Any:
    """People of open clients that `by` sees, who were not invited yet, deciders first."""
    clients = Client.objects.visible_to(by).open()
    if wanted.categories:
        clients = clients.filter(category__in=wanted.categories)
    if wanted.manager is not None:
        clients = clients.filter(manager=wanted.manager)
    if not wanted.prospects:
        clients = clients.exclude(status=ClientStatus.PROSPECT)
    people = ContactPerson.objects.open().filter(client__in=clients.values("pk"))
    if wanted.deciders_only:
        people = people.filter(is_decision_maker=True)
    invited = EventInvitation.objects.filter(event=event).values("person")
    return people.exclude(pk__in=invited).order_by("client", "-is_decision_maker", "pk")


@transaction.atomic
def invite(event_id: int, wanted: Guests, *, by: User, today: date) -> int:
    """Invite everybody meant, each once; returns how many. The most at once is a setting."""
    event = _locked(event_id, by)
    if not permissions.can_invite(by, event):
        raise PermissionDenied
    if event.ends_on < today:
        raise RuleViolation(_("The event is over: nobody can be invited any more."))
    most = setting("events.most_invited")
    found = list(guests(event, wanted, by=by)[: most + 1])
    if not found:
        raise RuleViolation(_("There is nobody to invite: all of them are invited already."))
    if len(found) > most:
        text = _("That is more than %(most)s people at once: choose fewer clients.")
        raise RuleViolation(text % {"most": most})
    with verb("event.invited", by=by):
        EventInvitation.objects.bulk_create(
            EventInvitation(
                event=event, client_id=person.client_id, person=person, invited_by=by,
                invited_on=today,
            )
            for person in found
        )  # fmt: skip
    return len(found)


@transaction.atomic
def mark_invitations(
    event_id: int, ids: Sequence[int], *, by: User, state: str, now: datetime
) -> int:
    """Note the answer or the attendance of these people, all of them or none; returns how many.

    Who is in that state already stays as noted. The first of a client to come leaves a contact in
    its timeline. Raises RuleViolation.
    """
    if state not in {*ANSWERS, *MARKS}:
        raise RuleViolation(_("Choose what to note."))
    event, today = _locked(event_id, by), timezone.localtime(now).date()
    if not permissions.can_invite(by, event):
        raise PermissionDenied
    if state in MARKS and event.starts_on > today:
        raise RuleViolation(_("The event has not begun: nobody can have come."))
    rows = EventInvitation.objects.visible_to(by).filter(event=event, pk__in=ids)
    rows = rows.select_for_update(of=("self",)).select_related("client", "person").order_by("pk")
    found = [row for row in rows if row.state != state]
    with verb(f"event.{state}", by=by):
        for row in found:
            _note(row, event, state, by=by, now=now)
    if not found:
        raise RuleViolation(_("Choose people of whom this is not noted yet."))
    return len(found)


def _note(row: EventInvitation, event: Event, state: str, *, by: User, now: datetime) -> None:
    changes: dict[str, Any] = {}
    if state in ANSWERS:
        yes = state == InvitationState.CONFIRMED
        changes["confirmed_on"] = timezone.localtime(now).date() if yes else None
    else:
        changes["marked_by"] = by
    if state == InvitationState.ATTENDED:
        changes["contact"] = _contact(row, event, by=by, now=now)
    move(row, INVITATION_MOVES, state, NOT_THAT, **changes)


def _contact(row: EventInvitation, event: Event, *, by: User, now: datetime) -> ContactLog | None:
    """What stands in the timeline of the client: one contact, however many of its people came."""
    client = row.client
    if client.archived_at is not None or not permissions.can_log_contact(by, client):
        return None
    key = uuid5(NAMESPACE_URL, f"event:{event.pk}:{client.pk}")
    known: ContactLog | None = ContactLog.objects.filter(idempotency_key=key).first()
    if known is not None:
        return known
    presented = event.kind in (EventKind.PRESENTATION, EventKind.TASTING)
    began = timezone.make_aware(datetime.combine(event.starts_on, NOON))
    talk = Talk(
        kind=ContactKind.PRESENTATION if presented else ContactKind.EVENT,
        result_id=_usual(dictionaries.results(), "information"),
        topic_id=_usual(dictionaries.topics(), "assortment"),
        person_id=row.person_id if row.person.archived_at is None else None,
        note=": ".join(filter(None, [event.name, ", ".join(event.groups)])),
        done_at=min(began, now),
    )
    return log_contact(client.pk, by=by, talk=talk, now=now, key=key)


def _usual(words: Sequence[Any], code: str) -> int:
    """The word of the dictionary by its code; the first one where it is not used any more."""
    found: int = next((word.pk for word in words if word.code == code), words[0].pk)
    return found


COLUMNS = (
    "kind",
    "name",
    "place",
    "starts_on",
    "ends_on",
    "groups",
    "description",
    "budget",
    "cost",
)


def _put(event: Event, values: EventValues) -> None:
    if values.ends_on < values.starts_on:
        raise RuleViolation(_("The last day is before the first one."), field="ends_on")
    for name in COLUMNS:
        setattr(event, name, getattr(values, name))
    event.groups = sorted(set(values.groups))


def _attended(event: Event) -> bool:
    return EventInvitation.objects.filter(event=event).attended().exists()


def _locked(event_id: int, by: User, version: int | None = None) -> Event:
    rows = Event.objects.visible_to(by).select_related("author").select_for_update(of=("self",))
    event: Event = rows.get(pk=event_id)
    if version is not None and event.version != version:
        raise StaleVersion(of=event)
    return event
