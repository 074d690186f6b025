"""Cost-reduction measures: the register, one of them, what people do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, asked, attempt, dialog, pressed_on, saved
from crm.lists import render_list
from crm.web import person_of, sent_version
from reports.actions import cost_measures as actions
from reports.forms.costs import ReasonForm, SavedForm, SavingForm
from reports.lists.cost_measures import SAVINGS
from reports.models import CostMeasure
from reports.pages.cost_measures import SavingPage
from reports.permissions import costs as permissions

EVENT = "saving-changed"


@require_safe
def saving_list(request: HttpRequest) -> HttpResponseBase:
    """The register."""
    user = person_of(request)
    if not permissions.can_see_savings(user):
        raise PermissionDenied
    rows = CostMeasure.objects.visible_to(user).for_list()
    context = {"may_plan": permissions.plans_savings(user)}
    return render_list(request, SAVINGS, rows, context=context)


@require_safe
def saving_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One measure: what it is to save and what it has saved."""
    row = _visible(request, pk)
    page = SavingPage(row, person_of(request), timezone.localdate())
    return render(request, "reports/saving_detail.html", {"row": row, "page": page})


@require_safe
def saving_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what."""
    return render_history(request, _visible(request, pk))


@require_http_methods(READ_AND_WRITE)
def saving_create(request: HttpRequest) -> HttpResponse:
    """Plan a measure."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.plans_savings(user):
        raise PermissionDenied
    form = SavingForm(request.POST or None, user=user)

    def write() -> None:
        unit = form.cleaned_data["org_unit"]
        actions.plan_saving(unit.pk, form.planned(), by=user, today=today)

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("Planned"), event=EVENT, back=reverse("reports:saving_list"))
    title = _("New cost-reduction measure")
    return dialog(request, form, title=title, submit=_("Plan it"), status=status)


@require_http_methods(READ_AND_WRITE)
def saving_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the plan."""
    row, user = _allowed(request, pk, permissions.can_change_saving), person_of(request)
    names = ("title", "item", "owner", "due_on", "planned_saving", "description", "version")
    first = {name: getattr(row, name) for name in names}
    form = SavingForm(request.POST or None, user=user, row=row, initial=first)

    def write() -> object:
        version, today = form.new_values()["version"], timezone.localdate()
        return actions.edit_saving(pk, form.planned(), by=user, version=version, today=today)

    return _in_dialog(request, form, row, write, _("Save"))


@require_POST
def saving_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Set about it."""
    row = _allowed(request, pk, permissions.can_carry_saving_out)
    return _press(request, row, actions.begin_saving, _("Being carried out"))


@require_http_methods(READ_AND_WRITE)
def saving_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """It is carried out: what it has saved."""
    row = _allowed(request, pk, permissions.can_carry_saving_out)
    user, today = person_of(request), timezone.localdate()
    first = {"version": row.version, "on": today, "actual_saving": row.planned_saving}
    form = SavedForm(request.POST or None, initial=first)

    def write() -> object:
        return actions.finish_saving(pk, by=user, today=today, **form.new_values())

    return _in_dialog(request, form, row, write, _("Carried out"))


@require_POST
def saving_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """A head believes the saving."""
    row = _allowed(request, pk, permissions.can_confirm_saving)
    return _press(request, row, actions.confirm_saving, _("Saving confirmed"))


@require_http_methods(READ_AND_WRITE)
def saving_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """A head does not believe it."""
    row = _allowed(request, pk, permissions.can_confirm_saving)
    return _with_reason(request, row, actions.send_saving_back, _("Send back"))


@require_http_methods(READ_AND_WRITE)
def saving_give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """It will not be carried out."""
    row = _allowed(request, pk, permissions.can_change_saving)
    return _with_reason(request, row, actions.give_up_saving, _("Give up"))


def _with_reason(
    request: HttpRequest, row: CostMeasure, action: Callable[..., Any], submit: str
) -> HttpResponse:
    form = ReasonForm(request.POST or None, initial={"version": row.version})

    def write() -> object:
        return action(row.pk, by=person_of(request), **form.new_values())

    return _in_dialog(request, form, row, write, submit)


def _in_dialog(
    request: HttpRequest,
    form: forms.Form,
    row: CostMeasure,
    write: Callable[[], object],
    submit: str,
) -> HttpResponse:
    return asked(request, row, form, write, event=EVENT, done=_("Saved"), submit=submit)


def _press(
    request: HttpRequest, row: CostMeasure, action: Callable[..., Any], text: str
) -> HttpResponse:
    by, version = person_of(request), sent_version(request)
    return pressed_on(
        request, row, lambda: action(row.pk, by=by, version=version), text, event=EVENT
    )


def _allowed(request: HttpRequest, pk: int, may: Callable[..., bool]) -> CostMeasure:
    """A visible measure with which the person may do this; 403 otherwise."""
    row = _visible(request, pk)
    if not may(person_of(request), row):
        raise PermissionDenied
    return row


def _visible(request: HttpRequest, pk: int) -> CostMeasure:
    """404 for one that is not seen."""
    rows = CostMeasure.objects.visible_to(person_of(request)).for_list()
    row: CostMeasure = get_object_or_404(rows, pk=pk)
    return row
