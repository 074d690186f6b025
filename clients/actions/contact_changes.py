"""Correcting, undoing, putting off, cancelling and missing contacts (C.5 no. 5)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from clients import permissions
from clients.actions.contact_dates import refresh_contact_dates
from clients.actions.contacts import (
    TALK_FIELDS,
    NextContact,
    Talk,
    absent_owner,
    add_planned,
    check_move,
    check_open,
    check_version,
    fill_in,
    lock_client,
    lock_client_of,
    lock_contact,
)
from clients.models import Client, ContactLog, ContactState
from crm.errors import RuleViolation
from crm.history import verb

if TYPE_CHECKING:
    from crm.accounts.models import User

MISSED_AT = time(20)  # C.6: mark_missed_contacts runs at 20:00
UNDO_FIELDS = (*TALK_FIELDS, "state", "planned_at", "purpose", "manager", "on_behalf_of")


@transaction.atomic
def edit_contact(
    contact_id: int, *, by: User, version: int, talk: Talk, now: datetime
) -> ContactLog:
    """Correct a done contact: the author within 24 hours by setting, later the department head."""
    client, contact = _locked(contact_id, by)
    if not permissions.can_edit_contact(by, contact, now):
        if not permissions.is_author(by, contact):
            raise PermissionDenied
        raise RuleViolation(
            _("The time for corrections is over; the department head can still change it.")
        )
    check_version(contact, version)
    with verb("contact.edited", by=by, on_behalf_of=absent_owner(client, by)):
        fill_in(contact, client, talk, now)
        if contact.promise_on is None:
            contact.promise_kept = None
        contact.version += 1
        contact.save(update_fields=[*TALK_FIELDS, "promise_kept", "version"])
    refresh_contact_dates([client.pk])
    return contact


@transaction.atomic
def undo_contact(contact_id: int, *, by: User, now: datetime) -> ContactLog:
    """The author takes a logged contact back; one that closed a plan is planned again.

    The contact planned next goes with it unless it was touched since. Doing it twice is harmless.
    """
    client, contact = _locked(contact_id, by)
    if contact.state == ContactState.UNDONE:
        return contact
    if not permissions.can_undo_contact(by, contact, now):
        if not permissions.is_author(by, contact):
            raise PermissionDenied
        raise RuleViolation(_("It is too late to undo this contact."))
    with verb("contact.undone", by=by, on_behalf_of=absent_owner(client, by)):
        successor = contact.successor
        _restore(contact)
        if successor is not None:
            _take_back(successor.pk, client, by)
    refresh_contact_dates([client.pk])
    return contact


def _restore(contact: ContactLog) -> None:
    """The plan as it stood before, read from the history; nothing where there was no plan."""
    events = contact.events  # type: ignore[attr-defined]
    before = events.filter(state=ContactState.PLANNED).order_by("-pgh_id").first()
    if before is None:
        check_move(contact, ContactState.UNDONE)
        contact.state = ContactState.UNDONE
    else:
        check_move(contact, ContactState.PLANNED)
        for name in UNDO_FIELDS:
            attribute = ContactLog._meta.get_field(name).attname  # type: ignore[union-attr]
            setattr(contact, attribute, getattr(before, attribute))
    contact.successor = None
    contact.logged_at = contact.idempotency_key = None
    contact.version += 1
    contact.save(
        update_fields=[*UNDO_FIELDS, "successor", "logged_at", "idempotency_key", "version"]
    )


def _take_back(contact_id: int, client: Client, by: User) -> None:
    successor = lock_contact(contact_id, client, by)
    if successor.state != ContactState.PLANNED or successor.version > 1:
        raise RuleViolation(_("The next contact has been changed since; cancel it first."))
    check_move(successor, ContactState.UNDONE)
    successor.state = ContactState.UNDONE
    successor.version += 1
    successor.save(update_fields=["state", "version"])


@transaction.atomic
def reschedule_contact(
    contact_id: int,
    *,
    by: User,
    version: int,
    on: date,
    at: time | None,
    reason: str,
    now: datetime,
) -> ContactLog:
    """Planned → rescheduled with a reason; returns the contact planned instead."""
    client, contact = _locked(contact_id, by)
    _check_change(contact, client, by, version, ContactState.RESCHEDULED, reason)
    with verb("contact.rescheduled", by=by, on_behalf_of=absent_owner(client, by)):
        plan = NextContact(on=on, at=at, kind=contact.kind, purpose=contact.purpose)
        instead = add_planned(client, plan, by=by, now=now, person=contact.person)
        instead.scheme_run_id, instead.scheme_step_id = (
            contact.scheme_run_id,
            contact.scheme_step_id,
        )
        instead.save(update_fields=["scheme_run", "scheme_step"])
        _drop(contact, ContactState.RESCHEDULED, reason, instead)
    refresh_contact_dates([client.pk])
    return instead


@transaction.atomic
def cancel_contact(contact_id: int, *, by: User, version: int, reason: str) -> ContactLog:
    """Planned → cancelled with a reason."""
    client, contact = _locked(contact_id, by)
    _check_change(contact, client, by, version, ContactState.CANCELLED, reason)
    with verb("contact.cancelled", by=by, on_behalf_of=absent_owner(client, by)):
        _drop(contact, ContactState.CANCELLED, reason, None)
    refresh_contact_dates([client.pk])
    return contact


def _check_change(
    contact: ContactLog, client: Client, by: User, version: int, state: str, reason: str
) -> None:
    if not permissions.can_log_contact(by, client, kind=contact.kind):
        raise PermissionDenied
    check_version(contact, version)
    check_move(contact, state)
    if not reason.strip():
        raise RuleViolation(_("Say why."), field="reason")


def _drop(contact: ContactLog, state: str, reason: str, instead: ContactLog | None) -> None:
    contact.state, contact.reason, contact.successor = state, reason.strip(), instead
    contact.version += 1
    contact.save(update_fields=["state", "reason", "successor", "version"])


@transaction.atomic
def mark_missed(today: date) -> int:
    """Planned → missed for everything due before 20:00 of the day; returns how many.

    Safe to run twice, late or for a past day.
    """
    border = timezone.make_aware(datetime.combine(today, MISSED_AT))
    due = ContactLog.objects.planned().filter(client__isnull=False, planned_at__lt=border)
    client_ids = sorted(set(due.order_by().values_list("client_id", flat=True)))
    locked = Client.objects.filter(pk__in=client_ids).order_by("pk")
    list(locked.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    with verb("contact.missed", by=None):
        missed = due.update(state=ContactState.MISSED, version=F("version") + 1)
    refresh_contact_dates(client_ids)
    return int(missed)


@transaction.atomic
def settle_promise(contact_id: int, *, by: User, version: int, kept: bool | None) -> ContactLog:
    """Say whether a promise to pay was kept; None takes the word back."""
    client, contact = _locked(contact_id, by)
    if not permissions.can_log_contact(by, client):
        raise PermissionDenied
    check_version(contact, version)
    if contact.promise_on is None:
        raise RuleViolation(_("Nothing was promised in this contact."))
    with verb("contact.promise_settled", by=by, on_behalf_of=absent_owner(client, by)):
        contact.promise_kept = kept
        contact.version += 1
        contact.save(update_fields=["promise_kept", "version"])
    return contact


@transaction.atomic
def attach_contact(contact_id: int, *, client_id: int, by: User, version: int) -> ContactLog:
    """Say to which client an imported contact belongs."""
    client = lock_client(client_id, by)
    if not permissions.can_attach_contact(by, client):
        raise PermissionDenied
    check_open(client)
    rows = ContactLog.objects.without_client_visible_to(by).select_for_update(of=("self",))
    contact: ContactLog = rows.get(pk=contact_id)
    check_version(contact, version)
    with verb("contact.attached", by=by, on_behalf_of=absent_owner(client, by)):
        contact.client = client
        contact.version += 1
        contact.save(update_fields=["client", "version"])
    refresh_contact_dates([client.pk])
    return contact


def _locked(contact_id: int, by: User) -> tuple[Client, ContactLog]:
    client = lock_client_of(contact_id, by)
    return client, lock_contact(contact_id, client, by)
