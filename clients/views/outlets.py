"""Outlets: create, edit, close, open again; their list is on the tab of requisites."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients.actions import outlets as actions
from clients.forms.people import OutletForm
from clients.models import Outlet
from clients.views.answers import (
    READ_AND_WRITE,
    card_tab,
    editable_client,
    editable_part,
    pressed,
    save_record,
    saved,
)
from clients.views.parts import attempt, dialog
from crm.web import person_of

TAB = "requisites"
EVENT = "requisites-changed"
FIELDS = "clients/_outlet_fields.html"


@require_http_methods(READ_AND_WRITE)
def outlet_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an outlet to the client."""
    client, user = editable_client(request, pk), person_of(request)
    form = OutletForm(request.POST or None)
    status = attempt(
        request,
        form,
        lambda: actions.create_outlet(
            pk, by=user, key=form.cleaned_data["key"], **form.new_values()
        ),
    )
    if not status:
        return saved(request, _("Outlet added"), event=EVENT, back=card_tab(client.pk, TAB))
    title, submit = _("New outlet"), _("Add")
    return dialog(request, form, title=title, submit=submit, status=status, body=FIELDS)


@require_http_methods(READ_AND_WRITE)
def outlet_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an outlet."""
    outlet, user = _editable(request, pk), person_of(request)
    form = OutletForm(request.POST or None, record=outlet)
    status = save_record(
        request,
        form,
        lambda: actions.edit_outlet(
            pk, by=user, version=form.cleaned_data["version"] or 0, **form.new_values()
        ),
    )
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=card_tab(outlet.client_id, TAB))
    title, submit = str(outlet), _("Save")
    return dialog(request, form, title=title, submit=submit, status=status, body=FIELDS)


@require_POST
def outlet_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """The outlet is closed or not served any more."""
    outlet, user = _editable(request, pk), person_of(request)
    return pressed(
        request,
        lambda: actions.archive_outlet(pk, by=user),
        _("Not served any more: %(outlet)s") % {"outlet": outlet},
        event=EVENT,
        back=card_tab(outlet.client_id, TAB),
        undo=reverse("clients:outlet_restore", args=[pk]),
    )


@require_POST
def outlet_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """The outlet is served again."""
    outlet, user = _editable(request, pk), person_of(request)
    return pressed(
        request,
        lambda: actions.restore_outlet(pk, by=user),
        _("Served again: %(outlet)s") % {"outlet": outlet},
        event=EVENT,
        back=card_tab(outlet.client_id, TAB),
    )


def _editable(request: HttpRequest, pk: int) -> Outlet:
    outlet: Outlet = editable_part(request, Outlet, pk)
    return outlet
