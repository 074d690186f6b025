"""Writes of the client register (CL-01): create, edit, check, archive, bring back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import permissions
from clients.actions.assignments import first_owner, open_assignment
from clients.actions.category_proposals import start_category
from clients.actions.locks import absent_owner, lock_client, lock_for_edit
from clients.actions.people import PersonValues, add_person
from clients.actions.requisites import CounterpartyValues, add_counterparty
from clients.keys import CLIENT_KEYS, set_client_keys
from clients.models import Client, ClientKind, ClientStatus
from clients.search import CODE_PREFIX
from crm.accounts.models import User
from crm.accounts.scope import acting_for
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.numbering import take_numbers
from crm.refusals import Sentence, politely

CONSTRAINTS: dict[str, Sentence] = {
    "client_chain_has_no_parent": (gettext_lazy("A chain is not a part of another."), "parent"),
    "client_not_own_parent": (gettext_lazy("A client is not a part of itself."), "parent"),
    "client_potential_not_negative": (
        gettext_lazy("The potential is not negative."),
        "potential_monthly",
    ),
}


class ClientValues(TypedDict, total=False):
    """The plain fields of a card; category, owner and code are governed and not among them."""

    name: str
    kind: str
    status: str
    parent: Client | None
    channel: str
    territory: str
    potential_monthly: Decimal
    phone: str
    email: str
    website: str
    address: str
    source: str
    tags: list[str]
    specifics: str


@dataclass(frozen=True, kw_only=True)
class NewClient:
    """What comes with a new card besides its plain fields."""

    manager_id: int | None = None
    category: str | None = None
    category_reason: str = ""
    counterparty: CounterpartyValues | None = None
    person: PersonValues | None = None


def create_client(
    *,
    by: User,
    today: date,
    key: UUID | None = None,
    new: NewClient | None = None,
    **values: Unpack[ClientValues],
) -> Client:
    """Add a client with its owner, requisites and first person, once per `key` (G-RL7).

    The category is proposed to the head, or decided where a head adds the client. Raises
    PermissionDenied, RuleViolation (a hard stop on an existing INN + KPP among them).
    """
    if not permissions.can_create_client(by):
        raise PermissionDenied
    try:
        return _create(by, today, key, new or NewClient(), values)
    except IntegrityError as clash:
        if "idempotency_key" not in str(clash):
            raise
        return _created_before(by, key)


@transaction.atomic
def _create(
    by: User, today: date, key: UUID | None, new: NewClient, values: ClientValues
) -> Client:
    owner = first_owner(by, new.manager_id)
    client = Client(
        code=f"{CODE_PREFIX}{take_numbers('client')[0]:06d}",
        manager=owner,
        org_unit=owner.org_unit,
        actualised_on=today,
        created_by=by,
        idempotency_key=key,
    )
    _put(client, values)
    _check(client)
    _check_status(ClientStatus.PROSPECT, client.status)
    absent = acting_for(by, manager_id=owner.pk, unit_id=owner.org_unit_id)
    with verb("client.created", by=by, on_behalf_of=absent):
        with politely(CONSTRAINTS):
            client.save(force_insert=True)
        open_assignment(client, owner, on=today, by=by)
        if new.counterparty:
            add_counterparty(client, by=by, **new.counterparty)
        if new.person:
            add_person(client, new.person)
    start_category(client.pk, by=by, category=new.category, reason=new.category_reason, today=today)
    client.refresh_from_db(fields=["category", "category_since", "version"])
    return client


def _created_before(by: User, key: UUID | None) -> Client:
    """The client that this render of the form has already stored."""
    rows = Client.objects.visible_to(by).filter(idempotency_key=key, created_by=by)
    client: Client | None = rows.first()
    if client is None:
        raise RuleViolation(_("This form has been used already. Reload the page."))
    return client


@transaction.atomic
def edit_client(
    client_id: int, *, by: User, version: int, today: date, **values: Unpack[ClientValues]
) -> Client:
    """Change plain fields of a card; the card counts as checked today (L41).

    Raises StaleVersion when somebody saved it after it was shown.
    """
    client = lock_for_edit(client_id, by=by)
    if client.version != version:
        raise StaleVersion(of=client)
    before = client.status
    _put(client, values)
    _check(client)
    _check_status(before, client.status)
    client.actualised_on = today
    client.version += 1
    fields = [*values, *CLIENT_KEYS, "actualised_on", "version", "updated_at"]
    absent = absent_owner(client, by)
    with verb("client.edited", by=by, on_behalf_of=absent), politely(CONSTRAINTS):
        client.save(update_fields=fields)
    return client


@transaction.atomic
def confirm_client(client_id: int, *, by: User, today: date) -> Client:
    """Say that the card was looked through and is right: it is not out of date any more."""
    client = lock_for_edit(client_id, by=by)
    if client.actualised_on != today:
        client.actualised_on = today
        client.version += 1
        with verb("client.confirmed", by=by, on_behalf_of=absent_owner(client, by)):
            client.save(update_fields=["actualised_on", "version", "updated_at"])
    return client


@transaction.atomic
def archive_client(client_id: int, *, by: User, reason: str, version: int) -> Client:
    """Put a client away with a reason; it keeps its history and can be brought back.

    Refused while a decision about the client is on its way.
    """
    client = lock_for_edit(client_id, by=by)
    if client.version != version:
        raise StaleVersion(of=client)
    if not reason.strip():
        raise RuleViolation(_("Write why the client goes to the archive."), field="reason")
    if _change_running(client):
        raise RuleViolation(_("A decision about this client is on its way: withdraw it first."))
    client.status, client.archived_at = ClientStatus.ARCHIVED, timezone.now()
    client.archive_reason = reason.strip()
    client.version += 1
    with verb("client.archived", by=by, on_behalf_of=absent_owner(client, by)):
        client.save(update_fields=ARCHIVE_FIELDS)
    return client


@transaction.atomic
def restore_client(client_id: int, *, by: User) -> Client:
    """Bring a client back from the archive with the status it had."""
    client = lock_client(client_id, by=by)
    if client.archived_at is None:
        raise RuleViolation(_("The client is not in the archive."))
    events = client.events.exclude(status=ClientStatus.ARCHIVED)  # type: ignore[attr-defined]
    before = events.order_by("-pgh_id").first()
    client.status = before.status if before else ClientStatus.PROSPECT
    client.archived_at, client.archive_reason = None, ""
    client.version += 1
    with verb("client.restored", by=by, on_behalf_of=absent_owner(client, by)):
        client.save(update_fields=ARCHIVE_FIELDS)
    return client


ARCHIVE_FIELDS = ["status", "archived_at", "archive_reason", "version", "updated_at"]


def _put(client: Client, values: ClientValues) -> None:
    for name, value in values.items():
        setattr(client, name, value)
    set_client_keys(client)


def _check(client: Client) -> None:
    """Refuse a name that nobody finds and a circle of chains."""
    if not client.search_key:
        raise RuleViolation(_("Write a name with letters or digits."), field="name")
    if client.parent is None:
        return
    if client.kind == ClientKind.CHAIN or client.parent_id == client.pk:
        text, field = CONSTRAINTS["client_chain_has_no_parent"]
        raise RuleViolation(str(text), field=field)
    if client.parent.parent_id is not None:
        raise RuleViolation(_("This client is itself a part of a chain."), field="parent")
    if client.pk and Client.objects.filter(parent=client).exists():
        raise RuleViolation(_("Other clients are parts of this one."), field="parent")


def _check_status(before: str, after: str) -> None:
    """Only prospect and client are chosen on the card: the rest is decided elsewhere."""
    if after != before and not {before, after} <= {ClientStatus.PROSPECT, ClientStatus.CLIENT}:
        raise RuleViolation(_("This status is decided elsewhere."), field="status")


def _change_running(client: Client) -> bool:
    """Whether a change of the client's category or a move to the hall waits for somebody."""
    waiting = [*client.category_requests.all(), *client.hall_moves.all()]
    return any(Approval.objects.of(request).running().exists() for request in waiting)
