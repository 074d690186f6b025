"""The 10-second composer: the strip on the card, the dialog anywhere, and the client search."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, reswap, trigger_client_event

from clients import permissions
from clients.actions.contacts import complete_contact, log_contact
from clients.contacting.contact_extras import with_extras
from clients.forms.contacts import ComposerForm
from clients.models import Client, ContactLog
from clients.pages.composer import composer_context
from clients.pages.contact_card import contact_facts
from clients.pages.timeline import planned_contacts
from clients.search import search_clients
from clients.views.parts import client_of
from crm.accounts.models import User
from crm.dialogs import beside_its_field
from crm.errors import RuleViolation
from crm.web import is_fragment, person_of, whole_number

FOUND = 8


@require_safe
def composer(request: HttpRequest) -> HttpResponse:
    """The empty composer of a client, or the search for a client first."""
    user, now = person_of(request), timezone.now()
    if not permissions.can_open_composer(user):
        raise PermissionDenied
    client_id = whole_number(request.GET.get("client"))
    if client_id is None:
        return _render(request, "composer_search", {"found": _recent(user), "q": ""})
    client = get_object_or_404(Client.objects.visible_to(user), pk=client_id)
    if not permissions.can_log_contact(user, client):
        raise PermissionDenied
    closes = whole_number(request.GET.get("closes"))
    context = composer_context(client, now, _place(request.GET), closes=closes)
    return _render(request, "composer", context)


@require_safe
def composer_clients(request: HttpRequest) -> HttpResponse:
    """Visible clients that the typed text means, for the first field of the dialog."""
    user = person_of(request)
    if not permissions.can_open_composer(user):
        raise PermissionDenied
    text = request.GET.get("q", "").replace("\0", "")[:100].strip()
    found = search_clients(user, text, FOUND) if text else _recent(user)
    found = [client for client in found if permissions.can_log_contact(user, client)]
    context = {"found": found, "q": text, "attach": request.GET.get("for") == "attach"}
    return render(request, "clients/_composer_found.html", context)


@require_POST
def contact_log(request: HttpRequest) -> HttpResponse:
    """Store the contact; the answer brings what changed on the page."""
    now = timezone.now()
    form = ComposerForm(request.POST, now=now, auto_id=f"{_place(request.POST)}_%s")
    status = 422
    if form.is_valid():
        try:
            contact = _store(form, person_of(request), now)
        except (Client.DoesNotExist, ContactLog.DoesNotExist):
            raise Http404 from None
        except RuleViolation as refusal:
            status = beside_its_field(form, refusal)
        else:
            return _saved(request, contact, now)
    return _refused(request, form, now, status)


def _store(form: ComposerForm, by: User, now: datetime) -> ContactLog:
    data, values = form.cleaned_data, form.new_values()
    if data["closes"]:
        return complete_contact(data["closes"], by=by, now=now, **values)
    return log_contact(data["client_id"], by=by, now=now, **values)


def _refused(request: HttpRequest, form: ComposerForm, now: datetime, status: int) -> HttpResponse:
    """The same form with what was typed and what is wrong with it."""
    clients = Client.objects.visible_to(person_of(request))
    client = get_object_or_404(clients, pk=whole_number(request.POST.get("client_id")))
    context = composer_context(client, now, _place(request.POST), form=form)
    return _render(request, "composer", context, status=status)


def _saved(request: HttpRequest, contact: ContactLog, now: datetime) -> HttpResponse:
    """Strip: the timeline and the header change at once. Dialog: the page below reloads a part."""
    client = client_of(contact)
    text = _("Contact with %(client)s saved") % {"client": client}
    if not is_fragment(request) or _fills_the_page(request):
        messages.success(request, text)
        back = client.get_absolute_url()
        return HttpResponseClientRedirect(back) if is_fragment(request) else redirect(back)
    if _place(request.POST) == "strip":
        facts = contact_facts(client, person_of(request), now)
        with_extras([contact], person_of(request), may_log=True, are_new=True)
        context = {"contact": contact, "facts": facts, "planned": planned_contacts(client)}
        context["key"] = uuid4()  # of the next contact, which is another one
        response = reswap(render(request, "clients/_contact_saved.html", context), "none")
    else:
        response = HttpResponse(status=204)
        trigger_client_event(response, "contact-changed", {})
    trigger_client_event(response, "composer-saved", {})
    undo = reverse("clients:contact_undo", args=[contact.pk])
    return trigger_client_event(response, "toast", {"text": text, "undo": undo})


def _fills_the_page(request: HttpRequest) -> bool:
    """Whether the composer was opened by its address, with no page below."""
    address = request.htmx.current_url_abs_path or ""  # type: ignore[attr-defined]
    return urlsplit(address).path == reverse("clients:composer")


def _place(params: QueryDict) -> str:
    """Where the composer stands: pinned on the card, or in a dialog over any page."""
    return "strip" if params.get("place") == "strip" else "dialog"


def _recent(user: User) -> list[Client]:
    """The clients spoken to last, while nothing is typed."""
    rows = Client.objects.visible_to(user).of(user).open().for_list()
    return list(rows.filter(last_contact_at__isnull=False).order_by("-last_contact_at")[:FOUND])


def _render(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    prefix = "_" if is_fragment(request) else ""
    return render(request, f"clients/{prefix}{name}.html", context, status=status)
