"""Papers of clients: entered, corrected, checked, replaced."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Client
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from deals import permissions
from deals.actions.contracts import absent, once
from deals.models import ClientDocument

FIELDS = ("kind", "number", "issued_on", "valid_to", "note")


@transaction.atomic
def add_client_document(client_id: int, *, by: User, **values: Any) -> ClientDocument:
    """Enter a paper of the client, once; its scan is added to its files.

    Raises RuleViolation for wrong days and for the same paper again.
    """
    client: Client = Client.objects.visible_to(by).select_for_update(of=("self",)).get(pk=client_id)
    if not permissions.can_keep_dossier(by, client):
        raise PermissionDenied
    _check(values)
    once(client.documents.open(), {name: values[name] for name in FIELDS})
    with verb("document.added", by=by, on_behalf_of=absent(by, client)):
        return ClientDocument.objects.create(client=client, created_by=by, **values)


@transaction.atomic
def edit_client_document(
    document_id: int, *, by: User, version: int, **values: Any
) -> ClientDocument:
    """Correct what was entered; it has to be checked again."""
    document = _locked(document_id, by, version)
    if not permissions.can_keep_dossier(by, document.client) or document.archived_at:
        raise PermissionDenied
    _check(values)
    for name in FIELDS:
        setattr(document, name, values[name])
    document.checked_on = document.checked_by = None
    document.version += 1
    with verb("document.edited", by=by, on_behalf_of=absent(by, document.client)):
        document.save(update_fields=[*FIELDS, "checked_on", "checked_by", "version"])
    return document


@transaction.atomic
def check_client_document(
    document_id: int, *, by: User, version: int, today: date
) -> ClientDocument:
    """Somebody else than who entered it has compared it with the original."""
    document = _locked(document_id, by, version)
    if not permissions.can_check_document(by, document):
        raise PermissionDenied
    document.checked_on, document.checked_by = today, by
    document.version += 1
    with verb("document.checked", by=by):
        document.save(update_fields=["checked_on", "checked_by", "version"])
    return document


@transaction.atomic
def withdraw_client_document(
    document_id: int, *, by: User, version: int, now: datetime
) -> ClientDocument:
    """Replaced by another, or entered by mistake: it stands in the history only."""
    document = _locked(document_id, by, version)
    if not permissions.can_keep_dossier(by, document.client) or document.archived_at:
        raise PermissionDenied
    document.archived_at = now
    document.version += 1
    with verb("document.withdrawn", by=by, on_behalf_of=absent(by, document.client)):
        document.save(update_fields=["archived_at", "version"])
    return document


def _locked(document_id: int, by: User, version: int) -> ClientDocument:
    rows = ClientDocument.objects.visible_to(by).select_for_update(of=("self",))
    document: ClientDocument = rows.select_related("client__org_unit").get(pk=document_id)
    if document.version != version:
        raise StaleVersion(of=document)
    return document


def _check(values: dict[str, Any]) -> None:
    issued_on, valid_to = values.get("issued_on"), values.get("valid_to")
    if issued_on and valid_to and valid_to < issued_on:
        raise RuleViolation(_("The end lies before the beginning."), field="valid_to")
