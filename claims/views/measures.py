"""Corrective measures: the register, one with its rates, planning, carrying out, checking."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import permissions
from claims.actions import measures as actions
from claims.forms.measures import CheckForm, DoneForm, MeasureForm, ReasonForm
from claims.lists.measures import MEASURES
from claims.models import CorrectiveMeasure
from claims.pages.measures import MeasurePage
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, asked, attempt, dialog, pressed_on, saved
from crm.lists import render_list
from crm.web import person_of, sent_version

EVENT = "measure-changed"


@require_safe
def measure_list(request: HttpRequest) -> HttpResponseBase:
    """The register of measures."""
    user = person_of(request)
    if not permissions.can_see_measures(user):
        raise PermissionDenied
    rows = CorrectiveMeasure.objects.visible_to(user).for_list()
    context = {"may_plan": permissions.plans_measures(user)}
    return render_list(request, MEASURES, rows, context=context)


@require_safe
def measure_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One measure: the problem, its rate before and after."""
    row = visible_measure(request, pk)
    page = MeasurePage(row, person_of(request), timezone.localdate())
    return render(request, "claims/measure_detail.html", {"row": row, "page": page})


@require_safe
def measure_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what."""
    return render_history(request, visible_measure(request, pk))


@require_http_methods(READ_AND_WRITE)
def measure_create(request: HttpRequest) -> HttpResponse:
    """Plan a measure."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.plans_measures(user):
        raise PermissionDenied
    form = MeasureForm(request.POST or None, user=user)

    def write() -> None:
        unit_id, plan = form.planned()
        actions.plan_measure(unit_id, plan, by=user, today=today)

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("Planned"), event=EVENT, back=reverse("claims:measure_list"))
    title = _("New measure against claims")
    return dialog(request, form, title=title, submit=_("Plan it"), status=status)


@require_POST
def measure_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Set about it."""
    row, user = visible_measure(request, pk), person_of(request)
    version = sent_version(request)
    return pressed_on(
        request,
        row,
        lambda: actions.begin_measure(pk, by=user, version=version),
        _("Being carried out"),
        event=EVENT,
        may=permissions.can_carry_out(user, row),
    )


@require_http_methods(READ_AND_WRITE)
def measure_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """It is carried out."""
    row, user, today = visible_measure(request, pk), person_of(request), timezone.localdate()
    form = DoneForm(request.POST or None, initial={"version": row.version, "on": today})
    return asked(
        request,
        row,
        form,
        lambda: actions.finish_measure(pk, by=user, today=today, **form.new_values()),
        event=EVENT,
        may=permissions.can_carry_out(user, row),
        done=_("Carried out"),
        submit=_("Carried out"),
    )


@require_http_methods(READ_AND_WRITE)
def measure_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether it helped."""
    row, user, today = visible_measure(request, pk), person_of(request), timezone.localdate()
    form = CheckForm(request.POST or None, initial={"version": row.version})
    return asked(
        request,
        row,
        form,
        lambda: actions.check_measure(pk, by=user, today=today, **form.new_values()),
        event=EVENT,
        may=permissions.can_judge_measure(user, row),
        done=_("Effect checked"),
        submit=_("Effect checked"),
    )


@require_http_methods(READ_AND_WRITE)
def measure_give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """It will not be carried out."""
    row, user = visible_measure(request, pk), person_of(request)
    form = ReasonForm(request.POST or None, initial={"version": row.version})
    return asked(
        request,
        row,
        form,
        lambda: actions.give_up_measure(pk, by=user, **form.new_values()),
        event=EVENT,
        may=permissions.can_judge_measure(user, row),
        done=_("Given up"),
        submit=_("Give up"),
    )


def visible_measure(request: HttpRequest, pk: int) -> CorrectiveMeasure:
    """The measure with the names that its page shows; 404 for one that is not seen."""
    rows = CorrectiveMeasure.objects.visible_to(person_of(request)).select_related(
        "owner", "org_unit", "reason", "product_group", "created_by"
    )
    row: CorrectiveMeasure = get_object_or_404(rows, pk=pk)
    return row
