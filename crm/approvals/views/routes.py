"""Routes of approval: what each kind of request passes, edited by the administrator."""

from __future__ import annotations

from django.contrib import messages as flash
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.accounts.models import User
from crm.approvals import actions, permissions, registry
from crm.approvals.forms import BaseRouteFormSet, RouteFormSet, RouteVersionForm, initial_steps
from crm.approvals.models import ApprovalRoute
from crm.errors import RuleViolation


@require_safe
def route_list(request: HttpRequest) -> HttpResponse:
    """All kinds of requests with their steps."""
    if not permissions.can_see_routes(_user(request)):
        raise PermissionDenied
    active = ApprovalRoute.objects.filter(active=True).prefetch_related("steps")
    by_kind = {route.kind: route for route in active.select_related("created_by")}
    routes = [(handler, by_kind.get(handler.kind)) for handler in _by_route()]
    context = {"routes": routes, "may_edit": permissions.can_edit_routes(_user(request))}
    return render(request, "approvals/route_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def route_edit(request: HttpRequest, kind: str) -> HttpResponse:
    """The steps of one kind; saving makes a new version for requests submitted afterwards."""
    if not permissions.can_edit_routes(_user(request)):
        raise PermissionDenied
    handler = next((h for h in _by_route() if h.kind == kind), None)
    if handler is None:
        raise Http404
    route = ApprovalRoute.objects.filter(kind=kind, active=True).first()
    steps = initial_steps(list(route.steps.all()) if route else [])
    rows = RouteFormSet(request.POST or None, initial=steps, prefix="steps")
    version = RouteVersionForm(
        request.POST or None, initial={"version": route.version if route else 0}
    )
    status = 200
    if request.method == "POST":
        if rows.is_valid() and version.is_valid() and _saved(request, kind, rows, version):
            return redirect("approvals:route_list")
        status = 422
    context = {"handler": handler, "route": route, "rows": rows, "version": version}
    return render(request, "approvals/route_edit.html", context, status=status)


def _saved(
    request: HttpRequest, kind: str, rows: BaseRouteFormSet, version: RouteVersionForm
) -> bool:
    """Try to save; a refusal goes above the rows."""
    number = version.cleaned_data["version"]
    try:
        actions.change_route(kind, by=_user(request), steps=rows.drafts(), version=number)
    except RuleViolation as refusal:
        version.add_error(None, str(refusal))
        return False
    flash.success(request, _("The new route applies to requests submitted from now on."))
    return True


def _by_route() -> list[registry.Handler]:
    """Kinds with a fixed route; the others follow the signature limits."""
    return [handler for handler in registry.handlers() if not handler.limits]


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
