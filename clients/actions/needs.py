"""Writes of needs of a client (CL-03): what, how strongly, to what end (L17, L134)."""

from __future__ import annotations

from datetime import date
from typing import TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.actions.locks import absent_owner, lock_for_edit
from clients.models import ClientNeed
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb


class NeedValues(TypedDict, total=False):
    """What is written down about a need."""

    subject: str
    level: int
    direction: str
    volume_month: str
    quality_requirements: str
    noted_on: date


def create_need(
    client_id: int, *, by: User, key: UUID | None = None, **values: Unpack[NeedValues]
) -> ClientNeed:
    """Add a need to a client, once per `key` (G-RL7)."""
    try:
        return _create(client_id, by, key, values)
    except IntegrityError as clash:
        if "idempotency_key" not in str(clash):
            raise
        rows = ClientNeed.objects.visible_to(by).filter(client=client_id, idempotency_key=key)
        need: ClientNeed | None = rows.first()
        if need is None:
            raise RuleViolation(_("This form has been used already. Reload the page.")) from clash
        return need


@transaction.atomic
def _create(client_id: int, by: User, key: UUID | None, values: NeedValues) -> ClientNeed:
    client = lock_for_edit(client_id, by=by)
    need = ClientNeed(client=client, idempotency_key=key, author=by, **values)
    with verb("need.created", by=by, on_behalf_of=absent_owner(client, by)):
        need.save(force_insert=True)
    return need


@transaction.atomic
def edit_need(need_id: int, *, by: User, version: int, **values: Unpack[NeedValues]) -> ClientNeed:
    """Change a need; StaleVersion when somebody was faster."""
    need = lock_need(need_id, by=by)
    if need.version != version:
        raise StaleVersion(of=need)
    for name, value in values.items():
        setattr(need, name, value)
    _save(need, [*values], "need.edited", by=by)
    return need


@transaction.atomic
def archive_need(need_id: int, *, by: User) -> ClientNeed:
    """The need is met or gone."""
    need = lock_need(need_id, by=by)
    if need.archived_at is None:
        need.archived_at = timezone.now()
        _save(need, ["archived_at"], "need.archived", by=by)
    return need


@transaction.atomic
def restore_need(need_id: int, *, by: User) -> ClientNeed:
    """Bring a need back."""
    need = lock_need(need_id, by=by)
    if need.archived_at is not None:
        need.archived_at = None
        _save(need, ["archived_at"], "need.restored", by=by)
    return need


def lock_need(need_id: int, *, by: User) -> ClientNeed:
    """A visible need under a lock, the client locked before it."""
    visible = ClientNeed.objects.visible_to(by)
    client = lock_for_edit(visible.only("client_id").get(pk=need_id).client_id, by=by)
    need: ClientNeed = visible.select_for_update(of=("self",)).get(pk=need_id)
    need.client = client
    return need


def _save(need: ClientNeed, fields: list[str], name: str, *, by: User) -> None:
    need.version += 1
    with verb(name, by=by, on_behalf_of=absent_owner(need.client, by)):
        need.save(update_fields=[*fields, "version"])
