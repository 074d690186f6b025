"""Absences and substitutions."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts import permissions
from crm.accounts.history_view import render_history
from crm.accounts.models import Delegation, User
from crm.errors import RuleViolation
from crm.lists import render_list
from crm.people import actions
from crm.people.filters import today_filter
from crm.people.forms import DelegationForm, first_days
from crm.people.tables import DELEGATIONS, TONES
from crm.people.views.parts import attempt
from crm.web import person_of, sent_version


def visible_delegation(request: HttpRequest, pk: int) -> Delegation:
    """A substitution that concerns the person, else 404."""
    rows = Delegation.objects.visible_to(person_of(request)).for_list()
    delegation: Delegation = get_object_or_404(rows, pk=pk)
    return delegation


@require_safe
def delegation_list(request: HttpRequest) -> HttpResponseBase:
    """Substitutions of oneself, of one's people, or all of them."""
    rows = Delegation.objects.visible_to(person_of(request)).for_list()
    return render_list(request, DELEGATIONS, rows, context={"today_filter": today_filter()})


@require_safe
def delegation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One substitution with its history."""
    delegation = visible_delegation(request, pk)
    standing = Delegation.objects.standing().filter(pk=pk).exists()
    may = permissions.can_revoke_delegation(person_of(request), delegation)
    context = {
        "delegation": delegation,
        "tone": TONES[delegation.state],
        "can_revoke": standing and may,
    }
    return render(request, "accounts/delegation_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def delegation_create(request: HttpRequest) -> HttpResponse:
    """Plan an absence; the list of substitutes follows the absent person."""
    user, today = person_of(request), timezone.localdate()
    owners = User.objects.visible_to(user).may_be_away(user).order_by("sort_key", "pk")
    initial = {**first_days(today), "owner": request.GET.get("owner", user.pk)}
    if not request.POST:
        initial |= request.GET.dict()
    form = DelegationForm(request.POST or None, owners=owners, user=user, initial=initial)

    def write() -> Delegation:
        return actions.plan_delegation(by=user, today=today, **form.new_values())

    tried = attempt(request, form, write)
    if tried.result is not None:
        messages.success(request, _("Substitution planned"))
        return redirect(tried.result)
    crumbs = [(_("Absences"), reverse("accounts:delegation_list"))]
    context = {"form": form, "crumbs": crumbs, "one_owner": len(owners) == 1}
    return render(request, "accounts/delegation_form.html", context, status=tried.status)


@require_POST
def delegation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a substitution at once."""
    user, delegation = person_of(request), visible_delegation(request, pk)
    if not permissions.can_revoke_delegation(user, delegation):
        raise PermissionDenied
    try:
        actions.revoke_delegation(pk, by=user, version=sent_version(request))
        messages.success(request, _("Substitution revoked"))
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    return redirect(delegation)


@require_safe
def delegation_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who planned, began, ended or revoked the substitution."""
    return render_history(request, visible_delegation(request, pk))
