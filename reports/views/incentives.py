"""Incentive sheets: the month, one sheet, rewards and reductions, what the employee says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, asked, pressed_on
from crm.lists import render_list
from crm.web import person_of, sent_version
from reports.actions import incentive_lines as lines
from reports.actions import incentive_moves as moves
from reports.actions.incentive_drafts import recount_sheet
from reports.forms.incentives import DecisionForm, ObjectionForm
from reports.lists.incentives import SHEETS
from reports.models import IncentiveDecision, IncentiveSheet
from reports.pages.incentives import SheetPage
from reports.permissions import incentives as permissions

EVENT = "incentive-changed"
PEOPLE = ("employee", "org_unit", "superior", "scheme", "decided_by", "approved_by", "transfer")


@require_safe
def incentive_list(request: HttpRequest) -> HttpResponseBase:
    """The register: the month of a head, everything of one's own."""
    user = person_of(request)
    if not permissions.can_see_sheets(user):
        raise PermissionDenied
    context = {
        "may_see_schemes": permissions.can_see_schemes(user),
        "may_send": permissions.can_send_to_payroll(user),
    }
    rows = IncentiveSheet.objects.visible_to(user).for_list()
    return render_list(request, SHEETS, rows, context=context)


@require_safe
def incentive_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet, explained line by line."""
    row = _visible(request, pk)
    page = SheetPage(row, person_of(request), timezone.localdate())
    return render(request, "reports/incentive_detail.html", {"row": row, "page": page})


@require_safe
def incentive_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what: for whoever decides."""
    row = _visible(request, pk)
    if row.employee_id == person_of(request).pk:
        raise PermissionDenied
    return render_history(request, row, hidden={"calculation"}, parts=[row.decisions.all()])


@require_http_methods(READ_AND_WRITE)
def incentive_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a reward or a reduction."""
    user, row = person_of(request), _to_decide(request, pk)
    form = DecisionForm(
        request.POST or None,
        sheet=row,
        indirect=not permissions.is_direct(user, row),
        initial={"version": row.version},
    )

    def write() -> None:
        version, today = form.new_values()["version"], timezone.localdate()
        lines.add_decision(pk, form.wanted(), by=user, version=version, today=today)

    title, done, submit = _("Reward or reduction"), _("Added"), _("Add")
    return asked(request, row, form, write, event=EVENT, done=done, title=title, submit=submit)


@require_POST
def incentive_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a reward or a reduction back."""
    found = IncentiveDecision.objects.visible_to(person_of(request)).select_related("sheet")
    line = get_object_or_404(found, pk=pk)
    row = _to_decide(request, line.sheet_id)
    return _press(request, row, lambda **more: lines.withdraw_decision(pk, **more), _("Taken back"))


@require_POST
def incentive_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the sheet to the director as it stands."""
    row, today = _judged(request, pk), timezone.localdate()
    return _press(
        request, row, lambda **more: moves.decide_sheet(pk, today=today, **more), _("Sent")
    )


@require_POST
def incentive_recount(request: HttpRequest, pk: int) -> HttpResponse:
    """Count an open sheet anew."""
    row, today = _to_decide(request, pk), timezone.localdate()
    return _press(
        request, row, lambda **more: recount_sheet(pk, today=today, **more), _("Recalculated")
    )


@require_POST
def incentive_agree(request: HttpRequest, pk: int) -> HttpResponse:
    """The employee has read the own sheet."""
    row = _own(request, pk)
    return _press(
        request, row, lambda **more: moves.acknowledge_sheet(pk, **more), _("Acknowledged")
    )


@require_http_methods(READ_AND_WRITE)
def incentive_object(request: HttpRequest, pk: int) -> HttpResponse:
    """The employee does not agree."""
    row, today = _own(request, pk), timezone.localdate()
    form = ObjectionForm(request.POST or None, initial={"version": row.version})

    def write() -> None:
        moves.object_to_sheet(pk, by=person_of(request), today=today, **form.new_values())

    title, done, submit = _("Objection to the sheet"), _("Sent to the head"), _("Object")
    return asked(request, row, form, write, event=EVENT, done=done, title=title, submit=submit)


def _press(
    request: HttpRequest, row: IncentiveSheet, action: Callable[..., Any], text: str
) -> HttpResponse:
    by, version = person_of(request), sent_version(request)
    return pressed_on(request, row, lambda: action(by=by, version=version), text, event=EVENT)


def _own(request: HttpRequest, pk: int) -> IncentiveSheet:
    """One's own sheet; 403 for anybody else's that is seen."""
    row = _visible(request, pk)
    if row.employee_id != person_of(request).pk:
        raise PermissionDenied
    return row


def _judged(request: HttpRequest, pk: int) -> IncentiveSheet:
    """A sheet whose head the person is."""
    row = _visible(request, pk)
    if not permissions.judges(person_of(request), row):
        raise PermissionDenied
    return row


def _to_decide(request: HttpRequest, pk: int) -> IncentiveSheet:
    """An open sheet whose head the person is."""
    row = _visible(request, pk)
    if not permissions.can_decide_sheet(person_of(request), row):
        raise PermissionDenied
    return row


def _visible(request: HttpRequest, pk: int) -> IncentiveSheet:
    """404 for one that is not seen."""
    rows = IncentiveSheet.objects.visible_to(person_of(request)).select_related(*PEOPLE)
    row: IncentiveSheet = get_object_or_404(rows, pk=pk)
    return row
