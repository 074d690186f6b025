"""The register and the card: list, page, header, create, edit, check, archive."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients import permissions
from clients.actions import clients as actions
from clients.forms.clients import ArchiveForm, ClientForm, NewClientForm
from clients.lists import clients as lists
from clients.pages.card import card_of
from clients.views.answers import editable_client, save_record, visible_client
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.lists import came_from, neighbours, render_list, with_origin
from crm.web import is_fragment, person_of

LONGEST_QUERY = 4000


@require_safe
def client_list(request: HttpRequest) -> HttpResponseBase:
    """The register with its tabs; limited roles get limited columns."""
    user = person_of(request)
    context = {
        "tabs": lists.tabs_for(user, request, request.GET, counted=False),
        "may_create": permissions.can_create_client(user),
        "may_see_people": permissions.sees_all_fields(user),
        "may_transfer": permissions.can_distribute(user),
    }
    rows = lists.rows_for(user, request.GET)
    return render_list(request, lists.clients_for(user), rows, context=context)


@require_safe
def client_views(request: HttpRequest) -> HttpResponse:
    """The views of the register with their counts, loaded after the page."""
    here = urlsplit(request.headers.get("HX-Current-URL", "")).query[:LONGEST_QUERY]
    tabs = lists.tabs_for(person_of(request), request, QueryDict(here), counted=True)
    return render(request, "clients/_client_views.html", {"tabs": tabs, "counted": True})


@require_safe
def client_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The card; asked by htmx for its tabs only, it runs none of the header's queries."""
    user, client = person_of(request), visible_client(request, pk)
    context: dict[str, Any] = {"card": card_of(client, user, tab=request.GET.get("tab", ""))}
    if is_fragment(request) and request.htmx.target == "client-tabs":  # type: ignore[attr-defined]
        return render(request, "clients/_client_tabs.html", context)
    spec = lists.clients_for(user)
    rows = lists.rows_for(user, came_from(request, spec))
    context["around"] = neighbours(request, spec, rows, client, list_url=reverse("clients:list"))
    return render(request, "clients/client_detail.html", context)


@require_safe
def client_header(request: HttpRequest, pk: int) -> HttpResponse:
    """The header strip anew, after something on the card has changed."""
    card = card_of(visible_client(request, pk), person_of(request))
    return render(request, "clients/_client_header.html", {"card": card})


@require_safe
def client_peek(request: HttpRequest, pk: int) -> HttpResponse:
    """The side panel of the list: the header and the way to the card."""
    card = card_of(visible_client(request, pk), person_of(request))
    template = "clients/_client_peek.html" if is_fragment(request) else "clients/client_peek.html"
    return render(request, template, {"card": card})


@require_http_methods(READ_AND_WRITE)
def client_create(request: HttpRequest) -> HttpResponse:
    """A new client with requisites, the first person, its owner and the wish for a category."""
    user = person_of(request)
    if not permissions.can_create_client(user):
        raise PermissionDenied
    form = NewClientForm(request.POST or None, user=user)
    made: list[Any] = []
    status = attempt(request, form, lambda: made.append(_create(form, request)))
    if not status:
        return redirect(made[0])
    context = {"form": form, "user_decides": permissions.can_distribute(user)}
    return render(request, "clients/client_create.html", context, status=status)


def _create(form: NewClientForm, request: HttpRequest) -> Any:
    return actions.create_client(
        by=person_of(request),
        today=timezone.localdate(),
        key=form.cleaned_data["key"],
        new=actions.NewClient(**form.new_parts()),
        **form.new_values(),
    )


@require_http_methods(READ_AND_WRITE)
def client_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the plain fields; a stale page is compared field by field."""
    client, user = editable_client(request, pk), person_of(request)
    form = ClientForm(request.POST or None, user=user, record=client)
    status = save_record(request, form, lambda: _edit(form, pk, request))
    if not status:
        return redirect(with_origin(request, client.get_absolute_url()))
    context = {"form": form, "client": client}
    return render(request, "clients/client_edit.html", context, status=status)


def _edit(form: ClientForm, pk: int, request: HttpRequest) -> Any:
    return actions.edit_client(
        pk,
        by=person_of(request),
        version=form.cleaned_data["version"] or 0,
        today=timezone.localdate(),
        **form.new_values(),
    )


@require_POST
def client_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The card was looked through and is right."""
    client, user = editable_client(request, pk), person_of(request)
    return pressed(
        request,
        lambda: actions.confirm_client(pk, by=user, today=timezone.localdate()),
        _("The card counts as checked today."),
        event="client-changed",
        back=client.get_absolute_url(),
    )


@require_http_methods(READ_AND_WRITE)
def client_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the client away with a reason; Undo brings it back."""
    client, user = editable_client(request, pk), person_of(request)
    form = ArchiveForm(request.POST or None, initial={"version": client.version})
    status = attempt(
        request, form, lambda: actions.archive_client(pk, by=user, **form.new_values())
    )
    if not status:
        return saved(
            request,
            _("In the archive: %(client)s") % {"client": client},
            event="client-changed",
            back=client.get_absolute_url(),
            undo=reverse("clients:restore", args=[pk]),
        )
    text = _("The card and its history stay; the client leaves lists and My day.")
    title = _("Put %(client)s into the archive") % {"client": client}
    submit = _("Into the archive")
    return dialog(request, form, title=title, submit=submit, status=status, text=text)


@require_POST
def client_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring the client back from the archive."""
    client, user = editable_client(request, pk), person_of(request)
    return pressed(
        request,
        lambda: actions.restore_client(pk, by=user),
        _("Back from the archive: %(client)s") % {"client": client},
        event="client-changed",
        back=client.get_absolute_url(),
    )


@require_safe
def client_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what on the card and in what belongs to it, from → to."""
    client = visible_client(request, pk)
    if not permissions.sees_all_fields(person_of(request)):
        raise PermissionDenied
    parts = [
        client.assignments.all(),
        client.category_history.all(),
        client.counterparties.all(),
        client.people.all(),
        client.outlets.all(),
        client.needs.all(),
    ]
    return render_history(request, client, parts=parts)
