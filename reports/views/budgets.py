"""The cost budget: plan and fact, one budget with its grid, its way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.history_view import render_history
from crm.accounts.models import User
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed_on
from crm.errors import RuleViolation
from crm.lists.state import NOT_KNOWN, Problem
from crm.money import format_number
from crm.web import move_on, person_of, sent_version, whole_number
from reports.actions import budget_drafts, budget_moves
from reports.actions.budget_cells import read_amount, save_budget_cells, shown_amount
from reports.forms.costs import CorrectForm, DrawUpForm
from reports.forms.dashboards import chosen_number, chosen_unit
from reports.models import Budget, BudgetLine
from reports.pages.budget_grid import BudgetGridPage
from reports.pages.budgets import SO_FAR, SPANS, Asked, BudgetPage
from reports.permissions import costs as permissions
from reports.queries.department import units_for
from reports.views.plan_grid import answer_of, sent_cells

EVENT = "budget-changed"


@require_safe
def budget(request: HttpRequest) -> HttpResponse:
    """Plan and fact by item; an item opened by month; the year by month; 400 for other choices."""
    asked = _asked(request)
    status = 400 if asked.problems else 200
    return render(request, "reports/budget.html", {"page": BudgetPage(asked)}, status=status)


def _asked(request: HttpRequest) -> Asked:
    user, today, given = person_of(request), timezone.localdate(), request.GET
    if not permissions.can_see_budget(user):
        raise PermissionDenied
    units = units_for(user)
    span, view = given.get("months", "").strip(), given.get("view", "").strip()
    problems = [] if span in {"", *SPANS} else [Problem("months", f"{_('Period')}: {NOT_KNOWN}")]
    if view not in {"", "months"}:
        problems.append(Problem("view", f"{_('View')}: {NOT_KNOWN}"))
    return Asked(
        user=user,
        today=today,
        year=_year(given.get("year"), today.year),
        span=span if span in SPANS else SO_FAR,
        problems=tuple(problems),
        unit=chosen_unit(units, given.get("unit")),
        units=units,
        opened=chosen_number(given.get("open")),
        by_month=view == "months",
    )


def _year(text: str | None, this: int) -> int:
    number = chosen_number(text) or this
    if not 2000 <= number <= this + 1:
        raise BadRequest("year")
    return number


@require_http_methods(READ_AND_WRITE)
def budget_draw_up(request: HttpRequest) -> HttpResponse:
    """Draw up the budget of a department and year."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.draws_up_budgets(user):
        raise PermissionDenied
    form = DrawUpForm(request.POST or None, user=user, today=today)
    made: list[Budget] = []

    def write() -> None:
        values = form.new_values()
        unit = values.pop("org_unit")
        made.append(budget_drafts.draw_up_budget(unit.pk, **values, by=user, today=today))

    status = attempt(request, form, write)
    if not status:
        return move_on(request, made[0].get_absolute_url())
    title = _("Draw up a budget")
    return dialog(request, form, title=title, submit=_("Draw up"), status=status)


@require_safe
def budget_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One budget: its way, and the grid, to be typed until it is sent."""
    row = visible_budget(request, pk)
    unit = whole_number(request.GET.get("unit"))
    page = BudgetGridPage(row, person_of(request), timezone.localdate(), unit)
    return render(request, "reports/budget_detail.html", {"budget": row, "page": page})


@require_safe
def budget_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what."""
    row, user = visible_budget(request, pk), person_of(request)
    parts = [BudgetLine.objects.visible_to(user).filter(budget=row)]
    return render_history(request, row, parts=parts)


@require_POST
def budget_cells(request: HttpRequest, pk: int) -> HttpResponse:
    """Save a batch of cells, whole or not at all; tell which ones stand in the way and why."""
    row, user = visible_budget(request, pk), person_of(request)
    if not permissions.heads_budget(user, row):
        raise PermissionDenied
    cells = sent_cells(request)
    if cells is None:
        return JsonResponse({"text": _("The cells could not be read.")}, status=422)
    try:
        outcome = save_budget_cells(row.pk, cells, by=user)
    except RuleViolation as refusal:
        return JsonResponse({"text": str(refusal)}, status=refusal.status)
    return JsonResponse(answer_of(outcome, _line, _spoken), status=outcome.status)


def _line(line: BudgetLine) -> dict[str, Any]:
    text = format_number(line.amount, 2) if line.amount else ""
    return {"line": line.pk, "values": {line.field: [shown_amount(line.amount), text]}}


def _spoken(_name: str, text: str) -> str:
    """A value in words; what is no amount stays as it was sent."""
    if not text:
        return _("nothing")
    try:
        return format_number(read_amount(text), 2)
    except RuleViolation:
        return text


@require_POST
def budget_add_lines(request: HttpRequest, pk: int) -> HttpResponse:
    """Lines of items and sectors that came later."""
    return _press(request, pk, budget_drafts.add_missing_lines, _("Items updated"))


@require_POST
def budget_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it to the director."""
    today = timezone.localdate()

    def send(budget_id: int, *, by: User, version: int) -> Budget:
        return budget_moves.send_budget(budget_id, by=by, version=version, today=today)

    return _press(request, pk, send, _("Sent to the director"))


@require_http_methods(READ_AND_WRITE)
def budget_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next revision of a budget that holds."""
    row, user = visible_budget(request, pk), person_of(request)
    if not permissions.can_correct_budget(user, row):
        raise PermissionDenied
    form = CorrectForm(request.POST or None, initial={"version": row.version})
    made: list[Budget] = []
    status = attempt(
        request,
        form,
        lambda: made.append(budget_drafts.correct_budget(pk, by=user, **form.new_values())),
    )
    if not status:
        return move_on(request, made[0].get_absolute_url())
    title = _("Correct the budget")
    return dialog(request, form, title=title, submit=_("Begin"), status=status)


def _press(request: HttpRequest, pk: int, action: Callable[..., Any], text: str) -> HttpResponse:
    row, user, version = visible_budget(request, pk), person_of(request), sent_version(request)
    may = permissions.heads_budget(user, row)
    return pressed_on(
        request, row, lambda: action(pk, by=user, version=version), text, event=EVENT, may=may
    )


def visible_budget(request: HttpRequest, pk: int) -> Budget:
    """404 for one that is not seen."""
    rows = Budget.objects.visible_to(person_of(request))
    row: Budget = get_object_or_404(rows.for_list(), pk=pk)
    return row
