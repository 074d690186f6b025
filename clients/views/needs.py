"""Needs: the tab of the card, create, edit, archive."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients import permissions
from clients.actions import needs as actions
from clients.forms.people import NeedForm
from clients.models import ClientNeed
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
from crm.web import person_of

TAB = "needs"
EVENT = "needs-changed"
FIELDS = "clients/_need_fields.html"


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
    client, user = editable_client(request, pk), person_of(request)
    form = NeedForm(request.POST or None)
    status = attempt(
        request,
        form,
        lambda: actions.create_need(pk, by=user, key=form.cleaned_data["key"], **form.new_values()),
    )
    if not status:
        return saved(request, _("Need added"), event=EVENT, back=card_tab(client.pk, TAB))
    title, submit = _("New need"), _("Add")
    return dialog(request, form, title=title, submit=submit, status=status, body=FIELDS)


@require_http_methods(READ_AND_WRITE)
def need_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a need."""
    need, user = _editable(request, pk), person_of(request)
    form = NeedForm(request.POST or None, record=need)
    status = save_record(
        request,
        form,
        lambda: actions.edit_need(
            pk, by=user, version=form.cleaned_data["version"] or 0, **form.new_values()
        ),
    )
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=card_tab(need.client_id, TAB))
    title, submit = str(need), _("Save")
    return dialog(request, form, title=title, submit=submit, status=status, body=FIELDS)


@require_POST
def need_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """The need is met or gone."""
    need, user = _editable(request, pk), person_of(request)
    return pressed(
        request,
        lambda: actions.archive_need(pk, by=user),
        _("Not needed any more: %(need)s") % {"need": need},
        event=EVENT,
        back=card_tab(need.client_id, TAB),
        undo=reverse("clients:need_restore", args=[pk]),
    )


@require_POST
def need_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """The need is there again."""
    need, user = _editable(request, pk), person_of(request)
    return pressed(
        request,
        lambda: actions.restore_need(pk, by=user),
        _("Needed again: %(need)s") % {"need": need},
        event=EVENT,
        back=card_tab(need.client_id, TAB),
    )


def _editable(request: HttpRequest, pk: int) -> ClientNeed:
    need: ClientNeed = editable_part(request, ClientNeed, pk)
    return need
