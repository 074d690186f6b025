"""The legal side on the card: the tab with outlets, counterparties, bank accounts."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients import permissions
from clients.actions import requisites as actions
from clients.forms.requisites import CounterpartyForm
from clients.models import BankAccount, Client, Counterparty, Outlet
from clients.views.answers import editable_client, editable_part, visible_client
from clients.views.card_parts import CardPart
from crm.accounts.models import User
from crm.dialogs import READ_AND_WRITE
from crm.names import sort_key
from crm.web import person_of

PART = CardPart(
    "requisites",
    "requisites-changed",
    "clients/_counterparty_fields.html",
    new=gettext_lazy("New counterparty"),
    added=gettext_lazy("Counterparty added"),
)
MOST_PARTS = 200


@require_safe
def requisites_tab(request: HttpRequest, pk: int) -> HttpResponse:
    """Counterparties, accounts, outlets, parts of the chain; limited roles see the places."""
    user, client = person_of(request), visible_client(request, pk)
    rows = Outlet.objects.visible_to(user).filter(client=client).select_related("merchandiser")
    outlets = sorted(rows, key=lambda o: sort_key(o.name))
    context = {
        "client": client,
        "counterparties": _counterparties(user, client),
        "outlets": [outlet for outlet in outlets if outlet.archived_at is None],
        "closed_outlets": [outlet for outlet in outlets if outlet.archived_at is not None],
        "parts": Client.objects.visible_to(user).for_list().filter(parent=client)[:MOST_PARTS],
        "whole": permissions.sees_all_fields(user),
        "may_see_visits": permissions.can_see_visits(user),
        "may_edit": client.archived_at is None and permissions.can_edit_client(user, client),
    }
    return render(request, "clients/_counterparty_tab.html", context)


def _counterparties(user: User, client: Client) -> list[Counterparty]:
    accounts = Prefetch("accounts", BankAccount.objects.visible_to(user))
    rows = Counterparty.objects.visible_to(user).filter(client=client)
    return list(rows.order_by("archived_at", "-is_main", "pk").prefetch_related(accounts))


@require_http_methods(READ_AND_WRITE)
def counterparty_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a legal entity to the client."""
    client = editable_client(request, pk)
    return PART.add(
        request,
        CounterpartyForm(request.POST or None),
        actions.create_counterparty,
        to=pk,
        client=client.pk,
    )


@require_http_methods(READ_AND_WRITE)
def counterparty_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a legal entity."""
    counterparty = editable_counterparty(request, pk)
    form = CounterpartyForm(request.POST or None, record=counterparty)
    return PART.edit(request, form, actions.edit_counterparty, client=counterparty.client_id)


@require_POST
def counterparty_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """The legal entity is not used any more."""
    counterparty, user = editable_counterparty(request, pk), person_of(request)
    return PART.press(
        request,
        lambda: actions.archive_counterparty(pk, by=user),
        _("Not used any more: %(counterparty)s") % {"counterparty": counterparty},
        client=counterparty.client_id,
        undo=reverse("clients:counterparty_restore", args=[pk]),
    )


@require_POST
def counterparty_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """The legal entity is used again."""
    counterparty, user = editable_counterparty(request, pk), person_of(request)
    return PART.press(
        request,
        lambda: actions.restore_counterparty(pk, by=user),
        _("Used again: %(counterparty)s") % {"counterparty": counterparty},
        client=counterparty.client_id,
    )


def editable_counterparty(request: HttpRequest, pk: int) -> Counterparty:
    """A visible counterparty whose client the person may edit."""
    counterparty: Counterparty = editable_part(request, Counterparty, pk)
    return counterparty
