"""How loaded the staff is, and the facts about one employee for the heads (RP-09)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.models import User
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed_on, saved
from crm.web import is_fragment, person_of
from reports import registry
from reports.actions import staff as actions
from reports.forms.staff import StaffNoteForm
from reports.models import StaffNote
from reports.pages.report import ReportPage
from reports.permissions import staff as permissions
from reports.permissions.pages import can_see_department
from reports.queries.staff import StaffFacts
from reports.views.reports import report_file

EVENT = "staff-changed"


@require_safe
def workload(request: HttpRequest) -> HttpResponseBase:
    """Clients, contacts, work and claims by manager; 400 for a wrong address."""
    user = person_of(request)
    if not can_see_department(user):
        raise PermissionDenied
    page = ReportPage(registry.get("workload"), request)
    if page.export in ("xlsx", "csv") and page.result is not None:
        return report_file(request, page)
    fragment = is_fragment(request)
    status = (422 if fragment else 400) if page.refused else 200
    template = "reports/_report.html" if fragment else "reports/workload.html"
    context = {"page": page, "sees_notes": permissions.can_see_notes(user)}
    response = render(request, template, context, status=status)
    if fragment:
        response["HX-Push-Url"] = page.url()
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def staff_facts(request: HttpRequest, pk: int) -> HttpResponse:
    """Development and evaluation of a person below; part of the card of the person."""
    user, person = person_of(request), _person(request, pk)
    facts = StaffFacts(person, user, timezone.localdate())
    context = {
        "person": person,
        "facts": facts,
        "sees_notes": permissions.can_see_notes(user),
        "may_note": permissions.can_note_staff(user, person),
    }
    template = "reports/_staff_facts.html" if is_fragment(request) else "reports/staff_facts.html"
    return render(request, template, context)


@require_http_methods(READ_AND_WRITE)
def staff_note_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a course, a candidate of the reserve or a recommendation."""
    user, person, today = person_of(request), _person(request, pk), timezone.localdate()
    if not permissions.can_note_staff(user, person):
        raise PermissionDenied
    form, made = StaffNoteForm(request.POST or None, today=today), []

    def write() -> None:
        made.append(actions.note_staff(pk, by=user, today=today, **form.new_values()))

    status = attempt(request, form, write)
    if not status:
        undo = reverse("reports:staff_note_withdraw", args=[made[0].pk]) if made else ""
        back = person.get_absolute_url()
        return saved(request, _("Noted"), event=EVENT, back=back, undo=undo)
    title = _("Training, reserve, recommendation: %(who)s") % {"who": person.short_name}
    return dialog(request, form, title=title, submit=_("Save"), status=status, record=person)


@require_POST
def staff_note_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a note back."""
    user, now = person_of(request), timezone.now()
    rows = StaffNote.objects.visible_to(user).select_related("employee")
    note = get_object_or_404(rows, pk=pk)
    return pressed_on(
        request,
        note,
        lambda: actions.withdraw_note(pk, by=user, now=now),
        _("The note was taken back"),
        event=EVENT,
        may=permissions.can_note_staff(user, note.employee),
    )


def _person(request: HttpRequest, pk: int) -> User:
    """A person below the reader; 404 for nobody, 403 for anybody else."""
    user = person_of(request)
    person: User = get_object_or_404(User.objects.visible_to(user), pk=pk)
    if not permissions.can_see_staff(user, person):
        raise PermissionDenied
    return person
