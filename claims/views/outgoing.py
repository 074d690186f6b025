"""Claims against clients: the register, the page, drawing one up, the card of the client."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claims.actions import outgoing as actions
from claims.forms.outgoing import DraftForm
from claims.lists.limitation import LIMITATION
from claims.lists.outgoing import OUTGOING
from claims.models import Lawsuit, LawsuitStage, LimitationWatch, OutgoingClaim
from claims.pages.outgoing import DraftPage, OutgoingOfClient, OutgoingPage
from claims.permissions import outgoing as permissions
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, attempt, dialog
from crm.lists import render_list
from crm.web import move_on, person_of
from deals.forms.contracts import ContractStartForm
from deals.views.credit import client_with_money


@require_safe
def outgoing_list(request: HttpRequest) -> HttpResponseBase:
    """The register."""
    user = person_of(request)
    if not permissions.can_see_outgoing(user):
        raise PermissionDenied
    rows = OutgoingClaim.objects.visible_to(user).for_list()
    summed = OutgoingClaim.objects.in_sums_of(user).with_left()
    context = {"may_draft": permissions.can_draft_any(user)}
    return render_list(request, OUTGOING, rows, context=context, summed=summed)


@require_safe
def limitation_list(request: HttpRequest) -> HttpResponseBase:
    """Debts without a lawsuit whose limitation ends soon."""
    user = person_of(request)
    if not permissions.can_see_outgoing(user):
        raise PermissionDenied
    seen = LimitationWatch.objects.visible_to(user).running(timezone.localdate())
    return render_list(request, LIMITATION, seen.for_list())


@require_safe
def outgoing_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim: what it asks for, how it was counted, what came of it."""
    claim = visible_claim(request, pk)
    page = OutgoingPage(claim, person_of(request), timezone.localdate())
    context = {"claim": claim, "client": claim.client, "page": page}
    return render(request, "claims/outgoing_detail.html", context)


@require_http_methods(READ_AND_WRITE)
def outgoing_start(request: HttpRequest) -> HttpResponse:
    """Against whom: the form follows."""
    user = person_of(request)
    if not permissions.can_draft_any(user):
        raise PermissionDenied
    form = ContractStartForm(request.POST or None, user=user)
    if attempt(request, form, lambda: None) == 0:
        client = form.cleaned_data["client"]
        return move_on(request, reverse("claims:outgoing_create", args=[client.pk]))
    status = 422 if request.method == "POST" else 200
    title, body = _("Claim against a client"), "deals/_client_pick.html"
    return dialog(request, form, title=title, submit=_("Next"), status=status, body=body)


@require_http_methods(READ_AND_WRITE)
def outgoing_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw up a claim: overdue invoices of the client with tick boxes."""
    client, user, today = client_with_money(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_draft_outgoing(user, client):
        raise PermissionDenied
    form, made = DraftForm(request.POST or None, today=today), []

    def write() -> None:
        key = form.cleaned_data["key"] or form.initial["key"]
        made.append(actions.draft_outgoing(pk, form.wanted(), by=user, today=today, key=key))

    status = attempt(request, form, write)
    if not status:
        return move_on(request, made[0].get_absolute_url())
    page = DraftPage(client, user, today, form.chosen if form.is_bound else None)
    title = _("Claim against %(client)s") % {"client": client}
    submit, body = _("Draw up"), "claims/_outgoing_draft.html"
    return dialog(request, form, title=title, submit=submit, status=status, body=body, page=page)


@require_safe
def outgoing_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did what with the claim and its lawsuit."""
    claim = visible_claim(request, pk)
    parts = [
        Lawsuit.objects.filter(claim=claim),
        LawsuitStage.objects.filter(lawsuit__claim=claim),
    ]
    return render_history(request, claim, parts=parts, hidden={"calculation", "idempotency_key"})


@require_safe
def client_outgoing(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab of the client card."""
    client = client_with_money(request, pk)
    page = OutgoingOfClient(client, person_of(request), timezone.localdate())
    return render(request, "claims/_client_outgoing.html", {"client": client, "page": page})


@require_safe
def client_outgoing_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Open claims in one line, where debts and stops of the client are shown."""
    client = client_with_money(request, pk)
    page = OutgoingOfClient(client, person_of(request), timezone.localdate())
    context = {"client": client, "page": page}
    return render(request, "claims/_client_outgoing_line.html", context)


def visible_claim(request: HttpRequest, pk: int) -> OutgoingClaim:
    """The claim with the names that its page shows; 404 for one that is not seen."""
    rows = OutgoingClaim.objects.visible_to(person_of(request)).select_related(
        "client__manager",
        "client__org_unit",
        "counterparty",
        "author",
        "initiated_by",
        "lawyer",
        "stop",
    )
    claim: OutgoingClaim = get_object_or_404(rows, pk=pk)
    return claim
