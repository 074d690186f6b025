"""Relationship schemes: the register, the page, writing one, the part of the client card."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clients.models import Client
from clients.views.answers import save_record
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE
from crm.lists import render_list
from crm.web import person_of
from deals import permissions
from deals.actions import schemes as actions
from deals.forms.schemes import SchemeForm
from deals.lists.schemes import SCHEMES
from deals.models import RelationshipScheme
from deals.pages.schemes import SchemePage, SchemesOfClient, scheme_signers
from deals.views.credit import client_with_money


@require_safe
def scheme_list(request: HttpRequest) -> HttpResponseBase:
    """The register of schemes with visible clients."""
    user = person_of(request)
    if not permissions.can_see_schemes(user):
        raise PermissionDenied
    rows = RelationshipScheme.objects.visible_to(user).for_list()
    return render_list(request, SCHEMES, rows)


@require_safe
def scheme_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One scheme: what is agreed, its way, the turnover against the goal."""
    scheme = visible_scheme(request, pk)
    page = SchemePage(scheme, person_of(request), timezone.localdate())
    return render(request, "deals/scheme_detail.html", {"scheme": scheme, "page": page})


@require_http_methods(READ_AND_WRITE)
def scheme_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a scheme for the client."""
    client, user = client_with_money(request, pk), person_of(request)
    if not permissions.can_write_scheme_for(user, client):
        raise PermissionDenied
    form = SchemeForm(request.POST or None)
    made: list[RelationshipScheme] = []
    given: dict[str, Any] = {"by": user, "today": timezone.localdate()}
    status = save_record(
        request,
        form,
        lambda: made.append(actions.draft_scheme(client.pk, values=form.scheme(), **given)),
    )
    return redirect(made[0]) if not status else _show(request, form, client, None, status)


@require_http_methods(READ_AND_WRITE)
def scheme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    scheme, user = visible_scheme(request, pk), person_of(request)
    if not permissions.can_edit_scheme(user, scheme):
        raise PermissionDenied
    form = SchemeForm(request.POST or None, record=scheme)
    given: dict[str, Any] = {"by": user, "today": timezone.localdate()}
    status = save_record(
        request,
        form,
        lambda: actions.edit_scheme(
            pk, version=form.cleaned_data["version"] or 0, values=form.scheme(), **given
        ),
    )
    return redirect(scheme) if not status else _show(request, form, scheme.client, scheme, status)


def _show(
    request: HttpRequest,
    form: SchemeForm,
    client: Client,
    scheme: RelationshipScheme | None,
    status: int,
) -> HttpResponse:
    context = {"form": form, "client": client, "scheme": scheme, "levels": scheme_signers(client)}
    return render(request, "deals/scheme_form.html", context, status=status)


@require_safe
def scheme_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what of the scheme."""
    return render_history(request, visible_scheme(request, pk))


@require_safe
def client_schemes(request: HttpRequest, pk: int) -> HttpResponse:
    """The schemes of a client, for its card."""
    client = client_with_money(request, pk)
    page = SchemesOfClient(client, person_of(request), timezone.localdate())
    return render(request, "deals/_client_schemes.html", {"client": client, "page": page})


def visible_scheme(request: HttpRequest, pk: int) -> RelationshipScheme:
    """The scheme with the names that its page shows; 404 for one that is not seen."""
    rows = RelationshipScheme.objects.visible_to(person_of(request)).select_related(
        "client__manager", "client__org_unit", "author", "approved_by", "ended_by", "previous"
    )
    scheme: RelationshipScheme = get_object_or_404(rows, pk=pk)
    return scheme
