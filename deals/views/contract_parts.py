"""Disagreements and obligations of a contract, the board of obligations, powers of attorney."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.forms import ReasonForm
from crm.lists import render_list
from crm.web import person_of
from deals import permissions
from deals.actions import contract_parts as actions
from deals.forms.contracts import (
    DisagreementForm,
    FulfilForm,
    ObligationForm,
    PowerForm,
    SettleForm,
)
from deals.lists.contracts import OBLIGATIONS
from deals.models import Contract, ContractObligation, Disagreement, PowerOfAttorney
from deals.views.contracts import EVENT, visible_contract

POWERS_CHANGED = "powers-changed"


@require_http_methods(READ_AND_WRITE)
def disagreement_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a clause on which the sides differ."""
    contract, user = visible_contract(request, pk), person_of(request)
    if not permissions.can_negotiate(user, contract):
        raise PermissionDenied
    form = DisagreementForm(request.POST or None)
    status = attempt(
        request, form, lambda: actions.add_disagreement(pk, by=user, **form.new_values())
    )
    if not status:
        return _back(request, contract, _("Noted"))
    title = _("Disagreement: %(number)s") % {"number": contract}
    return dialog(request, form, title=title, submit=_("Save"), status=status)


@require_http_methods(READ_AND_WRITE)
def disagreement_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a solution, or settle it."""
    row, user = _part(request, Disagreement, pk), person_of(request)
    if not permissions.can_negotiate(user, row.contract) or row.state != "open":
        raise PermissionDenied
    initial = {name: getattr(row, name) for name in ("version", "state", "proposed", "agreed")}
    form = SettleForm(request.POST or None, initial=initial)
    status = attempt(
        request, form, lambda: actions.settle_disagreement(pk, by=user, **form.new_values())
    )
    if not status:
        return _back(request, row.contract, _("Saved"))
    title = _("Clause %(clause)s") % {"clause": row.clause}
    return dialog(request, form, title=title, submit=_("Save"), status=status)


@require_safe
def obligation_list(request: HttpRequest) -> HttpResponseBase:
    """The board of obligations of visible contracts."""
    user = person_of(request)
    if not permissions.can_see_contracts(user):
        raise PermissionDenied
    rows = ContractObligation.objects.visible_to(user)
    rows = rows.select_related("contract__client", "org_unit", "done_by")
    return render_list(request, OBLIGATIONS, rows)


@require_http_methods(READ_AND_WRITE)
def obligation_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what a department has to do."""
    contract, user = visible_contract(request, pk), person_of(request)
    if not permissions.can_add_obligation(user, contract):
        raise PermissionDenied
    form = ObligationForm(request.POST or None)
    status = attempt(
        request, form, lambda: actions.add_obligation(pk, by=user, **form.new_values())
    )
    if not status:
        return _back(request, contract, _("Noted"))
    title = _("Obligation: %(number)s") % {"number": contract}
    return dialog(request, form, title=title, submit=_("Save"), status=status)


@require_http_methods(READ_AND_WRITE)
def obligation_fulfil(request: HttpRequest, pk: int) -> HttpResponse:
    """It is done."""
    row, user = _part(request, ContractObligation, pk), person_of(request)
    if not permissions.can_fulfil(user, row):
        raise PermissionDenied
    today = timezone.localdate()
    form = FulfilForm(request.POST or None, initial={"version": row.version, "on": today})
    status = attempt(
        request,
        form,
        lambda: actions.fulfil_obligation(pk, by=user, today=today, **form.new_values()),
    )
    if not status:
        return _back(request, row.contract, _("Done"))
    return dialog(request, form, title=_("Done"), text=row.text, submit=_("Save"), status=status)


@require_http_methods(READ_AND_WRITE)
def obligation_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """It is not needed."""
    row, user = _part(request, ContractObligation, pk), person_of(request)
    open_now = not row.done_on and not row.dropped_at
    if not permissions.can_add_obligation(user, row.contract) or not open_now:
        raise PermissionDenied
    form = ReasonForm(request.POST or None, initial={"version": row.version})
    status = attempt(
        request,
        form,
        lambda: actions.drop_obligation(pk, by=user, now=timezone.now(), **form.new_values()),
    )
    if not status:
        return _back(request, row.contract, _("Saved"))
    return dialog(
        request, form, title=_("Not needed"), text=row.text, submit=_("Save"), status=status
    )


@require_safe
def power_list(request: HttpRequest) -> HttpResponse:
    """The register of powers of attorney."""
    user = person_of(request)
    if not permissions.can_see_powers(user):
        raise PermissionDenied
    context = {
        "powers": PowerOfAttorney.objects.select_related("agent"),
        "today": timezone.localdate(),
        "may_manage": permissions.can_manage_powers(user),
    }
    return render(request, "deals/power_list.html", context)


@require_http_methods(READ_AND_WRITE)
def power_add(request: HttpRequest) -> HttpResponse:
    """Enter a power of attorney."""
    user = person_of(request)
    if not permissions.can_manage_powers(user):
        raise PermissionDenied
    form = PowerForm(request.POST or None, today=timezone.localdate())
    status = attempt(request, form, lambda: actions.issue_power(by=user, **form.new_values()))
    if not status:
        return saved(request, _("Saved"), event=POWERS_CHANGED, back=reverse("deals:power_list"))
    title = _("Power of attorney")
    return dialog(request, form, title=title, submit=_("Save"), status=status)


@require_http_methods(READ_AND_WRITE)
def power_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a power of attorney before its day."""
    user = person_of(request)
    if not permissions.can_manage_powers(user):
        raise PermissionDenied
    row = get_object_or_404(PowerOfAttorney.objects.filter(revoked_at=None), pk=pk)
    form = ReasonForm(request.POST or None, initial={"version": row.version})
    status = attempt(
        request,
        form,
        lambda: actions.revoke_power(pk, by=user, now=timezone.now(), **form.new_values()),
    )
    if not status:
        return saved(request, _("Revoked"), event=POWERS_CHANGED, back=reverse("deals:power_list"))
    title = _("Revoke the power of attorney %(number)s") % {"number": row}
    return dialog(request, form, title=title, submit=_("Revoke"), status=status)


def _back(request: HttpRequest, contract: Contract, text: str) -> HttpResponse:
    return saved(request, text, event=EVENT, back=contract.get_absolute_url())


def _part(request: HttpRequest, model: Any, pk: int) -> Any:
    rows = model.objects.visible_to(person_of(request))
    return get_object_or_404(rows.select_related("contract__client__org_unit"), pk=pk)
