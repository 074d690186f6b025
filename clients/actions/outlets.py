"""Writes of outlets: shops and delivery points of a client (CL-01)."""

from __future__ import annotations

from typing import TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.actions.locks import absent_owner, lock_for_edit
from clients.actions.visits import follow_outlet
from clients.models import Outlet
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb


class OutletValues(TypedDict, total=False):
    """What is written down about an outlet."""

    name: str
    address: str
    gln: str
    format: str
    delivery_window: str
    merchandiser: User | None


def create_outlet(
    client_id: int, *, by: User, key: UUID | None = None, **values: Unpack[OutletValues]
) -> Outlet:
    """Add an outlet to a client, once per `key` (G-RL7)."""
    try:
        return _create(client_id, by, key, values)
    except IntegrityError as clash:
        if "idempotency_key" not in str(clash):
            raise
        rows = Outlet.objects.visible_to(by).filter(client=client_id, idempotency_key=key)
        outlet: Outlet | None = rows.first()
        if outlet is None:
            raise RuleViolation(_("This form has been used already. Reload the page.")) from clash
        return outlet


@transaction.atomic
def _create(client_id: int, by: User, key: UUID | None, values: OutletValues) -> Outlet:
    client = lock_for_edit(client_id, by=by)
    outlet = Outlet(client=client, idempotency_key=key, **values)
    with verb("outlet.created", by=by, on_behalf_of=absent_owner(client, by)):
        outlet.save(force_insert=True)
    return outlet


@transaction.atomic
def edit_outlet(
    outlet_id: int, *, by: User, version: int, **values: Unpack[OutletValues]
) -> Outlet:
    """Change an outlet; StaleVersion when somebody was faster."""
    outlet = lock_outlet(outlet_id, by=by)
    if outlet.version != version:
        raise StaleVersion(of=outlet)
    for name, value in values.items():
        setattr(outlet, name, value)
    _save(outlet, [*values], "outlet.edited", by=by)
    follow_outlet(outlet, by=by)
    return outlet


@transaction.atomic
def archive_outlet(outlet_id: int, *, by: User) -> Outlet:
    """The outlet is closed or not served any more."""
    outlet = lock_outlet(outlet_id, by=by)
    if outlet.archived_at is None:
        outlet.archived_at = timezone.now()
        _save(outlet, ["archived_at"], "outlet.archived", by=by)
        follow_outlet(outlet, by=by)
    return outlet


@transaction.atomic
def restore_outlet(outlet_id: int, *, by: User) -> Outlet:
    """Bring an outlet back."""
    outlet = lock_outlet(outlet_id, by=by)
    if outlet.archived_at is not None:
        outlet.archived_at = None
        _save(outlet, ["archived_at"], "outlet.restored", by=by)
    return outlet


def lock_outlet(outlet_id: int, *, by: User) -> Outlet:
    """A visible outlet under a lock, the client locked before it."""
    visible = Outlet.objects.visible_to(by)
    client = lock_for_edit(visible.only("client_id").get(pk=outlet_id).client_id, by=by)
    outlet: Outlet = visible.select_for_update(of=("self",)).get(pk=outlet_id)
    outlet.client = client
    return outlet


def _save(outlet: Outlet, fields: list[str], name: str, *, by: User) -> None:
    outlet.version += 1
    with verb(name, by=by, on_behalf_of=absent_owner(outlet.client, by)):
        outlet.save(update_fields=[*fields, "version"])
