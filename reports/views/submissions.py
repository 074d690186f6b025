"""The catalogue of internal reports: calendar, handing in, accepting; its entries."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.lists import render_list
from crm.web import person_of, sent_version
from reports.actions import report_catalogue
from reports.actions import submissions as actions
from reports.forms.submissions import DefinitionForm, ReturnForm, SubmitForm
from reports.lists.submissions import SUBMISSIONS, late_by, state_chip
from reports.models import ReportDefinition, ReportSubmission
from reports.permissions import submissions as permissions

EVENT = "submissions-changed"
CATALOGUE = "/submissions/catalogue/"


@require_safe
def submission_list(request: HttpRequest) -> HttpResponseBase:
    """What is due of whom, handed in, late."""
    user = person_of(request)
    rows = ReportSubmission.objects.visible_to(user).for_list()
    return render_list(request, SUBMISSIONS, rows)


@require_safe
def submission_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One report of one period."""
    row, user = visible_submission(request, pk), person_of(request)
    context = {
        "row": row,
        "chip": state_chip(row),
        "late": late_by(row),
        "may_submit": permissions.can_submit(user, row),
        "may_decide": permissions.can_decide(user, row),
    }
    return render(request, "reports/submission_detail.html", context)


@require_safe
def submission_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who handed it in, accepted or returned it."""
    return render_history(request, visible_submission(request, pk))


@require_http_methods(READ_AND_WRITE)
def submission_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand it in."""
    row, user, today = visible_submission(request, pk), person_of(request), timezone.localdate()
    if not permissions.is_author(user, row):
        raise PermissionDenied
    form = SubmitForm(request.POST or None, row=row)
    status = attempt(
        request,
        form,
        lambda: actions.submit_report(pk, by=user, today=today, **form.values()),
    )
    if not status:
        return saved(request, _("Handed in"), event=EVENT, back=row.get_absolute_url())
    title, submit = _("Hand in the report"), _("Hand in")
    return dialog(request, form, title=title, submit=submit, status=status, text=str(row))


@require_POST
def submission_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept it."""
    row, user, today = _received(request, pk), person_of(request), timezone.localdate()
    version = sent_version(request)
    return pressed(
        request,
        lambda: actions.accept_report(pk, by=user, version=version, today=today),
        _("Accepted"),
        event=EVENT,
        back=row.get_absolute_url(),
    )


@require_http_methods(READ_AND_WRITE)
def submission_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it back."""
    row, user, today = _received(request, pk), person_of(request), timezone.localdate()
    form = ReturnForm(request.POST or None, initial={"version": row.version})
    status = attempt(
        request,
        form,
        lambda: actions.return_report(pk, by=user, today=today, **form.cleaned_data),
    )
    if not status:
        return saved(request, _("Returned"), event=EVENT, back=row.get_absolute_url())
    title, submit = _("Return the report"), _("Return it")
    return dialog(request, form, title=title, submit=submit, status=status, text=str(row))


@require_safe
def report_catalogue_page(request: HttpRequest) -> HttpResponse:
    """Which reports are due when."""
    may_edit = permissions.can_edit_catalogue(person_of(request))
    context = {"rows": ReportDefinition.objects.all(), "may_edit": may_edit}
    return render(request, "reports/report_catalogue.html", context)


@require_http_methods(READ_AND_WRITE)
def definition_create(request: HttpRequest) -> HttpResponse:
    """A new report of the catalogue."""
    return _definition(request, None)


@require_http_methods(READ_AND_WRITE)
def definition_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another day, author or recipient."""
    rows = ReportDefinition.objects.visible_to(person_of(request))
    return _definition(request, get_object_or_404(rows, pk=pk))


def _definition(request: HttpRequest, row: ReportDefinition | None) -> HttpResponse:
    user = person_of(request)
    if not permissions.can_edit_catalogue(user):
        raise PermissionDenied
    form = DefinitionForm(request.POST or None, row=row)

    def write() -> None:
        stamp, pk = form.cleaned_data["version"], row.pk if row else None
        report_catalogue.save_definition(pk, by=user, version=stamp, values=form.values())

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=CATALOGUE)
    title = _("Report of the catalogue")
    return dialog(request, form, title=title, submit=_("Save"), status=status)


def visible_submission(request: HttpRequest, pk: int) -> ReportSubmission:
    """One that concerns the person, else 404."""
    rows = ReportSubmission.objects.visible_to(person_of(request)).for_list()
    row: ReportSubmission = get_object_or_404(rows.select_related("decided_by"), pk=pk)
    return row


def _received(request: HttpRequest, pk: int) -> ReportSubmission:
    row = visible_submission(request, pk)
    if not permissions.is_recipient(person_of(request), row):
        raise PermissionDenied
    return row
