"""Retro bonuses: both registers, the page with its calculator, writing one, parts of cards."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clients.views.answers import save_record
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE
from crm.lists import render_list
from crm.web import is_fragment, person_of
from deals import permissions
from deals.actions import retro as actions
from deals.bonuses.retro import period_of
from deals.forms.retro import CalculatorForm, RetroForm
from deals.lists.retro import ACCRUALS, RETRO
from deals.models import Contract, RetroBonusAccrual, RetroBonusAgreement
from deals.pages.retro import Calculation, RetroOfClient, RetroPage, calculate, retro_signers
from deals.views.credit import client_with_money


@require_safe
def retro_list(request: HttpRequest) -> HttpResponseBase:
    """The register of agreements."""
    user = person_of(request)
    if not permissions.can_see_retro(user):
        raise PermissionDenied
    return render_list(request, RETRO, RetroBonusAgreement.objects.visible_to(user).for_list())


@require_safe
def retro_accruals(request: HttpRequest) -> HttpResponseBase:
    """The register of what is accrued."""
    user = person_of(request)
    if not permissions.can_see_retro(user):
        raise PermissionDenied
    return render_list(request, ACCRUALS, RetroBonusAccrual.objects.visible_to(user).for_list())


@require_safe
def retro_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One agreement: terms, its way, the calculator, what is accrued."""
    agreement = visible_retro(request, pk)
    context: dict[str, Any] = {"agreement": agreement}
    status = 200
    if {"first", "now"} & request.GET.keys():  # else the page asks for it by itself
        form, found = _calculated(request, agreement)
        context |= {"form": form, "calculation": found}
        status = 422 if form.errors else 200
        if is_fragment(request):
            return render(request, "deals/_retro_calculator.html", context, status=status)
    context["page"] = RetroPage(agreement, person_of(request), timezone.localdate())
    return render(request, "deals/retro_detail.html", context, status=status)


def _calculated(
    request: HttpRequest, agreement: RetroBonusAgreement
) -> tuple[CalculatorForm, Calculation | None]:
    """The running period until somebody asks for other days or types a base."""
    now = period_of(timezone.localdate(), agreement.period)
    usual = {"first": now.first, "last": now.last}
    if "first" not in request.GET:
        return CalculatorForm(initial=usual), calculate(agreement, now.first, now.last)
    form = CalculatorForm(request.GET)
    if not form.is_valid():
        return form, None
    asked = form.cleaned_data
    return form, calculate(agreement, asked["first"], asked["last"], asked["base"])


@require_http_methods(READ_AND_WRITE)
def retro_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an agreement under the contract."""
    user = person_of(request)
    rows = Contract.objects.visible_to(user).select_related("client__org_unit")
    contract: Contract = get_object_or_404(rows, pk=pk)
    if not permissions.can_write_retro(user, contract):
        raise PermissionDenied
    form = RetroForm(request.POST or None)
    made: list[RetroBonusAgreement] = []
    status = save_record(
        request,
        form,
        lambda: made.append(actions.draft_retro(contract.pk, by=user, values=form.retro())),
    )
    return redirect(made[0]) if not status else _show(request, form, contract, None, status)


@require_http_methods(READ_AND_WRITE)
def retro_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    agreement, user = visible_retro(request, pk), person_of(request)
    if not permissions.can_edit_retro(user, agreement):
        raise PermissionDenied
    form = RetroForm(request.POST or None, record=agreement)
    status = save_record(
        request,
        form,
        lambda: actions.edit_retro(
            pk, by=user, version=form.cleaned_data["version"] or 0, values=form.retro()
        ),
    )
    if not status:
        return redirect(agreement)
    return _show(request, form, agreement.contract, agreement, status)


def _show(
    request: HttpRequest,
    form: RetroForm,
    contract: Contract,
    agreement: RetroBonusAgreement | None,
    status: int,
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "contract": contract, "agreement": agreement}
    context |= {"levels": retro_signers(), "cap": actions.food_cap()}
    return render(request, "deals/retro_form.html", context, status=status)


@require_safe
def retro_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what of the agreement."""
    return render_history(request, visible_retro(request, pk))


@require_safe
def client_retro(request: HttpRequest, pk: int) -> HttpResponse:
    """The bonuses of a client, for its card."""
    client = client_with_money(request, pk)
    page = RetroOfClient(client, person_of(request))
    return render(request, "deals/_client_retro.html", {"client": client, "page": page})


@require_safe
def contract_retro(request: HttpRequest, pk: int) -> HttpResponse:
    """The bonuses under a contract, for its page."""
    user = person_of(request)
    rows = Contract.objects.visible_to(user).select_related("client")
    contract: Contract = get_object_or_404(rows, pk=pk)
    page = RetroOfClient(contract.client, user, contract)
    context = {"client": contract.client, "contract": contract, "page": page}
    return render(request, "deals/_client_retro.html", context)


def visible_retro(request: HttpRequest, pk: int) -> RetroBonusAgreement:
    """The agreement with the names that its page shows; 404 for one that is not seen."""
    people = ("author", "approved_by", "ended_by")
    rows = RetroBonusAgreement.objects.visible_to(person_of(request)).select_related(
        "client__manager", "client__org_unit", "contract__client", *people
    )
    agreement: RetroBonusAgreement = get_object_or_404(rows.prefetch_related("tiers"), pk=pk)
    return agreement
