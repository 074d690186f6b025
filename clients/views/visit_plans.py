"""Plans of visits: the months, one month as a calendar, drawing up, agreeing."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients import permissions
from clients.actions import visit_plans as actions
from clients.forms.visits import PlanMonthForm
from clients.lists.visits import PLANS
from clients.models import VisitPlan
from clients.pages.visits import PlanPage
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed_on
from crm.lists import render_list
from crm.web import move_on, person_of, sent_version

EVENT = "visit-plan-changed"


@require_safe
def visit_plan_list(request: HttpRequest) -> HttpResponseBase:
    """The months that were drawn up."""
    user = person_of(request)
    if not permissions.can_see_visit_plans(user):
        raise PermissionDenied
    rows = VisitPlan.objects.visible_to(user).with_counts().select_related("approved_by")
    context = {"may_make": permissions.can_make_visit_plan(user)}
    return render_list(request, PLANS, rows, context=context)


@require_safe
def visit_plan_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The calendar of the month, by days and by merchandisers."""
    plan = _visible(request, pk)
    page = PlanPage(plan, person_of(request), timezone.localdate())
    return render(request, "clients/visit_plan_detail.html", {"plan": plan, "page": page})


@require_http_methods(READ_AND_WRITE)
def visit_plan_make(request: HttpRequest) -> HttpResponse:
    """Draw up a month by the norm, or add to its draft what is missing by now."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_make_visit_plan(user):
        raise PermissionDenied
    form, made = PlanMonthForm(request.POST or None), list[VisitPlan]()
    status = attempt(
        request,
        form,
        lambda: made.append(actions.make_visit_plan(by=user, today=today, **form.new_values())),
    )
    if not status:
        return move_on(request, made[0].get_absolute_url())
    text = _("As many visits to each outlet as its client's category has by the settings.")
    words = {"title": _("Plan a month of visits"), "submit": _("Draw up"), "text": text}
    return dialog(request, form, status=status, **words)


@require_POST
def visit_plan_agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Marketing agrees to the month."""
    plan, user = _visible(request, pk), person_of(request)
    version, now = sent_version(request), timezone.now()
    return pressed_on(
        request,
        plan,
        lambda: actions.agree_visit_plan(pk, by=user, version=version, now=now),
        _("Plan approved: merchandisers now work to it"),
        event=EVENT,
        may=permissions.agrees_visit_plans(user) and plan.author_id != user.pk,
    )


def _visible(request: HttpRequest, pk: int) -> VisitPlan:
    rows = VisitPlan.objects.visible_to(person_of(request)).select_related("author", "approved_by")
    plan: VisitPlan = get_object_or_404(rows, pk=pk)
    return plan
