"""Buttons and dialogs of monthly plans; each does one thing and the page reads itself anew."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST

from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.web import move_on, person_of, sent_version, whole_number
from reports import permissions
from reports.actions import plan_drafts, plan_explanations, plan_moves, plan_targets
from reports.forms.plans import (
    CommentForm,
    DrawUpForm,
    ExplainForm,
    JudgeForm,
    SpreadForm,
    TargetForm,
)
from reports.models import METRICS, PlanExplanation, PlanPart, PlanTarget
from reports.pages.explanations import asked_about, execution_in_words
from reports.views.plans import visible_plan

EVENT = "plan-changed"


@require_http_methods(READ_AND_WRITE)
def plan_draw_up(request: HttpRequest) -> HttpResponse:
    """Draw up a department's plan before the clock does."""
    user, today = person_of(request), timezone.localdate()
    form = DrawUpForm(request.POST or None, user=user, today=today)
    fields: Any = form.fields
    if not fields["org_unit"].queryset.exists():
        raise PermissionDenied
    made: list[Any] = []

    def write() -> None:
        unit, month = form.cleaned_data["org_unit"], form.months[form.cleaned_data["month"]]
        made.append(plan_drafts.draw_up_plan(unit.pk, month=month, by=user, today=today))

    status = attempt(request, form, write)
    if not status:
        return move_on(request, made[0].get_absolute_url())
    title = _("Draw up a plan")
    return dialog(request, form, title=title, submit=_("Draw up"), status=status)


@require_POST
def plan_add_clients(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring the clients of the plan up to date."""
    plan, user, today = visible_plan(request, pk), person_of(request), timezone.localdate()
    return pressed(
        request,
        lambda: plan_drafts.follow_owners(plan.pk, by=user, today=today),
        _("The clients and their managers are up to date."),
        event=EVENT,
        back=plan.get_absolute_url(),
    )


@require_POST
def plan_part_fill(request: HttpRequest, pk: int) -> HttpResponse:
    """The manager has filled the own lines."""
    part, user = _visible_part(request, pk), person_of(request)
    version = sent_version(request)
    return pressed(
        request,
        lambda: plan_moves.fill_part(part.pk, by=user, version=version),
        _("Your plan is handed in."),
        event=EVENT,
        back=part.plan.get_absolute_url(),
    )


@require_http_methods(READ_AND_WRITE)
def plan_part_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the lines of a manager back."""
    part, user = _visible_part(request, pk), person_of(request)
    if not permissions.can_return_part(user, part.plan, part):
        raise PermissionDenied
    form = CommentForm(request.POST or None, initial={"version": part.version})
    status = attempt(
        request, form, lambda: plan_moves.return_part(part.pk, by=user, **form.new_values())
    )
    if not status:
        back = part.plan.get_absolute_url()
        return saved(request, _("Returned"), event=EVENT, back=back)
    title = _("Return the plan of %(manager)s") % {"manager": part.manager}
    return dialog(request, form, title=title, submit=_("Return"), status=status)


@require_POST
def plan_part_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """A head submits the sector that the part belongs to."""
    part, user, today = _visible_part(request, pk), person_of(request), timezone.localdate()
    plan, unit, version = part.plan, part.org_unit_id, sent_version(request)
    return pressed(
        request,
        lambda: plan_moves.submit_unit(plan.pk, unit, by=user, version=version, today=today),
        _("The plan of the sector is submitted."),
        event=EVENT,
        back=plan.get_absolute_url(),
    )


@require_POST
def plan_send(request: HttpRequest, pk: int) -> HttpResponse:
    """The head of the department sends the plan to the director."""
    plan, user, today = visible_plan(request, pk), person_of(request), timezone.localdate()
    version = sent_version(request)
    return pressed(
        request,
        lambda: plan_moves.send_plan(plan.pk, by=user, version=version, today=today),
        _("Sent to the director"),
        event=EVENT,
        back=plan.get_absolute_url(),
    )


@require_http_methods(READ_AND_WRITE)
def plan_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a correction of what holds."""
    plan, user = visible_plan(request, pk), person_of(request)
    if not permissions.can_correct_plan(user, plan):
        raise PermissionDenied
    form = CommentForm(request.POST or None, initial={"version": plan.version})
    made: list[Any] = []

    def write() -> None:
        made.append(plan_moves.correct_plan(plan.pk, by=user, **form.new_values()))

    status = attempt(request, form, write)
    if not status:
        return move_on(request, made[0].get_absolute_url())
    text = _("A new version is made; the old one holds until the director approves the new one.")
    title = _("Correct the plan")
    return dialog(request, form, title=title, text=text, submit=_("Correct"), status=status)


@require_http_methods(READ_AND_WRITE)
def plan_target(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the sums of the department, a sector or a manager from above."""
    plan, user = visible_plan(request, pk), person_of(request)
    if not permissions.sets_targets(user, plan):
        raise PermissionDenied
    form = TargetForm(request.POST or None, initial=_target_of(request, plan))

    def write() -> None:
        wanted, version = form.wanted(), form.cleaned_data["version"]
        plan_targets.set_target(plan.pk, form.whose(), wanted, by=user, version=version)

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=plan.get_absolute_url())
    text = _("An empty sum is not asked for. Spread it afterwards, or let the people fill it.")
    title = _("Sums from above")
    return dialog(request, form, title=title, text=text, submit=_("Set"), status=status)


@require_http_methods(READ_AND_WRITE)
def plan_spread(request: HttpRequest, pk: int) -> HttpResponse:
    """Share a sum out one level down."""
    plan, user = visible_plan(request, pk), person_of(request)
    if user.role not in permissions.SPREADERS or not plan.is_editable:
        raise PermissionDenied
    form = SpreadForm(request.POST or None, initial=_whose(request, plan))
    count: list[int] = []

    def write() -> None:
        values = {name: form.cleaned_data[name] for name in ("version", "basis")}
        count.append(plan_targets.spread_target(plan.pk, form.whose(), by=user, **values))

    status = attempt(request, form, write)
    if not status:
        text = ngettext("Spread over %(count)s row", "Spread over %(count)s rows", count[0])
        words = text % {"count": count[0]}
        return saved(request, words, event=EVENT, back=plan.get_absolute_url())
    text = _("Sectors and managers get sums from above, clients get their plan: it is overwritten.")
    title = pgettext("plan", "Spread")
    return dialog(request, form, title=title, text=text, submit=title, status=status)


@require_http_methods(READ_AND_WRITE)
def plan_explain(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why less than the norm was carried out."""
    plan, user, today = visible_plan(request, pk), person_of(request), timezone.localdate()
    if user.role not in permissions.FILLERS or not plan.is_in_force:
        raise PermissionDenied
    asked = {name: request.GET.get(name) for name in ("manager", "client")}
    form = ExplainForm(request.POST or None, initial=asked)

    status = attempt(
        request,
        form,
        lambda: plan_explanations.explain(plan.pk, **form.new_values(), by=user, today=today),
    )
    if not status:
        return saved(request, _("Written"), event=EVENT, back=plan.get_absolute_url())
    whose = [whole_number(str(form[name].value() or "")) for name in asked]
    text, title = asked_about(user, plan, *whose), _("Explain plan performance")
    return dialog(request, form, title=title, text=text, submit=_("Send"), status=status)


@require_http_methods(READ_AND_WRITE)
def plan_explanation_judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether an explanation is justified."""
    user = person_of(request)
    rows = PlanExplanation.objects.visible_to(user).select_related("plan", "manager", "client")
    row = get_object_or_404(rows, pk=pk)
    if not permissions.can_judge_explanation(user, row):
        raise PermissionDenied
    form = JudgeForm(request.POST or None, initial={"version": row.version})
    status = attempt(
        request,
        form,
        lambda: plan_explanations.judge_explanation(pk, by=user, **form.new_values()),
    )
    if not status:
        return saved(request, _("Judged"), event=EVENT, back=row.plan.get_absolute_url())
    title = _("Judge the explanation: %(who)s") % {"who": row.client or row.manager}
    text = f"{execution_in_words(row.plan, row.manager_id, row.client_id)} {row.reason}"
    return dialog(request, form, title=title, text=text, submit=_("Save"), status=status)


def _visible_part(request: HttpRequest, pk: int) -> Any:
    rows = PlanPart.objects.visible_to(person_of(request)).select_related(
        "plan__org_unit", "manager"
    )
    return get_object_or_404(rows, pk=pk)


def _whose(request: HttpRequest, plan: Any) -> dict[str, Any]:
    """Of whom the address asks: a manager, else a unit, else the department."""
    manager = whole_number(request.GET.get("manager"))
    unit = None if manager else whole_number(request.GET.get("unit")) or plan.org_unit_id
    return {"manager": manager, "unit": unit, "version": plan.version}


def _target_of(request: HttpRequest, plan: Any) -> dict[str, Any]:
    asked = _whose(request, plan)
    row = PlanTarget.objects.filter(
        plan=plan, org_unit=asked["unit"], manager=asked["manager"]
    ).first()
    return asked | {name: getattr(row, name, None) for name in METRICS}
