"""Writes of contact persons (CL-02): the decision maker is marked, nobody is deleted."""

from __future__ import annotations

from typing import TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.actions.locks import absent_owner, lock_for_edit
from clients.keys import PERSON_KEYS, set_person_keys
from clients.models import Client, ContactPerson
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb


class PersonValues(TypedDict, total=False):
    """What is known about a person at a client."""

    full_name: str
    position: str
    phone: str
    email: str
    is_decision_maker: bool
    influence: int
    specifics: str
    birthday: str


def create_person(
    client_id: int, *, by: User, key: UUID | None = None, **values: Unpack[PersonValues]
) -> ContactPerson:
    """Add a person to a client, once per `key` (G-RL7)."""
    try:
        return _create(client_id, by, key, values)
    except IntegrityError as clash:
        if "idempotency_key" not in str(clash):
            raise
        return _created_before(client_id, by, key)


@transaction.atomic
def _create(client_id: int, by: User, key: UUID | None, values: PersonValues) -> ContactPerson:
    client = lock_for_edit(client_id, by=by)
    with verb("person.created", by=by, on_behalf_of=absent_owner(client, by)):
        return add_person(client, values, key=key)


def add_person(client: Client, values: PersonValues, *, key: UUID | None = None) -> ContactPerson:
    """Insert a person; the caller holds the client's lock and names the verb."""
    person = ContactPerson(client=client, idempotency_key=key)
    _put(person, values)
    person.save(force_insert=True)
    return person


def _created_before(client_id: int, by: User, key: UUID | None) -> ContactPerson:
    rows = ContactPerson.objects.visible_to(by).filter(client=client_id, idempotency_key=key)
    person: ContactPerson | None = rows.first()
    if person is None:
        raise RuleViolation(_("This form has been used already. Reload the page."))
    return person


@transaction.atomic
def edit_person(
    person_id: int, *, by: User, version: int, **values: Unpack[PersonValues]
) -> ContactPerson:
    """Change what is known about a person; StaleVersion when somebody was faster."""
    person = lock_person(person_id, by=by)
    if person.version != version:
        raise StaleVersion(of=person)
    _refuse_destroyed(person)
    _put(person, values)
    _save(person, [*values, *PERSON_KEYS], "person.edited", by=by)
    return person


@transaction.atomic
def archive_person(person_id: int, *, by: User) -> ContactPerson:
    """The person has left the client: not offered any more, kept in the history."""
    person = lock_person(person_id, by=by)
    if person.archived_at is None:
        person.archived_at = timezone.now()
        _save(person, ["archived_at"], "person.archived", by=by)
    return person


@transaction.atomic
def restore_person(person_id: int, *, by: User) -> ContactPerson:
    """The person works for the client again."""
    person = lock_person(person_id, by=by)
    _refuse_destroyed(person)
    if person.archived_at is not None:
        person.archived_at = None
        _save(person, ["archived_at"], "person.restored", by=by)
    return person


def lock_person(person_id: int, *, by: User) -> ContactPerson:
    """A visible person under a lock, the client locked before it."""
    visible = ContactPerson.objects.visible_to(by)
    client = lock_for_edit(visible.only("client_id").get(pk=person_id).client_id, by=by)
    person: ContactPerson = visible.select_for_update(of=("self",)).get(pk=person_id)
    person.client = client
    return person


def _refuse_destroyed(person: ContactPerson) -> None:
    if person.anonymised_at is not None:
        raise RuleViolation(_("The data of this person was destroyed: nothing can be added to it."))


def _put(person: ContactPerson, values: PersonValues) -> None:
    for name, value in values.items():
        setattr(person, name, value)
    set_person_keys(person)
    if not person.search_key:
        raise RuleViolation(_("Write a name with letters."), field="full_name")


def _save(person: ContactPerson, fields: list[str], name: str, *, by: User) -> None:
    person.version += 1
    with verb(name, by=by, on_behalf_of=absent_owner(person.client, by)):
        person.save(update_fields=[*fields, "version"])
