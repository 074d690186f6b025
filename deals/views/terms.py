"""Discounts and deferrals beyond the policy: the register, asking, taking back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.models import Client
from crm.accounts.models import User
from crm.dialogs import READ_AND_WRITE, attempt, on_its_own_page, pressed, saved
from crm.lists import render_list
from crm.web import is_fragment, person_of
from deals import permissions
from deals.actions import terms_requests as actions
from deals.forms.terms import TermsRequestForm
from deals.lists.terms import TERMS
from deals.models import TermsKind, TermsRequest, TermsState
from deals.pages.terms import TermsPage, signers_of
from deals.views.credit import client_with_money

EVENT = "terms-changed"


@require_safe
def terms_list(request: HttpRequest) -> HttpResponseBase:
    """Requests and what was approved, for visible clients."""
    user = person_of(request)
    if not permissions.can_see_money(user):
        raise PermissionDenied
    rows = TermsRequest.objects.visible_to(user).for_list()
    return render_list(request, TERMS, rows)


@require_safe
def client_terms(request: HttpRequest, pk: int) -> HttpResponse:
    """The strip of the client card: what holds today, what is on its way."""
    client = client_with_money(request, pk)
    page = TermsPage(client, person_of(request), timezone.localdate())
    return render(request, "deals/_client_terms.html", {"client": client, "page": page})


@require_http_methods(READ_AND_WRITE)
def terms_request(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Ask for a discount or a deferral, or correct the draft or the returned request."""
    if kind not in TermsKind.values:
        raise Http404
    client, user, today = client_with_money(request, pk), person_of(request), timezone.localdate()
    known = TermsRequest.objects.filter(client=client, kind=kind).open().first()
    _check(user, client, known)
    form = TermsRequestForm(
        request.POST or None, kind=kind, client=client, request=known, today=today
    )
    status = attempt(request, form, lambda: _save(request, client, kind, known, form, today))
    if not status:
        return saved(request, _said(request, client, kind), event=EVENT, back=card_of(pk))
    context = {"form": form, "client": client, "kind": TermsKind(kind), "known": known}
    context |= {"levels": signers_of(client, kind), "own_page": on_its_own_page(request)}
    template = "deals/_terms_request.html" if is_fragment(request) else "deals/terms_request.html"
    return render(request, template, context, status=status)


def _save(
    request: HttpRequest,
    client: Client,
    kind: str,
    known: TermsRequest | None,
    form: TermsRequestForm,
    today: date,
) -> None:
    values: dict[str, Any] = form.new_values()
    actions.save_terms_request(
        client.pk,
        by=person_of(request),
        today=today,
        kind=kind,
        request_id=known.pk if known else None,
        send="draft" not in request.POST,
        **values,
    )


def _said(request: HttpRequest, client: Client, kind: str) -> str:
    """What has become of the request, for the toast."""
    last = TermsRequest.objects.filter(client=client, kind=kind).latest("pk")
    if last.state == TermsState.APPROVED:
        return _("Within your own limit: it takes effect at once")
    return _("Draft saved") if "draft" in request.POST else _("Sent for approval")


def _check(user: User, client: Client, known: TermsRequest | None) -> None:
    if known is None and not permissions.can_ask_terms(user, client):
        raise PermissionDenied
    if known is not None and not permissions.can_correct_terms(user, known):
        raise PermissionDenied(_("A request for this client is already on its way."))


@require_POST
def terms_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The author takes the request back."""
    user, today = person_of(request), timezone.localdate()
    rows = TermsRequest.objects.visible_to(user)
    known: TermsRequest = get_object_or_404(rows, pk=pk)
    return pressed(
        request,
        lambda: actions.withdraw_terms_request(known.pk, by=user, today=today),
        _("Withdrawn"),
        event=EVENT,
        back=card_of(known.client_id),
    )


def card_of(client_id: int) -> str:
    """The client's card."""
    return reverse("clients:detail", args=[client_id])
