"""Meetings: the register, calling one, its agenda, minutes, decisions, signature and papers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import papers
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.lists import render_list
from crm.meetings import actions, agenda, minutes, permissions
from crm.meetings.forms import (
    CancelForm,
    DecisionForm,
    MeetingForm,
    MinutesForm,
    PointForm,
    ProblemsForm,
)
from crm.meetings.models import ActionItem, AgendaPoint, Meeting, Participant
from crm.meetings.pages import MeetingPage
from crm.meetings.tables import MEETINGS
from crm.people.forms import VersionForm
from crm.web import person_of

EVENT = "meeting-changed"


@require_safe
def meeting_list(request: HttpRequest) -> HttpResponseBase:
    """Meetings that the person holds, takes part in or oversees."""
    user = person_of(request)
    rows = Meeting.objects.visible_to(user).for_list()
    return render_list(request, MEETINGS, rows, context={"may_hold": permissions.can_hold(user)})


@require_http_methods(READ_AND_WRITE)
def create(request: HttpRequest) -> HttpResponse:
    """Call a meeting."""
    user, today, made = person_of(request), timezone.localdate(), []
    if not permissions.can_hold(user):
        raise PermissionDenied
    form = MeetingForm(request.POST or None, user=user)
    status = attempt(
        request,
        form,
        lambda: made.append(actions.call_meeting(form.call(), by=user, today=today)),
    )
    if not status:
        return redirect(made[0])
    return render(request, "meetings/form.html", {"form": form}, status=status)


@require_http_methods(READ_AND_WRITE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time, place, chair or other participants."""
    meeting, user, today = led_meeting(request, pk), person_of(request), timezone.localdate()
    form = MeetingForm(request.POST or None, user=user, meeting=meeting)

    def write() -> None:
        version = form.cleaned_data["version"]
        actions.change_meeting(pk, form.call(), by=user, version=version, today=today)

    status = attempt(request, form, write)
    if not status:
        return redirect(meeting)
    return render(request, "meetings/form.html", {"form": form, "meeting": meeting}, status=status)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting: people, agenda, minutes, decisions."""
    meeting = visible_meeting(request, pk)
    page = MeetingPage(meeting, person_of(request), timezone.now())
    return render(request, "meetings/detail.html", {"meeting": meeting, "page": page})


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what."""
    meeting = visible_meeting(request, pk)
    if not permissions.leads(person_of(request), meeting):
        raise PermissionDenied
    # Events, not rows: a decision that was taken out before the signature stays in the history.
    decisions: Any = ActionItem.pgh_event_model  # type: ignore[attr-defined]
    return render_history(request, meeting, parts=[decisions.objects.filter(meeting=meeting)])


@require_http_methods(READ_AND_WRITE)
def problems(request: HttpRequest, pk: int) -> HttpResponse:
    """Open problems of the unit, to be chosen for the agenda."""
    meeting, user, today = led_meeting(request, pk), person_of(request), timezone.localdate()
    found = agenda.problems(meeting.unit, user, today, actions.on_agenda(meeting))
    form = ProblemsForm(request.POST or None, found=found)

    def write() -> None:
        actions.add_problems(pk, by=user, chosen=form.chosen(), today=today)

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("Added"), event=EVENT, back=meeting.get_absolute_url())
    title, body = _("Open problems of the unit"), "meetings/_problem_fields.html"
    submit = _("Put on the agenda")
    return dialog(request, form, title=title, submit=submit, status=status, body=body)


@require_http_methods(READ_AND_WRITE)
def point_add(request: HttpRequest, pk: int) -> HttpResponse:
    """An own point."""
    meeting, user = led_meeting(request, pk), person_of(request)
    form = PointForm(request.POST or None)
    status = attempt(
        request, form, lambda: actions.add_point(pk, by=user, title=form.cleaned_data["title"])
    )
    if not status:
        return saved(request, _("Added"), event=EVENT, back=meeting.get_absolute_url())
    title = _("Point of the agenda")
    return dialog(request, form, title=title, submit=_("Put on the agenda"), status=status)


@require_POST
def point_move(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    point, user = led_point(request, pk), person_of(request)
    up = request.POST.get("way") != "down"
    back = point.meeting.get_absolute_url()
    return pressed(
        request,
        lambda: actions.move_point(pk, by=user, up=up),
        _("Moved"),
        event=EVENT,
        back=back,
    )


@require_POST
def point_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Off the agenda."""
    point, user = led_point(request, pk), person_of(request)
    back = point.meeting.get_absolute_url()
    return pressed(
        request,
        lambda: actions.drop_point(pk, by=user),
        _("Taken off the agenda"),
        event=EVENT,
        back=back,
    )


@require_http_methods(READ_AND_WRITE)
def point_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said about a point."""
    point, user = led_point(request, pk), person_of(request)
    given = {"text": point.minutes, "version": point.version}
    form = MinutesForm(request.POST or None, initial=given)
    status = attempt(request, form, lambda: actions.write_minutes(pk, by=user, **form.cleaned_data))
    back = point.meeting.get_absolute_url()
    if not status:
        return saved(request, _("Minutes saved"), event=EVENT, back=back)
    title = _("Minutes of the point")
    return dialog(request, form, title=title, submit=_("Save"), status=status, text=point.title)


@require_http_methods(READ_AND_WRITE)
def point_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """A decision about a point."""
    point, user, today = led_point(request, pk), person_of(request), timezone.localdate()
    form = DecisionForm(request.POST or None, point=point, today=today)
    status = attempt(
        request,
        form,
        lambda: actions.add_decision(pk, by=user, today=today, **form.cleaned_data),
    )
    back = point.meeting.get_absolute_url()
    if not status:
        return saved(request, _("Decision recorded"), event=EVENT, back=back)
    title, submit = _("Decision"), _("Record the decision")
    return dialog(request, form, title=title, submit=submit, status=status, text=point.title)


@require_POST
def decision_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision out of the minutes."""
    user = person_of(request)
    decision = get_object_or_404(ActionItem.objects.visible_to(user), pk=pk)
    meeting = led_meeting(request, decision.meeting_id)
    return pressed(
        request,
        lambda: actions.drop_decision(pk, by=user),
        _("Decision taken out"),
        event=EVENT,
        back=meeting.get_absolute_url(),
    )


@require_POST
def participant_absent(request: HttpRequest, pk: int) -> HttpResponse:
    """Note who did not come."""
    user = person_of(request)
    one = get_object_or_404(Participant.objects.visible_to(user), pk=pk)
    meeting = led_meeting(request, one.meeting_id)
    absent = request.POST.get("absent") == "1"
    return pressed(
        request,
        lambda: actions.mark_absent(pk, by=user, was_absent=absent),
        _("Noted"),
        event=EVENT,
        back=meeting.get_absolute_url(),
    )


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the minutes."""
    meeting, user, now = visible_meeting(request, pk), person_of(request), timezone.now()
    if user.pk != meeting.chair_id:
        raise PermissionDenied
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    return pressed(
        request,
        lambda: actions.sign_minutes(pk, by=user, version=version, now=now),
        _("Minutes signed, decisions given to their assignees"),
        event=EVENT,
        back=meeting.get_absolute_url(),
    )


@require_http_methods(READ_AND_WRITE)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """It does not take place."""
    meeting, user = led_meeting(request, pk), person_of(request)
    form = CancelForm(request.POST or None, initial={"version": meeting.version})
    status = attempt(
        request, form, lambda: actions.cancel_meeting(pk, by=user, **form.cleaned_data)
    )
    if not status:
        done = pgettext("meeting", "Cancelled")
        return saved(request, done, event=EVENT, back=meeting.get_absolute_url())
    title, submit = _("Cancel the meeting"), _("Cancel the meeting")
    return dialog(request, form, title=title, submit=submit, status=status, text=meeting.topic)


@require_safe
def minutes_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes as PDF, with what the person may read."""
    meeting, user = visible_meeting(request, pk), person_of(request)
    name = minutes.file_name(meeting, "pdf")
    return papers.as_download(minutes.pdf_of(meeting, user), name, papers.PDF)


@require_safe
def minutes_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for Word."""
    meeting, user = visible_meeting(request, pk), person_of(request)
    name = minutes.file_name(meeting, "docx")
    return papers.as_download(minutes.docx_of(meeting, user), name, papers.DOCX)


def visible_meeting(request: HttpRequest, pk: int) -> Meeting:
    """One that concerns the person, else 404."""
    rows = Meeting.objects.visible_to(person_of(request))
    meeting: Meeting = get_object_or_404(
        rows.select_related("unit", "chair", "called_by", "signed_by"), pk=pk
    )
    return meeting


def led_meeting(request: HttpRequest, pk: int) -> Meeting:
    """One whose agenda and minutes the person keeps, else 403."""
    meeting = visible_meeting(request, pk)
    if not permissions.leads(person_of(request), meeting):
        raise PermissionDenied
    return meeting


def led_point(request: HttpRequest, pk: int) -> AgendaPoint:
    """A point of such a meeting."""
    rows = AgendaPoint.objects.visible_to(person_of(request)).select_related("meeting__chair")
    point: AgendaPoint = get_object_or_404(rows, pk=pk)
    if not permissions.leads(person_of(request), point.meeting):
        raise PermissionDenied
    return point
