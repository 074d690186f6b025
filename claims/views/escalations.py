"""Escalations: the list, the page of one with its ladder, handing up, settling."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import permissions
from claims.actions import escalations as actions
from claims.actions.escalations import Matter
from claims.forms.escalations import EscalateForm, HandHigherForm, SettleForm
from claims.lists.escalations import ESCALATIONS
from claims.models import Claim, Escalation, EscalationKind
from claims.pages.escalations import EscalationPage, EscalationsOf
from clients.models import Client
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, asked, attempt, dialog, pressed_on, saved
from crm.lists import render_list
from crm.web import person_of, sent_version
from deals.models import Contract
from deals.views.credit import client_with_money

EVENT = "escalation-changed"


@require_safe
def escalation_list(request: HttpRequest) -> HttpResponseBase:
    """Conflicts and escalations in one list."""
    user = person_of(request)
    if not permissions.can_see_escalations(user):
        raise PermissionDenied
    # All that a head sees are sorted by their day: no index has it, so they are read as for a sum.
    return render_list(request, ESCALATIONS, Escalation.objects.in_sums_of(user))


@require_safe
def escalation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One matter with its whole ladder."""
    row = visible_escalation(request, pk)
    page = EscalationPage(row, person_of(request))
    return render(request, "claims/escalation_detail.html", {"row": row, "page": page})


@require_safe
def escalation_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what."""
    return render_history(request, visible_escalation(request, pk))


@require_http_methods(READ_AND_WRITE)
def client_escalate(request: HttpRequest, pk: int) -> HttpResponse:
    """A conflict or a debt that the manager could not settle."""
    return _escalate(request, client_with_money(request, pk), Matter("", "", ""))


@require_http_methods(READ_AND_WRITE)
def claim_escalate(request: HttpRequest, pk: int) -> HttpResponse:
    """A claim that could not be settled."""
    claim = _claim(request, pk)
    return _escalate(request, claim.client, Matter(EscalationKind.CLAIM, "", "", claim_id=pk))


@require_http_methods(READ_AND_WRITE)
def contract_escalate(request: HttpRequest, pk: int) -> HttpResponse:
    """Talks about a contract that came to nothing."""
    contract = _contract(request, pk)
    matter = Matter(EscalationKind.CONTRACT, "", "", contract_id=pk)
    return _escalate(request, contract.client, matter)


def _escalate(request: HttpRequest, client: Client, matter: Matter) -> HttpResponse:
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_escalate(user, client):
        raise PermissionDenied
    form = EscalateForm(request.POST or None, matter=matter, initial={"key": uuid4()})
    status = attempt(
        request, form, lambda: actions.escalate(client.pk, by=user, today=today, **form.asked())
    )
    if not status:
        return saved(request, _("Handed up"), event=EVENT, back=client.get_absolute_url())
    text = _("The next head gets it with a deadline; what was tried goes with it.")
    words = {"title": _("Came to nothing: %(client)s") % {"client": client}, "text": text}
    return dialog(request, form, submit=_("Hand up"), status=status, **words)


@require_POST
def escalation_take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin with it."""
    row, user = visible_escalation(request, pk), person_of(request)
    return pressed_on(
        request,
        row,
        lambda: actions.take_up(pk, by=user, version=sent_version(request)),
        _("Being worked on"),
        event=EVENT,
        may=permissions.can_settle_escalation(user, row),
    )


@require_http_methods(READ_AND_WRITE)
def escalation_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """It is settled, and how."""
    row, user, today = visible_escalation(request, pk), person_of(request), timezone.localdate()
    form = SettleForm(request.POST or None, initial={"version": row.version})
    return asked(
        request,
        row,
        form,
        lambda: actions.settle(pk, by=user, today=today, **form.new_values()),
        event=EVENT,
        may=permissions.can_settle_escalation(user, row),
        done=_("Settled"),
        submit=_("Mark as settled"),
    )


@require_http_methods(READ_AND_WRITE)
def escalation_hand_higher(request: HttpRequest, pk: int) -> HttpResponse:
    """This level came to nothing as well."""
    row, user, today = visible_escalation(request, pk), person_of(request), timezone.localdate()
    form = HandHigherForm(request.POST or None, initial={"version": row.version})
    return asked(
        request,
        row,
        form,
        lambda: actions.hand_higher(pk, by=user, today=today, **form.new_values()),
        event=EVENT,
        may=permissions.can_hand_higher(user, row),
        done=_("Handed up"),
        submit=_("Hand up"),
    )


@require_safe
def client_escalations(request: HttpRequest, pk: int) -> HttpResponse:
    """Conflicts and escalations of a client, for its card."""
    client = client_with_money(request, pk)
    return _part(request, client, "claims:client_escalate", pk, {"client": client})


@require_safe
def claim_escalations(request: HttpRequest, pk: int) -> HttpResponse:
    """The ladder of a claim, for its page."""
    claim = _claim(request, pk)
    url = "claims:claim_escalate" if claim.is_open else ""
    return _part(request, claim.client, url, pk, {"claim": claim})


@require_safe
def contract_escalations(request: HttpRequest, pk: int) -> HttpResponse:
    """The ladder of the talks about a contract, for its page."""
    contract = _contract(request, pk)
    url = "claims:contract_escalate" if contract.is_in_negotiation else ""
    return _part(request, contract.client, url, pk, {"contract": contract})


def _part(
    request: HttpRequest, client: Client, escalate: str, pk: int, filters: dict[str, Any]
) -> HttpResponse:
    user = person_of(request)
    may = bool(escalate) and permissions.can_escalate(user, client)
    url = reverse(escalate, args=[pk]) if may else ""
    part = EscalationsOf(client, user, url, may, filters)
    context = {"part": part, "address": request.path}
    return render(request, "claims/_escalations_of.html", context)


def _claim(request: HttpRequest, pk: int) -> Claim:
    return _of_client(request, Claim.objects, pk)  # type: ignore[no-any-return]


def _contract(request: HttpRequest, pk: int) -> Contract:
    return _of_client(request, Contract.objects, pk)  # type: ignore[no-any-return]


def _of_client(request: HttpRequest, records: Any, pk: int) -> Any:
    """A visible record with its client; the purchasing department reads claims and no more."""
    user = person_of(request)
    rows = records.visible_to(user).select_related("client__manager", "client__org_unit")
    found = get_object_or_404(rows, pk=pk)
    if not permissions.can_see_escalations(user):
        raise PermissionDenied
    return found


def visible_escalation(request: HttpRequest, pk: int) -> Escalation:
    """The escalation with the names that its page shows; 404 for one that is not seen."""
    rows = Escalation.objects.visible_to(person_of(request)).select_related(
        "client__manager", "client__org_unit", "claim", "contract", "from_user", "to_user"
    )
    row: Escalation = get_object_or_404(rows, pk=pk)
    return row
