"""The trading hall on the card: proposed, moved by the head, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients import permissions
from clients.actions import halls
from clients.forms.halls import HallForm
from clients.models import Client
from clients.pages.halls import HallSection
from crm.dialogs import READ_AND_WRITE, asked
from crm.web import is_fragment, person_of


@require_safe
def hall(request: HttpRequest, pk: int) -> HttpResponse:
    """The moves of the client and what the person may do; part of the category tab."""
    user, client = person_of(request), _client(request, pk)
    if not permissions.can_see_category(user):
        raise PermissionDenied
    template = "clients/_hall.html" if is_fragment(request) else "clients/hall.html"
    section = HallSection(client, user, timezone.localdate())
    return render(request, template, {"client": client, "hall": section})


@require_http_methods(READ_AND_WRITE)
def hall_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Manager and sector head propose an unpromising client to the head."""
    client = _client(request, pk)
    return _asked(
        request,
        client,
        halls.propose_hall,
        may=permissions.can_propose_hall(person_of(request), client),
        title=_("To the trading hall: %(client)s"),
        submit=_("Propose"),
        done=_("Sent to the head"),
    )


@require_http_methods(READ_AND_WRITE)
def hall_move(request: HttpRequest, pk: int) -> HttpResponse:
    """The head moves a client to the hall at once."""
    client = _client(request, pk)
    return _asked(
        request,
        client,
        halls.move_to_hall,
        may=permissions.can_decide_hall(person_of(request), client, today=timezone.localdate()),
        title=_("To the trading hall: %(client)s"),
        submit=_("Move to the hall"),
        done=_("The client is in the trading hall"),
    )


@require_http_methods(READ_AND_WRITE)
def hall_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The head gives a client of the hall back to its manager."""
    client = _client(request, pk)
    return _asked(
        request,
        client,
        halls.bring_back,
        may=permissions.can_decide_hall(person_of(request), client, today=timezone.localdate()),
        title=_("Back from the trading hall: %(client)s"),
        submit=_("Take back"),
        done=_("The client is back with the manager"),
    )


def _asked(
    request: HttpRequest, client: Client, action: Callable[..., Any], *, title: str, **words: Any
) -> HttpResponse:
    form = HallForm(request.POST or None)
    by, today = person_of(request), timezone.localdate()

    def write() -> object:
        return action(client.pk, by=by, today=today, **form.new_values())

    words["title"] = title % {"client": client.name}
    return asked(request, client, form, write, event="category-changed", **words)


def _client(request: HttpRequest, pk: int) -> Client:
    rows = Client.objects.visible_to(person_of(request)).select_related("manager", "org_unit")
    client: Client = get_object_or_404(rows, pk=pk)
    return client
