"""What the views of contacts share: the signed-in person, numbers of addresses, refusals."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import trigger_client_event

from clients.models import Client, ContactLog
from crm.dialogs import attempt, beside_its_field, dialog, on_its_own_page
from crm.errors import RuleViolation
from crm.web import is_fragment

__all__ = ["attempt", "beside_its_field", "dialog", "on_its_own_page"]

LARGEST_ID = 2**63 - 1


def client_of(contact: ContactLog) -> Client:
    """The client of a contact that is known to have one."""
    assert contact.client is not None
    return contact.client


def whole_number(text: str | None) -> int | None:
    """A key out of an address or a hidden field; None for anything that is not one."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > 19:
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None


def sent_version(request: HttpRequest) -> int:
    """The version that a button without a form sends along; 0, which no record has, without one."""
    return whole_number(request.POST.get("version")) or 0


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
