"""What the views of contacts share: the signed-in person, numbers of addresses, refusals."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import trigger_client_event

from clients.models import Client, ContactLog
from crm.errors import RuleViolation
from crm.web import is_fragment


def client_of(contact: ContactLog) -> Client:
    """The client of a contact that is known to have one."""
    assert contact.client is not None
    return contact.client


def changed(
    request: HttpRequest, text: str, *, back: str, tone: str = "success", undo: str = ""
) -> HttpResponse:
    """The answer after a write: the dialog closes, parts of the page reload, a toast says what.

    `undo` is the address that takes it back. Without scripts the person goes `back`.
    """
    if not is_fragment(request):
        messages.add_message(request, messages.INFO, text)
        return redirect(back)
    response = HttpResponse(status=204)
    for event in ("dialog-close", "contact-changed"):
        trigger_client_event(response, event, {})
    return trigger_client_event(response, "toast", {"text": text, "tone": tone, "undo": undo})


def refused(request: HttpRequest, refusal: RuleViolation, *, back: str) -> HttpResponse:
    """The answer to a button without a form whose wish a rule refuses."""
    response = changed(request, str(refusal), back=back, tone="danger")
    if is_fragment(request):
        response.status_code = refusal.status
    return response
