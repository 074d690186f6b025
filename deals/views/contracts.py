"""Contracts: the register, the page, writing and correcting one."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients.models import Client
from clients.views.answers import save_record, visible_client
from crm.accounts.history_view import render_history
from crm.accounts.models import User
from crm.dialogs import READ_AND_WRITE, attempt, dialog
from crm.lists import render_list
from crm.web import move_on, person_of
from deals import permissions
from deals.actions import contracts as actions
from deals.dossier import dossier_of
from deals.forms.contracts import ContractForm, ContractStartForm
from deals.lists.contracts import CONTRACTS
from deals.models import Contract, Proposal
from deals.pages.contracts import ContractPage

EVENT = "contract-changed"
SHOWN = 20


@require_safe
def contract_list(request: HttpRequest) -> HttpResponseBase:
    """The register of contracts."""
    user = person_of(request)
    if not permissions.can_see_contracts(user):
        raise PermissionDenied
    context = {
        "may_create": permissions.can_write_contracts(user),
    }
    rows = Contract.objects.visible_to(user).for_list()
    summed = Contract.objects.in_sums_of(user)
    return render_list(request, CONTRACTS, rows, context=context, summed=summed)


@require_safe
def contract_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One contract: terms, way, signatures, disagreements, obligations, addenda."""
    contract = visible_contract(request, pk)
    page = ContractPage(contract, person_of(request), timezone.localdate())
    context = {"contract": contract, "client": contract.client, "page": page}
    return render(request, "deals/contract_detail.html", context)


@require_http_methods(READ_AND_WRITE)
def contract_start(request: HttpRequest) -> HttpResponse:
    """Whose contract it will be: the form follows."""
    user = person_of(request)
    if not permissions.can_write_contracts(user):
        raise PermissionDenied
    form = ContractStartForm(request.POST or None, user=user)
    if attempt(request, form, lambda: None) == 0:
        url = reverse("deals:contract_create", args=[form.cleaned_data["client"].pk])
        return move_on(request, url)
    status = 422 if request.method == "POST" else 200
    return dialog(
        request,
        form,
        title=_("New contract"),
        submit=_("Next"),
        status=status,
        body="deals/_client_pick.html",
    )


@require_http_methods(READ_AND_WRITE)
def contract_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a contract of the client, or an addendum to one in force (?to=)."""
    client, user = visible_client(request, pk), person_of(request)
    if not permissions.can_draft_contract(user, client):
        raise PermissionDenied
    parent, proposal = _parent(request, client), _proposal(request, client)
    form = ContractForm(request.POST or None, client=client, parent=parent, proposal=proposal)
    made: list[Contract] = []
    status = save_record(
        request, form, lambda: made.append(_draft(request, form, client, parent, proposal))
    )
    if not status:
        return redirect(made[0])
    context = {"form": form, "client": client, "parent": parent, "proposal": proposal}
    return render(request, "deals/contract_form.html", context, status=status)


def _draft(
    request: HttpRequest,
    form: ContractForm,
    client: Client,
    parent: Contract | None,
    proposal: Proposal | None,
) -> Contract:
    return actions.draft_contract(
        client.pk,
        by=person_of(request),
        today=timezone.localdate(),
        key=form.cleaned_data["key"],
        parent_id=parent.pk if parent else None,
        proposal_id=proposal.pk if proposal else None,
        **form.new_values(),
    )


def _parent(request: HttpRequest, client: Client) -> Contract | None:
    wanted = _named(request, "to")
    if wanted is None:
        return None
    rows = Contract.objects.visible_to(person_of(request)).filter(client=client)
    parent: Contract = get_object_or_404(rows, pk=wanted)
    if not permissions.can_add_addendum(person_of(request), parent):
        raise PermissionDenied(_("Addenda are made to a contract in force."))
    return parent


def _proposal(request: HttpRequest, client: Client) -> Proposal | None:
    """The accepted proposal that the contract follows (?proposal=)."""
    wanted = _named(request, "proposal")
    if wanted is None:
        return None
    rows = Proposal.objects.visible_to(person_of(request)).filter(client=client, state="accepted")
    return cast(Proposal, get_object_or_404(rows, pk=wanted))


def _named(request: HttpRequest, name: str) -> int | None:
    """The key that the address names; 0 for what is no key."""
    wanted = request.GET.get(name, "")
    if not wanted:
        return None
    return int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else 0


@require_http_methods(READ_AND_WRITE)
def contract_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a draft or a returned contract."""
    contract = visible_contract(request, pk)
    if not permissions.can_edit_contract(person_of(request), contract):
        raise PermissionDenied
    form = ContractForm(request.POST or None, client=contract.client, record=contract)
    status = save_record(request, form, lambda: _edit(request, form, contract))
    if not status:
        return redirect(contract)
    context = {"form": form, "client": contract.client, "contract": contract}
    return render(request, "deals/contract_form.html", context, status=status)


def _edit(request: HttpRequest, form: ContractForm, contract: Contract) -> Any:
    return actions.edit_contract(
        contract.pk,
        by=person_of(request),
        version=form.cleaned_data["version"] or 0,
        **form.new_values(),
    )


@require_safe
def contract_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what of the contract and of its parts."""
    contract = visible_contract(request, pk)
    parts = [contract.disagreements.all(), contract.obligations.all()]
    return render_history(request, contract, parts=parts)


@require_safe
def client_contracts(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab of contracts of the client card."""
    client, user = visible_client(request, pk), person_of(request)
    if not permissions.can_see_contracts(user):
        raise PermissionDenied
    rows = Contract.objects.visible_to(user).filter(client=client).for_list()
    context = {
        "client": client,
        "contracts": rows.order_by("-pk")[:SHOWN],
        "today": timezone.localdate(),
        "may_create": permissions.can_draft_contract(user, client),
        "proposals": _proposals(client, user),
        "may_propose": permissions.can_propose_to(user, client),
        "dossier": dossier_of(client, user, timezone.localdate()),
        "may_keep": permissions.can_keep_dossier(user, client),
    }
    return render(request, "deals/_client_contracts.html", context)


def _proposals(client: Client, user: User) -> list[Proposal]:
    rows = Proposal.objects.visible_to(user).filter(client=client).exclude(state="discarded")
    return list(rows.order_by("-dated_on", "-pk")[:SHOWN])


def visible_contract(request: HttpRequest, pk: int) -> Contract:
    """The contract with what its page shows; 404 for one that the person does not see."""
    rows = Contract.objects.visible_to(person_of(request)).select_related(
        "client__org_unit",
        "client__manager",
        "counterparty",
        "parent",
        "author",
        "negotiator",
        "signed_by",
        "authority",
        "proposal",
    )
    contract: Contract = get_object_or_404(rows, pk=pk)
    return contract
