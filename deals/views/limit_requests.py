"""Asking for a credit limit: the form with the way of the request, taking it back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients.models import Client
from crm.accounts.models import User
from crm.approvals.limits import route_for, signer_of, steps_of
from crm.approvals.routes import StepPreview
from crm.dialogs import READ_AND_WRITE, attempt, on_its_own_page, pressed, saved
from crm.web import is_fragment, person_of
from deals import permissions
from deals.actions import limit_requests as actions
from deals.conditions.signature_limits import CREDIT_LIMIT
from deals.forms.credit import LimitRequestForm
from deals.models import LimitRequest
from deals.pages.credit import CreditPage
from deals.views.credit import EVENT, client_with_money, page_of

KOPECK = Decimal("0.01")


@require_http_methods(READ_AND_WRITE)
def limit_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a limit, or correct the draft or the returned request; the way is shown first."""
    client, user, today = client_with_money(request, pk), person_of(request), timezone.localdate()
    known = LimitRequest.objects.filter(client=client).open().first()
    _check(user, client, known)
    form = LimitRequestForm(request.POST or None, request=known, today=today)
    status = attempt(request, form, lambda: _save(request, client, known, form, today))
    if not status:
        text = _("Draft saved") if "draft" in request.POST else _("Sent for approval")
        return saved(request, text, event=EVENT, back=page_of(pk))
    context = {"form": form, "own_page": on_its_own_page(request)} | _context(client, user, today)
    template = "deals/_limit_request.html" if is_fragment(request) else "deals/limit_request.html"
    return render(request, template, context, status=status)


def _save(
    request: HttpRequest,
    client: Client,
    known: LimitRequest | None,
    form: LimitRequestForm,
    today: date,
) -> None:
    actions.save_limit_request(
        client.pk,
        by=person_of(request),
        today=today,
        request_id=known.pk if known else None,
        send="draft" not in request.POST,
        **form.new_values(),
    )


def _check(user: User, client: Client, known: LimitRequest | None) -> None:
    if known is None and not permissions.can_ask_limit(user, client):
        raise PermissionDenied
    if known is not None and not permissions.can_correct_limit_request(user, known):
        raise PermissionDenied(_("A request for this client is already on its way."))


def _context(client: Client, user: User, today: date) -> dict[str, Any]:
    """The client's figures and both ways: up to where the first one decides, and above it."""
    page = CreditPage(client, user, today)
    signer = signer_of(CREDIT_LIMIT, over_norm=Decimal(0))
    limit = signer.max_amount if signer else None
    up_to = page.norm.amount + (limit or 0)
    within = _way(client, user, Decimal(0), today) if up_to or limit is None else None
    above = None if limit is None else _way(client, user, limit + KOPECK, today)
    figures = {"client": client, "page": page, "today": today}
    return figures | {"up_to": up_to, "within": within, "above": above}


def _way(client: Client, user: User, over_norm: Decimal, today: date) -> list[StepPreview]:
    """Who signs a limit that is above the norm by so much."""
    found = route_for(CREDIT_LIMIT, over_norm=over_norm)
    return steps_of(found, author=user, org_unit=client.org_unit, today=today)


@require_POST
def limit_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The author takes the open request back."""
    client, user, today = client_with_money(request, pk), person_of(request), timezone.localdate()
    known = get_object_or_404(LimitRequest.objects.filter(client=client).open())
    return pressed(
        request,
        lambda: actions.withdraw_limit_request(known.pk, by=user, today=today),
        _("Withdrawn"),
        event=EVENT,
        back=page_of(pk),
    )
