"""Target tasks: the register, one of them, drawing up, setting, reporting, accepting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, asked, attempt, dialog, pressed_on, saved
from crm.forms import VersionForm
from crm.lists import render_list
from crm.web import person_of, sent_version
from reports import permissions
from reports.actions import targets as actions
from reports.forms.targets import (
    AcceptForm,
    AnswerForm,
    EditTaskForm,
    NewTaskForm,
    ReportTaskForm,
    ReturnForm,
)
from reports.lists.targets import TARGETS
from reports.models import TargetTask
from reports.pages.targets import TargetPage
from reports.parameters import month_end, month_start

EVENT = "target-changed"


@require_safe
def target_list(request: HttpRequest) -> HttpResponseBase:
    """The register."""
    user = person_of(request)
    if not permissions.can_see_tasks(user):
        raise PermissionDenied
    rows = TargetTask.objects.visible_to(user).for_list()
    context = {"may_set": permissions.can_set_tasks(user)}
    return render_list(request, TARGETS, rows, context=context)


@require_safe
def target_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One task, and the others of the owner's month with the result so far."""
    row = _visible(request, pk)
    page = TargetPage(row, person_of(request))
    return render(request, "reports/target_detail.html", {"row": row, "page": page})


@require_safe
def target_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what."""
    return render_history(request, _visible(request, pk))


@require_http_methods(READ_AND_WRITE)
def target_create(request: HttpRequest) -> HttpResponse:
    """Draw up a task of a person."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_set_tasks(user):
        raise PermissionDenied
    first = {"month": month_start(today), "due_on": month_end(today), "idempotency_key": uuid4()}
    form = NewTaskForm(request.POST or None, user=user, initial=first)

    def write() -> None:
        owner, month, task = form.planned()
        key = form.cleaned_data["idempotency_key"]
        actions.draw_up_task(owner, month, task, by=user, today=today, key=key)

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("Drawn up"), event=EVENT, back=reverse("reports:target_list"))
    return dialog(request, form, title=_("New target task"), submit=_("Draw up"), status=status)


@require_http_methods(READ_AND_WRITE)
def target_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a draft."""
    row = _of_setter(request, pk)
    names = ("name", "measure", "weight", "plan", "unit", "due_on", "version")
    form = EditTaskForm(request.POST or None, initial={one: getattr(row, one) for one in names})

    def write() -> object:
        version, today = form.new_values()["version"], timezone.localdate()
        by = person_of(request)
        return actions.edit_task(pk, form.task(), by=by, version=version, today=today)

    return _in_dialog(request, form, row, write, _("Save"))


@require_POST
def target_set(request: HttpRequest, pk: int) -> HttpResponse:
    """Set all drafts of the owner's month."""
    return _press(request, _of_setter(request, pk), actions.set_tasks, _("Target task set"))


@require_POST
def target_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft comes to nothing."""
    return _press(request, _of_setter(request, pk), actions.drop_task, _("Dropped"))


@require_http_methods(READ_AND_WRITE)
def target_report(request: HttpRequest, pk: int) -> HttpResponse:
    """What was reached and what proves it."""
    row = _visible(request, pk)
    if row.owner_id != person_of(request).pk:
        raise PermissionDenied
    initial = {"version": row.version, "fact": row.fact, "evidence": row.evidence}
    form: VersionForm = ReportTaskForm(request.POST or None, initial=initial)
    if row.measure:
        form = AnswerForm(request.POST or None, initial={"version": row.version})
    write = _calling(request, form, row, actions.report_task)
    return _in_dialog(request, form, row, write, pgettext("button", "Report"))


@require_http_methods(READ_AND_WRITE)
def target_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """What was reported counts."""
    row = _of_setter(request, pk)
    form = AcceptForm(request.POST or None, initial={"version": row.version})
    write = _calling(request, form, row, actions.accept_task)
    return _in_dialog(request, form, row, write, _("Accept"))


@require_http_methods(READ_AND_WRITE)
def target_return(request: HttpRequest, pk: int) -> HttpResponse:
    """What was reported is to be told anew."""
    row = _of_setter(request, pk)
    form = ReturnForm(request.POST or None, initial={"version": row.version})
    write = _calling(request, form, row, actions.return_task)
    return _in_dialog(request, form, row, write, _("Return"))


def _calling(
    request: HttpRequest, form: VersionForm, row: TargetTask, action: Callable[..., Any]
) -> Callable[[], object]:
    return lambda: action(row.pk, by=person_of(request), **form.new_values())


def _in_dialog(
    request: HttpRequest,
    form: forms.Form,
    row: TargetTask,
    write: Callable[[], object],
    submit: str,
) -> HttpResponse:
    return asked(request, row, form, write, event=EVENT, done=_("Saved"), submit=submit)


def _press(
    request: HttpRequest, row: TargetTask, action: Callable[..., Any], text: str
) -> HttpResponse:
    by, version = person_of(request), sent_version(request)
    return pressed_on(
        request, row, lambda: action(row.pk, by=by, version=version), text, event=EVENT
    )


def _of_setter(request: HttpRequest, pk: int) -> TargetTask:
    """A visible task of somebody whose tasks the person may set; 403 otherwise."""
    row = _visible(request, pk)
    if not permissions.can_set_tasks_of(person_of(request), row.owner):
        raise PermissionDenied
    return row


def _visible(request: HttpRequest, pk: int) -> TargetTask:
    """404 for one that is not seen."""
    rows = TargetTask.objects.visible_to(person_of(request))
    people = ("owner", "org_unit", "set_by", "decided_by", "created_by")
    row: TargetTask = get_object_or_404(rows.select_related(*people), pk=pk)
    return row
