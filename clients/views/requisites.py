"""The legal side on the card: the tab with outlets, counterparties, bank accounts."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients import permissions
from clients.actions import requisites as actions
from clients.forms.requisites import CounterpartyForm
from clients.models import BankAccount, Client, Counterparty, Outlet
from clients.views.answers import (
    READ_AND_WRITE,
    card_tab,
    editable_client,
    editable_part,
    pressed,
    save_record,
    saved,
    visible_client,
)
from clients.views.parts import attempt, dialog
from crm.accounts.models import User
from crm.names import sort_key
from crm.web import person_of

EVENT = "requisites-changed"
FIELDS = "clients/_counterparty_fields.html"
MOST_PARTS = 200


@require_safe
def requisites_tab(request: HttpRequest, pk: int) -> HttpResponse:
    """Counterparties, accounts, outlets, parts of the chain; limited roles see the places."""
    user, client = person_of(request), visible_client(request, pk)
    outlets = sorted(
        Outlet.objects.visible_to(user).filter(client=client), key=lambda o: sort_key(o.name)
    )
    context = {
        "client": client,
        "counterparties": _counterparties(user, client),
        "outlets": [outlet for outlet in outlets if outlet.archived_at is None],
        "closed_outlets": [outlet for outlet in outlets if outlet.archived_at is not None],
        "parts": Client.objects.visible_to(user).for_list().filter(parent=client)[:MOST_PARTS],
        "whole": permissions.sees_all_fields(user),
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
    client, user = editable_client(request, pk), person_of(request)
    form = CounterpartyForm(request.POST or None)
    status = attempt(
        request,
        form,
        lambda: actions.create_counterparty(
            pk, by=user, key=form.cleaned_data["key"], **form.new_values()
        ),
    )
    if not status:
        return saved(request, _("Counterparty added"), event=EVENT, back=tab_of(client.pk))
    title, submit = _("New counterparty"), _("Add")
    return dialog(request, form, title=title, submit=submit, status=status, body=FIELDS)


@require_http_methods(READ_AND_WRITE)
def counterparty_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a legal entity."""
    counterparty, user = editable_counterparty(request, pk), person_of(request)
    form = CounterpartyForm(request.POST or None, record=counterparty)
    status = save_record(
        request,
        form,
        lambda: actions.edit_counterparty(
            pk, by=user, version=form.cleaned_data["version"] or 0, **form.new_values()
        ),
    )
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=tab_of(counterparty.client_id))
    title, submit = str(counterparty), _("Save")
    return dialog(request, form, title=title, submit=submit, status=status, body=FIELDS)


@require_POST
def counterparty_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """The legal entity is not used any more."""
    counterparty, user = editable_counterparty(request, pk), person_of(request)
    return pressed(
        request,
        lambda: actions.archive_counterparty(pk, by=user),
        _("Not used any more: %(counterparty)s") % {"counterparty": counterparty},
        event=EVENT,
        back=tab_of(counterparty.client_id),
        undo=reverse("clients:counterparty_restore", args=[pk]),
    )


@require_POST
def counterparty_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """The legal entity is used again."""
    counterparty, user = editable_counterparty(request, pk), person_of(request)
    return pressed(
        request,
        lambda: actions.restore_counterparty(pk, by=user),
        _("Used again: %(counterparty)s") % {"counterparty": counterparty},
        event=EVENT,
        back=tab_of(counterparty.client_id),
    )


def editable_counterparty(request: HttpRequest, pk: int) -> Counterparty:
    """A visible counterparty whose client the person may edit."""
    counterparty: Counterparty = editable_part(request, Counterparty, pk)
    return counterparty


def tab_of(client_id: int) -> str:
    """The tab of requisites on the card."""
    return card_tab(client_id, "requisites")
