"""Needs: the tab of the card, create, edit, archive."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients import permissions
from clients.actions import needs as actions
from clients.forms.people import NeedForm
from clients.models import ClientNeed
from clients.views.answers import editable_client, editable_part, visible_client
from clients.views.card_parts import CardPart
from crm.dialogs import READ_AND_WRITE
from crm.web import person_of

PART = CardPart(
    "needs",
    "needs-changed",
    "clients/_need_fields.html",
    new=gettext_lazy("New need"),
    added=gettext_lazy("Need added"),
)


@require_safe
def needs_tab(request: HttpRequest, pk: int) -> HttpResponse:
    """What the client needs now, the strongest first, and what it needed before."""
    user, client = person_of(request), visible_client(request, pk)
    if not permissions.sees_all_fields(user):
        raise PermissionDenied
    rows = ClientNeed.objects.visible_to(user).filter(client=client).select_related("author")
    context = {
        "client": client,
        "needs": [need for need in rows if need.archived_at is None],
        "former": [need for need in rows if need.archived_at is not None],
        "may_edit": client.archived_at is None and permissions.can_edit_client(user, client),
    }
    return render(request, "clients/_need_tab.html", context)


@require_http_methods(READ_AND_WRITE)
def need_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a need of the client."""
    client = editable_client(request, pk)
    return PART.add(
        request,
        NeedForm(request.POST or None),
        actions.create_need,
        to=pk,
        client=client.pk,
    )


@require_http_methods(READ_AND_WRITE)
def need_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a need."""
    need = _editable(request, pk)
    form = NeedForm(request.POST or None, record=need)
    return PART.edit(request, form, actions.edit_need, client=need.client_id)


@require_POST
def need_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """The need is met or gone."""
    need, user = _editable(request, pk), person_of(request)
    return PART.press(
        request,
        lambda: actions.archive_need(pk, by=user),
        _("Not needed any more: %(need)s") % {"need": need},
        client=need.client_id,
        undo=reverse("clients:need_restore", args=[pk]),
    )


@require_POST
def need_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """The need is there again."""
    need, user = _editable(request, pk), person_of(request)
    return PART.press(
        request,
        lambda: actions.restore_need(pk, by=user),
        _("Needed again: %(need)s") % {"need": need},
        client=need.client_id,
    )


def _editable(request: HttpRequest, pk: int) -> ClientNeed:
    need: ClientNeed = editable_part(request, ClientNeed, pk)
    return need
