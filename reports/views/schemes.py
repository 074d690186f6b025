"""Schemes of variable pay and wages: what holds, what held, new versions."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.web import person_of
from reports.actions import schemes as actions
from reports.forms.incentives import SchemeForm, WageForm
from reports.models import MotivationScheme, PersonalTerms
from reports.parameters import month_start
from reports.permissions import incentives as permissions

EVENT = "scheme-changed"
NAMES = tuple(actions.Terms.__dataclass_fields__)


@require_safe
def scheme_list(request: HttpRequest) -> HttpResponse:
    """All versions by role; wages for the directors."""
    user = person_of(request)
    if not permissions.can_see_schemes(user):
        raise PermissionDenied
    wages = PersonalTerms.objects.visible_to(user).select_related("employee")
    context = {
        "rows": MotivationScheme.objects.visible_to(user).order_by("role", "-valid_from"),
        "wages": wages.order_by("employee__sort_key", "-valid_from"),
        "may_edit": permissions.can_edit_schemes(user),
    }
    return render(request, "reports/scheme_list.html", context)


@require_http_methods(READ_AND_WRITE)
def scheme_set(request: HttpRequest) -> HttpResponse:
    """A new version of a role, filled in with what holds."""
    user, today = _director(request), timezone.localdate()
    role = request.GET.get("role") or "manager"
    form = SchemeForm(request.POST or None, initial=_held(role, month_start(today)))

    def write() -> None:
        role, month, terms = form.terms()
        actions.set_scheme(role, month, terms, by=user)

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=reverse("reports:scheme_list"))
    return dialog(request, form, title=_("Terms of a role"), submit=_("Save"), status=status)


@require_http_methods(READ_AND_WRITE)
def wage_set(request: HttpRequest) -> HttpResponse:
    """The wage of a person."""
    user = _director(request)
    initial = {"valid_from": month_start(timezone.localdate())}
    form = WageForm(request.POST or None, initial=initial)

    def write() -> None:
        values = form.new_values()
        employee, month = values.pop("employee"), values.pop("valid_from")
        actions.set_personal_terms(employee.pk, month, by=user, **values)

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=reverse("reports:scheme_list"))
    return dialog(request, form, title=_("Individual salary"), submit=_("Save"), status=status)


def _held(role: str, month: Any) -> dict[str, Any]:
    held = MotivationScheme.objects.holding(role, month)
    values = {name: getattr(held, name) for name in NAMES} if held else {}
    return {"role": role, "valid_from": month, **values}


def _director(request: HttpRequest) -> Any:
    user = person_of(request)
    if not permissions.can_edit_schemes(user):
        raise PermissionDenied
    return user
