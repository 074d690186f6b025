"""Answers of the card: saved with Undo, stale with a comparison, refused beside the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from clients import permissions
from clients.forms.common import RecordForm
from clients.models import Client
from clients.views.parts import attempt, on_its_own_page
from crm.errors import RuleViolation
from crm.web import is_fragment, person_of

READ_AND_WRITE = ["GET", "HEAD", "POST"]
STALE = 409


def visible_client(request: HttpRequest, pk: int) -> Client:
    """The client with everything the header shows; 404 for one that the person does not see."""
    rows = Client.objects.visible_to(person_of(request)).for_card()
    client: Client = get_object_or_404(rows, pk=pk)
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
    if status == STALE and form.record is not None:
        form.compare_with(type(form.record)._default_manager.get(pk=form.record.pk))
    return status


def saved(
    request: HttpRequest, text: str, *, event: str, back: str, undo: str = ""
) -> HttpResponse:
    """The dialog closes, the parts of the page that listen to the event reload, a toast says what.

    `undo` is the address that takes it back. Without scripts, or from a form opened as a page of
    its own, the person goes `back`.
    """
    if not is_fragment(request):
        messages.success(request, text)
        return redirect(back)
    if on_its_own_page(request):
        messages.success(request, text)
        return HttpResponseClientRedirect(back)
    answer = HttpResponse(status=204)
    for name in ("dialog-close", event):
        trigger_client_event(answer, name, {})
    return trigger_client_event(answer, "toast", {"text": text, "tone": "success", "undo": undo})


def pressed(
    request: HttpRequest,
    write: Callable[[], Any],
    text: str,
    *,
    event: str,
    back: str,
    undo: str = "",
) -> HttpResponse:
    """The answer to a button without a form: done with Undo, or the refusal as a toast."""
    try:
        write()
    except RuleViolation as refusal:
        if not is_fragment(request):
            messages.error(request, str(refusal))
            return redirect(back)
        answer = HttpResponse(status=refusal.status)
        toast = {"text": str(refusal), "tone": "danger"}
        return trigger_client_event(answer, "toast", toast)
    return saved(request, text, event=event, back=back, undo=undo)
