"""Registration sheets: the register, one sheet with its draft, the tab of the card."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clients import permissions
from clients.actions import sheets as actions
from clients.forms.registration import SheetForm
from clients.lists.sheets import sheets_for
from clients.models import RegistrationSheet, SheetState
from clients.pages.sheets import SheetPage, SheetsOfClient
from clients.sheets.sheet_history import answers_reader
from clients.views.answers import visible_client
from crm.accounts.history_view import render_history
from crm.accounts.models import User
from crm.accounts.scope import scope_of
from crm.dialogs import beside_its_field
from crm.errors import RuleViolation
from crm.lists import render_list
from crm.web import is_fragment, move_on, person_of


@require_safe
def sheet_list(request: HttpRequest) -> HttpResponseBase:
    """The register of sheets."""
    user = person_of(request)
    if not permissions.can_see_sheets(user):
        raise PermissionDenied
    rows = RegistrationSheet.objects.visible_to(user).counted()
    summed = RegistrationSheet.objects.in_sums_of(user).counted()
    # Those of one campaign stand together in the index of days.
    of_few = not scope_of(user).everything and not request.GET.get("campaign")
    if of_few:
        rows = summed.with_due_day()
    return render_list(request, sheets_for(user, of_few=of_few), rows, summed=summed)


@require_safe
def sheet_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet: its draft for those who fill it in, its answers for everybody else."""
    return _page(request, visible_sheet(request, pk))


@require_safe
def sheet_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did what with the sheet, each answer from → to."""
    sheet = visible_sheet(request, pk)
    return render_history(request, sheet, **_history_words(sheet))


def _history_words(sheet: RegistrationSheet) -> dict[str, Any]:
    """How the history of a sheet is read: its answers one by one, not their count."""
    inside = {"answers": answers_reader(sheet)}
    return {"hidden": {"required_count", "filled_count"}, "inside": inside}


@require_safe
def sheets_tab(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheets of a client."""
    user, client = person_of(request), visible_client(request, pk)
    if not permissions.sees_all_fields(user):
        raise PermissionDenied
    context = {"client": client, "page": SheetsOfClient(client, user)}
    return render(request, "clients/_sheet_tab.html", context)


@require_POST
def sheet_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the draft as it is typed; what cannot be read is named at its field, nothing is kept."""
    if _came_too_late(request, pk):
        return HttpResponse(status=204)
    sheet, user, form, status = _sent(request, pk)
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            sheet = actions.save_sheet(pk, form.answers(), by=user, version=version)
        except RuleViolation as refusal:
            status = beside_its_field(form, refusal)
    status = status if form.errors else 200
    if is_fragment(request):
        return _saved(request, sheet, form, status)
    if form.errors:
        return _page(request, sheet, form, status)
    return move_on(request, sheet.get_absolute_url())


def _came_too_late(request: HttpRequest, pk: int) -> bool:
    """The last change of a field tells itself when the person has handed the sheet in with it."""
    sheet, user = visible_sheet(request, pk), person_of(request)
    handed_in = sheet.state == SheetState.SUBMITTED and sheet.submitted_by_id == user.pk
    return is_fragment(request) and handed_in


def _saved(
    request: HttpRequest, sheet: RegistrationSheet, form: SheetForm, status: int
) -> HttpResponse:
    """What the page changes of itself after a draft: never the fields, people go on typing."""
    page = SheetPage(sheet, person_of(request), timezone.localdate(), form)
    context = {"sheet": sheet, "page": page, "saved_at": timezone.now(), "failed": status != 200}
    return render(request, "clients/_sheet_saved.html", context, status=status)


@require_POST
def sheet_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand it in to be checked; what is missing is named at its field."""
    sheet, user, form, status = _sent(request, pk)
    if form.is_valid():
        version, now = form.cleaned_data["version"] or 0, timezone.now()
        try:
            actions.submit_sheet(pk, form.answers(), by=user, version=version, now=now)
        except actions.Incomplete as refusal:
            form.name_missing(refusal.codes)
        except RuleViolation as refusal:
            status = beside_its_field(form, refusal)
        else:
            return move_on(request, sheet.get_absolute_url())
    return _page(request, sheet, form, status)


def _sent(request: HttpRequest, pk: int) -> tuple[RegistrationSheet, User, SheetForm, int]:
    """The sheet, who fills it in, what was typed, and the status of a refusal."""
    sheet, user = visible_sheet(request, pk), person_of(request)
    page = SheetPage(sheet, user, timezone.localdate())
    if not page.may_fill:
        raise PermissionDenied(actions.why_not_filled(sheet))
    form = SheetForm(request.POST, questions=page.questions, answers={})
    form.history_words = _history_words(sheet)
    return sheet, user, form, 422


def _page(
    request: HttpRequest, sheet: RegistrationSheet, form: SheetForm | None = None, status: int = 200
) -> HttpResponse:
    page = SheetPage(sheet, person_of(request), timezone.localdate(), form)
    context = {"sheet": sheet, "page": page, "failed": status != 200}
    return render(request, "clients/sheet_detail.html", context, status=status)


def visible_sheet(request: HttpRequest, pk: int) -> RegistrationSheet:
    """The sheet with the names that its page shows; 404 for one that is not seen."""
    rows = RegistrationSheet.objects.visible_to(person_of(request)).for_page()
    sheet: RegistrationSheet = get_object_or_404(rows, pk=pk)
    return sheet
