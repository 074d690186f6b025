"""Claims of clients: the register, the board, one claim, panels of the card and of a sale."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims import permissions
from claims.lists.claims import spec_for
from claims.models import Claim
from claims.pages.board import ClaimBoard
from claims.pages.claims import ClaimPage, ClaimsOfClient, ClaimsOfSale
from crm.accounts.history_view import render_history
from crm.lists import render_list
from crm.sql import ByIds
from crm.web import person_of
from deals.models import Shipment
from deals.views.credit import client_with_money

SHOWN = ("client__manager", "client__org_unit", "reason", "person", "shipment", "order", "letter")
PEOPLE = ("assigned_to", "guilty_person", "decided_by", "beyond_by", "manager", "created_by")

# What the history says of whose client it is; purchasing does not read it.
OF_CLIENT = (
    "client",
    "person",
    "letter",
    "shipment",
    "shipment_line",
    "order",
    "client_number",
    "manager",
    "org_unit",
)


@require_safe
def claim_list(request: HttpRequest) -> HttpResponseBase:
    """The register of claims; purchasing has its own of those for goods."""
    user = _reader(request)
    context = {"may_register": permissions.can_register_claims(user)}
    rows = Claim.objects.visible_to(user)
    summed = Claim.objects.in_sums_of(user)
    return render_list(request, spec_for(user), rows, context=context, summed=summed)


@require_safe
def claim_board(request: HttpRequest) -> HttpResponse:
    """What is open or not settled, a column for each state."""
    user = _reader(request)
    context = {
        "board": ClaimBoard(request, timezone.localdate()),
        "may_register": permissions.can_register_claims(user),
        "sees_clients": permissions.sees_clients_of_claims(user),
    }
    return render(request, "claims/claim_board.html", context)


@require_safe
def claim_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim: what it says, what was found out and decided, its files."""
    page = ClaimPage(visible_claim(request, pk), person_of(request), timezone.localdate())
    context = {"claim": page.claim, "client": page.claim.client, "page": page}
    return render(request, "claims/claim_detail.html", context)


@require_safe
def claim_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what, decisions that were taken out among it."""
    sees = permissions.sees_clients_of_claims(person_of(request))
    hidden = () if sees else OF_CLIENT
    return render_history(request, visible_claim(request, pk), hidden=hidden)


@require_safe
def client_claims(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab of the client card: twelve months with their sums."""
    client = client_with_money(request, pk)
    page = ClaimsOfClient(client, person_of(request), timezone.localdate())
    return render(request, "claims/_client_claims.html", {"client": client, "page": page})


@require_safe
def sale_claims(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel of a sale: claims about it, and where one is registered."""
    user = person_of(request)
    rows = Shipment.objects.visible_to(user).select_related("client__manager", "client__org_unit")
    page = ClaimsOfSale(get_object_or_404(rows, pk=pk), user)
    return render(request, "claims/_sale_claims.html", {"page": page, "shipment": page.shipment})


def visible_claim(request: HttpRequest, pk: int) -> Any:
    """The claim with everything that its page names; 404 for one that is not seen."""
    seen = get_object_or_404(Claim.objects.visible_to(person_of(request)).only("pk"), pk=pk)
    (claim,) = _whole().read([seen.pk])
    return claim


@cache
def _whole() -> ByIds:
    """Claims with all that they name, seven tables and the people in seven roles."""
    return ByIds(Claim.objects.select_related(*SHOWN, *PEOPLE))


def _reader(request: HttpRequest) -> Any:
    user = person_of(request)
    if not permissions.can_see_claims(user):
        raise PermissionDenied
    return user
