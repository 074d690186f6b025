"""Signature limits: the matrix of each kind, its versions, and «who would sign this?»."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.approvals import actions, limit_page, permissions
from crm.approvals.forms import RouteVersionForm, initial_steps
from crm.approvals.limit_forms import LadderForm, SimulatorForm, VisaFormSet, known_kind
from crm.approvals.limit_kinds import LimitKind
from crm.approvals.models import ApprovalRoute
from crm.errors import RuleViolation
from crm.web import is_fragment, person_of

READ_AND_WRITE = ["GET", "HEAD", "POST"]


@require_safe
def limit_list(request: HttpRequest) -> HttpResponse:
    """All matrices with the simulator above them; the address says what was asked."""
    user = person_of(request)
    if not permissions.can_see_routes(user):
        raise PermissionDenied
    context = _simulated(request) | {"may_edit": permissions.can_edit_routes(user)}
    if is_fragment(request):
        return render(request, "approvals/_limit_simulator.html", context)
    context["matrices"] = limit_page.matrices()
    return render(request, "approvals/limit_list.html", context)


def _simulated(request: HttpRequest) -> dict[str, Any]:
    form = SimulatorForm(request.GET, user=person_of(request))
    facts = form.facts()
    if facts is None:
        return {"form": form}
    answer = limit_page.simulate(
        form.asked.kind,
        facts,
        category=form.cleaned_data.get("category", ""),
        author=form.cleaned_data["author"],
        today=timezone.localdate(),
    )
    return {"form": form, "answer": answer}


@require_http_methods(READ_AND_WRITE)
def limit_edit(request: HttpRequest, kind: str) -> HttpResponse:
    """The ladder of one category as a dialog; saving makes a new version."""
    known, route = _editable(request, kind)
    category = (request.POST or request.GET).get("category", "")
    levels = [level for level in route.levels.all() if level.category == category]
    initial = LadderForm.initial_of(known, levels or _others(route))
    initial |= {"version": route.version, "category": category}
    form = LadderForm(known, request.POST or None, initial=initial)
    sent, cleared = request.method == "POST", "follow" in request.POST
    if sent and form.is_valid():
        drafts = [] if cleared else form.drafts()
        version = form.cleaned_data["version"]
        done = _try(
            form, actions.change_ladder, kind, request, version, category=category, levels=drafts
        )
        if done:
            return _saved(request)
    words = {"category": known.categories.get(category, ""), "follows": not levels}
    return _dialog(request, "limit_edit", {"form": form, "kind": known, **words}, sent=sent)


def _others(route: ApprovalRoute) -> list[Any]:
    return [level for level in route.levels.all() if not level.category]


@require_http_methods(READ_AND_WRITE)
def limit_visas(request: HttpRequest, kind: str) -> HttpResponse:
    """The visas before the one who decides, as a dialog."""
    known, route = _editable(request, kind)
    initial = initial_steps(list(route.steps.all()))
    rows = VisaFormSet(request.POST or None, initial=initial, prefix="steps")
    form = RouteVersionForm(request.POST or None, initial={"version": route.version})
    sent = request.method == "POST"
    if sent and rows.is_valid() and form.is_valid():
        version = form.cleaned_data["version"]
        if _try(form, actions.change_visas, kind, request, version, visas=rows.drafts()):
            return _saved(request)
    return _dialog(request, "limit_visas", {"form": form, "rows": rows, "kind": known}, sent=sent)


@require_safe
def limit_history(request: HttpRequest, kind: str) -> HttpResponse:
    """The versions of a kind with what each changed."""
    known = known_kind(kind)
    if not permissions.can_see_routes(person_of(request)):
        raise PermissionDenied
    if known is None:
        raise Http404
    context = {"kind": known, "versions": limit_page.versions(known)}
    return _dialog(request, "limit_history", context, sent=False)


def _editable(request: HttpRequest, kind: str) -> tuple[LimitKind, ApprovalRoute]:
    if not permissions.can_edit_routes(person_of(request)):
        raise PermissionDenied
    known = known_kind(kind)
    route = ApprovalRoute.objects.filter(kind=kind, active=True).first()
    if known is None or route is None:
        raise Http404
    return known, route


def _try(
    form: BaseForm, action: Any, kind: str, request: HttpRequest, version: int, **values: Any
) -> bool:
    """Write; a refusal goes beside its field."""
    try:
        action(kind, by=person_of(request), version=version, **values)
    except RuleViolation as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True


def _saved(request: HttpRequest) -> HttpResponse:
    flash.success(request, _("The new limits apply to requests sent from now on."))
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect("approvals:limit_list")


def _dialog(
    request: HttpRequest, name: str, context: dict[str, Any], *, sent: bool
) -> HttpResponse:
    """A fragment for the dialog, or a page of its own around it."""
    fragment = f"approvals/_{name}.html"
    template = fragment if is_fragment(request) else "approvals/limit_dialog.html"
    context = context | {"fragment": fragment, "own_page": not is_fragment(request)}
    return render(request, template, context, status=422 if sent else 200)
