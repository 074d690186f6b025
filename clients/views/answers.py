"""Answers of the card: saved with Undo, stale with a comparison, refused beside the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from clients import permissions
from clients.models import Client
from clients.reading import seen_client
from crm.dialogs import attempt
from crm.forms import RecordForm
from crm.web import person_of

STALE = 409


def visible_client(request: HttpRequest, pk: int) -> Client:
    """The client with everything the header shows; 404 for one that the person does not see."""
    client = seen_client(person_of(request), pk)
    if client is None:
        raise Http404
    return client


def editable_client(request: HttpRequest, pk: int) -> Client:
    """A visible client that the person may edit; 403 otherwise."""
    client = visible_client(request, pk)
    if not permissions.can_edit_client(person_of(request), client):
        raise PermissionDenied
    return client


def editable_part(request: HttpRequest, model: type[Model], pk: int) -> Any:
    """A visible part of a card, its client beside it, that the person may edit; 403 otherwise."""
    user, rows = person_of(request), model._default_manager.select_related("client")
    part: Any = get_object_or_404(rows.visible_to(user), pk=pk)  # type: ignore[attr-defined]
    if not permissions.can_edit_client(user, part.client):
        raise PermissionDenied
    return part


def card_tab(client_id: int, tab: str) -> str:
    """The address of a tab of the card."""
    return f"{reverse('clients:detail', args=[client_id])}?tab={tab}"


def save_record(request: HttpRequest, form: RecordForm, write: Callable[[], object]) -> int:
    """`attempt` that answers a stale version with a field-by-field comparison (G-RL9)."""
    status = attempt(request, form, write)
    is_late = status == STALE and hasattr(form, "stale_since")  # not what the person did before
    if is_late and form.record is not None:
        form.compare_with(type(form.record)._default_manager.get(pk=form.record.pk))
    return status
