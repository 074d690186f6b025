"""Events: the register, one event with those invited, inviting, answers and attendance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients import permissions
from clients.actions import events as actions
from clients.forms.events import EventForm, InviteForm
from clients.lists.events import EVENTS, INVITATIONS, MARKED_INVITATIONS
from clients.models import Event, EventInvitation
from clients.pages.events import EventPage
from clients.views.answers import save_record
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, asked, attempt, dialog, pressed_on, saved
from crm.forms import ReasonForm
from crm.lists import render_list
from crm.web import move_on, person_of, whole_number

EVENT = "event-changed"
FIELDS = "clients/_event_fields.html"
MOST_MARKED = 1000


@require_safe
def event_list(request: HttpRequest) -> HttpResponseBase:
    """The register of events."""
    user = person_of(request)
    if not permissions.can_see_events(user):
        raise PermissionDenied
    rows = Event.objects.visible_to(user).for_list(user)
    return render_list(
        request, EVENTS, rows, context={"may_make": permissions.can_make_events(user)}
    )


@require_safe
def event_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One event, its figures and those invited of the clients that the person sees."""
    event, user = visible_event(request, pk), person_of(request)
    page = EventPage(event, user, timezone.localdate())
    rows: Any = EventInvitation.objects.visible_to(user).filter(event=event)
    spec = MARKED_INVITATIONS if page.may_mark else INVITATIONS
    return render_list(request, spec, rows.for_list(), context={"event": event, "page": page})


@require_http_methods(READ_AND_WRITE)
def event_create(request: HttpRequest) -> HttpResponse:
    """A new event."""
    user, made = person_of(request), list[Event]()
    if not permissions.can_make_events(user):
        raise PermissionDenied
    form = EventForm(request.POST or None)

    def write() -> None:
        made.append(actions.create_event(form.values(), by=user, key=form.cleaned_data["key"]))

    status = attempt(request, form, write)
    if not status:
        return move_on(request, made[0].get_absolute_url())
    return dialog(request, form, title=_("New event"), submit=_("Add"), status=status, body=FIELDS)


@require_http_methods(READ_AND_WRITE)
def event_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """What is done with an event, or its history."""
    if step not in STEPS:
        raise Http404
    return STEPS[step](request, visible_event(request, pk))


def _history(request: HttpRequest, event: Event) -> HttpResponse:
    """Who changed what, and what became of those invited whom the person sees."""
    invited = EventInvitation.objects.visible_to(person_of(request)).filter(event=event)
    return render_history(request, event, parts=[invited])


def _edit(request: HttpRequest, event: Event) -> HttpResponse:
    user = person_of(request)
    if not permissions.can_change_event(user, event):
        raise PermissionDenied
    form = EventForm(request.POST or None, record=event)

    def write() -> object:
        version = form.cleaned_data["version"] or 0
        return actions.edit_event(event.pk, form.values(), by=user, version=version)

    status = save_record(request, form, write)
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=event.get_absolute_url())
    return dialog(
        request, form, title=str(event), submit=_("Save"), status=status, body=FIELDS, record=event
    )


def _cancel(request: HttpRequest, event: Event) -> HttpResponse:
    user, today = person_of(request), timezone.localdate()
    form = ReasonForm(request.POST or None, initial={"version": event.version})
    return asked(
        request,
        event,
        form,
        lambda: actions.cancel_event(event.pk, by=user, today=today, **form.new_values()),
        event=EVENT,
        may=permissions.can_change_event(user, event),
        title=_("Call the event off?"),
        about=str(event),
        done=_("The event is called off"),
        submit=_("Call off"),
    )


def _invite(request: HttpRequest, event: Event) -> HttpResponse:
    user, today, made = person_of(request), timezone.localdate(), list[int]()
    if not permissions.can_invite(user, event):
        raise PermissionDenied
    if "count" in request.GET:
        return _count(request, event, InviteForm(request.GET, user=user))
    form = InviteForm(request.POST or None, user=user)

    def write() -> None:
        made.append(actions.invite(event.pk, form.guests(), by=user, today=today))

    status = attempt(request, form, write)
    if not status:
        text = ngettext("%(n)s person is invited", "%(n)s people are invited", made[0])
        return saved(request, text % {"n": made[0]}, event=EVENT, back=event.get_absolute_url())
    words = {"title": _("Invite people of clients"), "about": str(event), "submit": _("Invite")}
    body = "clients/_event_invite_fields.html"
    return dialog(request, form, status=status, body=body, row=event, record=event, **words)


def _count(request: HttpRequest, event: Event, form: InviteForm) -> HttpResponse:
    """How many people the choice means, while it is made."""
    people = (
        actions.guests(event, form.guests(), by=person_of(request)) if form.is_valid() else None
    )
    clients = people.order_by().values("client").distinct().count() if people is not None else 0
    context = {"people": people.count() if people is not None else 0, "clients": clients}
    return render(request, "clients/_event_guests.html", context)


@require_POST
def event_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer or the attendance of those chosen."""
    event, user, state = visible_event(request, pk), person_of(request), request.POST.get("state")
    ids = [pk for pk in map(whole_number, request.POST.getlist("ids")[:MOST_MARKED]) if pk]
    return pressed_on(
        request,
        event,
        lambda: actions.mark_invitations(pk, ids, by=user, state=state or "", now=timezone.now()),
        _("Noted"),
        event=EVENT,
        may=permissions.can_invite(user, event),
    )


Step = Callable[[HttpRequest, Event], HttpResponse]
STEPS: dict[str, Step] = {
    "edit": _edit,
    "cancel": _cancel,
    "invite": _invite,
    "history": _history,
}


def visible_event(request: HttpRequest, pk: int) -> Event:
    """The event; 404 for one that is not seen."""
    rows: Any = Event.objects.visible_to(person_of(request)).select_related("author")
    event: Event = get_object_or_404(rows, pk=pk)
    return event
