"""Logging and planning contacts (CL-10, C.5 no. 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients import dictionaries, permissions
from clients.actions.contact_dates import refresh_contact_dates
from clients.models import (
    CONTACT_MOVES,
    Client,
    ContactDirection,
    ContactLog,
    ContactPerson,
    ContactResult,
    ContactState,
    ContactTopic,
)
from crm.accounts.scope import acting_for, scope_of
from crm.calendar import is_working_day, next_working_day
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb

if TYPE_CHECKING:
    from crm.accounts.models import User

FURTHEST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Talk:
    """What is written down about a contact that took place; `done_at` None means now."""

    kind: str
    result_id: int
    direction: str = ContactDirection.OUT
    topic_id: int | None = None
    person_id: int | None = None
    note: str = ""
    done_at: datetime | None = None
    duration_seconds: int | None = None
    promise_amount: Decimal | None = None
    promise_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class NextContact:
    """A contact to come: its working day, a time of day if there is one, how and what for."""

    on: date
    at: time | None = None
    kind: str
    purpose: str = ""
    person_id: int | None = None


def log_contact(
    client_id: int,
    *,
    by: User,
    talk: Talk,
    now: datetime,
    next_contact: NextContact | None = None,
    key: UUID | None = None,
) -> ContactLog:
    """Write down a contact that took place, at most once per `key` (G-RL7), and plan the next.

    Raises Client.DoesNotExist, PermissionDenied, RuleViolation.
    """
    try:
        return _write(client_id, None, by, talk, now, next_contact, key)
    except IntegrityError:
        return _saved(by, key)


def complete_contact(
    contact_id: int,
    *,
    by: User,
    talk: Talk,
    now: datetime,
    next_contact: NextContact | None = None,
    key: UUID | None = None,
) -> ContactLog:
    """Planned → done, at most once per `key`, with the next one planned in the same go.

    Raises ContactLog.DoesNotExist, PermissionDenied, RuleViolation.
    """
    visible = ContactLog.objects.visible_to(by).live().only("client_id")
    client_id = visible.get(pk=contact_id, client__isnull=False).client_id
    try:
        return _write(client_id, contact_id, by, talk, now, next_contact, key)
    except IntegrityError:
        return _saved(by, key)


@transaction.atomic
def _write(
    client_id: int,
    contact_id: int | None,
    by: User,
    talk: Talk,
    now: datetime,
    next_contact: NextContact | None,
    key: UUID | None,
) -> ContactLog:
    client = lock_client(client_id, by)
    if not permissions.can_log_contact(by, client, kind=talk.kind):
        raise PermissionDenied
    if contact_id is None:
        contact = ContactLog(client=client, created_by=by)
    else:
        contact = lock_contact(contact_id, client, by)
        if key is not None and contact.idempotency_key == key:
            return contact
    contact.idempotency_key = key
    return _record(contact, client, by, talk, next_contact, now)


def _saved(by: User, key: UUID | None) -> ContactLog:
    """The contact that this render of the form has already stored."""
    rows = ContactLog.objects.visible_to(by).for_timeline().select_related("client")
    saved: ContactLog | None = rows.filter(idempotency_key=key).first() if key else None
    if saved is None or by.pk not in {saved.created_by_id, saved.manager_id}:
        raise RuleViolation(_("This form has been used already. Reload the page."))
    return saved


@transaction.atomic
def plan_contact(client_id: int, *, by: User, plan: NextContact, now: datetime) -> ContactLog:
    """Plan a contact on a working day from today on."""
    client = lock_client(client_id, by)
    if not permissions.can_log_contact(by, client, kind=plan.kind):
        raise PermissionDenied
    with verb("contact.planned", by=by, on_behalf_of=absent_owner(client, by)):
        person = _person(client, plan.person_id)
        contact = add_planned(client, plan, by=by, now=now, person=person)
    refresh_contact_dates([client.pk])
    return contact


def add_planned(
    client: Client,
    plan: NextContact,
    *,
    by: User,
    now: datetime,
    person: ContactPerson | None = None,
) -> ContactLog:
    """Insert a planned contact of the client's manager; the caller holds the client's lock."""
    check_open(client)
    check_day(plan.on, now)
    contact = ContactLog(
        client=client,
        person=person,
        manager_id=client.manager_id or by.pk,
        kind=plan.kind,
        state=ContactState.PLANNED,
        planned_at=moment_of(plan.on, plan.at),
        purpose=plan.purpose,
        created_by=by,
    )
    contact.save(force_insert=True)
    return contact


def _record(
    contact: ContactLog,
    client: Client,
    by: User,
    talk: Talk,
    next_contact: NextContact | None,
    now: datetime,
) -> ContactLog:
    """Fill in what happened, plan the successor, keep the client's dates."""
    fresh = contact.pk is None
    check_open(client)
    if not fresh:
        check_move(contact, ContactState.DONE)
    owner = absent_owner(client, by)
    with verb("contact.logged", by=by, on_behalf_of=owner):
        fill_in(contact, client, talk, now)
        if next_contact is not None:
            person = contact.person
            if next_contact.person_id != contact.person_id:
                person = _person(client, next_contact.person_id)
            contact.successor = add_planned(client, next_contact, by=by, now=now, person=person)
        contact.state, contact.logged_at = ContactState.DONE, now
        contact.manager, contact.on_behalf_of = by, owner
        if fresh:
            contact.save(force_insert=True)
        else:
            contact.version += 1
            contact.save(update_fields=[*TALK_FIELDS, *DONE_FIELDS])
    refresh_contact_dates([client.pk])
    return contact


TALK_FIELDS = (
    "kind",
    "direction",
    "result",
    "topic",
    "person",
    "summary",
    "done_at",
    "duration_seconds",
    "promise_amount",
    "promise_on",
)


DONE_FIELDS = (
    "successor",
    "state",
    "logged_at",
    "manager",
    "on_behalf_of",
    "idempotency_key",
    "version",
)


def fill_in(contact: ContactLog, client: Client, talk: Talk, now: datetime) -> None:
    """Put the checked facts into the contact; raises RuleViolation with the field's name."""
    done_at = talk.done_at or now
    if done_at > now:
        raise RuleViolation(_("A contact that took place cannot lie ahead."), field="done_on")
    if contact.result_id != talk.result_id:
        contact.result = _result(talk.result_id)
    if contact.topic_id != talk.topic_id:
        contact.topic = _topic(talk.topic_id)
    if contact.person_id != talk.person_id:
        contact.person = _person(client, talk.person_id)
    contact.kind, contact.direction = talk.kind, talk.direction
    contact.summary, contact.done_at = talk.note, done_at
    contact.duration_seconds = talk.duration_seconds
    assert contact.result is not None
    _check_promise(talk, contact.result, timezone.localtime(done_at).date())
    contact.promise_amount, contact.promise_on = talk.promise_amount, talk.promise_on


def _check_promise(talk: Talk, result: ContactResult, day: date) -> None:
    if talk.promise_amount is None and talk.promise_on is None:
        return
    if talk.promise_amount is None:
        raise RuleViolation(_("Enter the promised amount."), field="promise_amount")
    if talk.promise_on is None:
        raise RuleViolation(_("Enter the day of the promised payment."), field="promise_on")
    if talk.promise_on < day:
        raise RuleViolation(
            _("The promised payment cannot come before the contact."), field="promise_on"
        )
    if not result.reached:
        raise RuleViolation(_("Nobody answered, so nobody promised."), field="promise_amount")


def _result(result_id: int) -> ContactResult:
    for result in dictionaries.results():
        if result.pk == result_id:
            return result
    raise RuleViolation(_("Choose a result."), field="result")


def _topic(topic_id: int | None) -> ContactTopic | None:
    if topic_id is None:
        return None
    for topic in dictionaries.topics():
        if topic.pk == topic_id:
            return topic
    raise RuleViolation(_("Choose a topic of the list."), field="topic")


def _person(client: Client, person_id: int | None) -> ContactPerson | None:
    if person_id is None:
        return None
    person: ContactPerson | None = ContactPerson.objects.filter(
        client=client, pk=person_id, archived_at=None
    ).first()
    if person is None:
        raise RuleViolation(_("Choose a contact person of this client."), field="person")
    return person


# Shared by the actions that change contacts.


def lock_client(client_id: int, by: User) -> Client:
    """The client under a lock that all its contact actions take first, so they never deadlock."""
    rows = Client.objects.visible_to(by).select_for_update(of=("self",), no_key=True)
    client: Client = rows.get(pk=client_id)
    return client


def lock_client_of(contact_id: int, by: User) -> Client:
    """The client of a visible contact under its lock; Client.DoesNotExist without a client."""
    contact = ContactLog.objects.visible_to(by).only("client_id").get(pk=contact_id)
    return lock_client(contact.client_id or 0, by)


def lock_contact(contact_id: int, client: Client, by: User) -> ContactLog:
    """The client's contact, read again under a lock."""
    rows = ContactLog.objects.visible_to(by).select_for_update(of=("self",))
    contact: ContactLog = rows.get(pk=contact_id, client=client)
    contact.client = client
    return contact


def check_move(contact: ContactLog, state: str) -> None:
    """Raise RuleViolation when the state machine forbids the move (C.5 no. 5)."""
    if state not in CONTACT_MOVES[contact.state]:
        refusal = _("This is no longer possible: the contact is %(state)s.")
        raise RuleViolation(refusal % {"state": str(ContactState(contact.state).label).lower()})


def check_version(contact: ContactLog, version: int) -> None:
    """Raise StaleVersion when somebody saved the contact after it was shown."""
    if contact.version != version:
        raise StaleVersion(of=contact)


def check_open(client: Client) -> None:
    """Raise RuleViolation when the client is archived."""
    if client.archived_at is not None:
        raise RuleViolation(_("The client is in the archive. Restore it first."))


def check_day(day: date, now: datetime) -> None:
    """Raise RuleViolation unless the day is a working one from today on, within a year."""
    today = timezone.localtime(now).date()
    if day < today:
        raise RuleViolation(_("The next contact cannot lie in the past."), field="next_on")
    if day > today + FURTHEST:
        raise RuleViolation(_("Plan no further than a year ahead."), field="next_on")
    if not is_working_day(day):
        raise RuleViolation(
            _("%(day)s is a day off; the next working day is %(next)s.")
            % {"day": f"{day:%d.%m.%Y}", "next": f"{next_working_day(day):%d.%m.%Y}"},
            field="next_on",
        )


def moment_of(day: date, at: time | None) -> datetime:
    """A day with a time, or midnight when the whole day is meant."""
    return timezone.make_aware(datetime.combine(day, at or time.min))


def absent_owner(client: Client, by: User) -> User | None:
    """The absent person on whose behalf a contact of the client is written down (DELEG-1)."""
    if client.manager_id == by.pk:
        return None
    absent = acting_for(by, manager_id=client.manager_id, unit_id=client.org_unit_id)
    if absent is None and not permissions.logs_contacts(by):
        # An accountant who stands in for a manager sees the client anyway, but logs for another.
        return client.manager if client.manager_id in scope_of(by).substituted_ids else None
    return absent
