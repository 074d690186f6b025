"""Outlets: create, edit, close, open again; their list is on the tab of requisites."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from clients.actions import outlets as actions
from clients.forms.people import OutletForm
from clients.models import Outlet
from clients.views.answers import editable_client, editable_part
from clients.views.card_parts import CardPart
from crm.dialogs import READ_AND_WRITE
from crm.web import person_of

PART = CardPart(
    "requisites",
    "requisites-changed",
    "clients/_outlet_fields.html",
    new=gettext_lazy("New outlet"),
    added=gettext_lazy("Outlet added"),
)


@require_http_methods(READ_AND_WRITE)
def outlet_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an outlet to the client."""
    client = editable_client(request, pk)
    return PART.add(
        request,
        OutletForm(request.POST or None),
        actions.create_outlet,
        to=pk,
        client=client.pk,
    )


@require_http_methods(READ_AND_WRITE)
def outlet_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an outlet."""
    outlet = _editable(request, pk)
    form = OutletForm(request.POST or None, record=outlet)
    return PART.edit(request, form, actions.edit_outlet, client=outlet.client_id)


@require_POST
def outlet_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """The outlet is closed or not served any more."""
    outlet, user = _editable(request, pk), person_of(request)
    return PART.press(
        request,
        lambda: actions.archive_outlet(pk, by=user),
        _("Not served any more: %(outlet)s") % {"outlet": outlet},
        client=outlet.client_id,
        undo=reverse("clients:outlet_restore", args=[pk]),
    )


@require_POST
def outlet_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """The outlet is served again."""
    outlet, user = _editable(request, pk), person_of(request)
    return PART.press(
        request,
        lambda: actions.restore_outlet(pk, by=user),
        _("Served again: %(outlet)s") % {"outlet": outlet},
        client=outlet.client_id,
    )


def _editable(request: HttpRequest, pk: int) -> Outlet:
    outlet: Outlet = editable_part(request, Outlet, pk)
    return outlet
