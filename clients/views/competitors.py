"""Competitors: the register, the card with what was learnt, notes from there and from clients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients import permissions
from clients.actions import competitors as actions
from clients.forms.competitors import CompetitorForm, NoteForm
from clients.lists.competitors import COMPETITORS, NOTES
from clients.models import Client, Competitor, CompetitorNote
from clients.views.answers import card_tab, save_record, visible_client
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, asked, attempt, dialog, saved
from crm.forms import VersionForm
from crm.lists import render_list
from crm.web import move_on, person_of

EVENT = "competitor-changed"
TAB = "advice"
FIELDS, NOTE_FIELDS = "clients/_competitor_fields.html", "clients/_competitor_note_fields.html"


@require_safe
def competitor_list(request: HttpRequest) -> HttpResponseBase:
    """The register of competitors."""
    user = person_of(request)
    if not permissions.can_see_competitors(user):
        raise PermissionDenied
    rows = Competitor.objects.visible_to(user).for_list(user)
    context = {"may_make": permissions.can_edit_competitors(user)}
    return render_list(request, COMPETITORS, rows, context=context)


@require_safe
def competitor_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One competitor with what was learnt, of clients that the person sees."""
    competitor, user = visible_competitor(request, pk), person_of(request)
    rows: Any = CompetitorNote.objects.visible_to(user).filter(competitor=competitor)
    context = {
        "competitor": competitor,
        "may_edit": permissions.can_edit_competitor(user, competitor),
        "may_restore": permissions.can_restore_competitor(user, competitor),
    }
    return render_list(request, NOTES, rows.for_list(user), context=context)


@require_http_methods(READ_AND_WRITE)
def competitor_create(request: HttpRequest) -> HttpResponse:
    """A competitor that was not known."""
    user, made = person_of(request), list[Competitor]()
    if not permissions.can_edit_competitors(user):
        raise PermissionDenied
    form = CompetitorForm(request.POST or None)

    def write() -> None:
        key = form.cleaned_data["key"]
        made.append(actions.create_competitor(form.values(), by=user, key=key))

    status = attempt(request, form, write)
    if not status:
        return move_on(request, made[0].get_absolute_url())
    words = {"title": _("New competitor"), "submit": _("Add")}
    return dialog(request, form, status=status, body=FIELDS, **words)


@require_http_methods(READ_AND_WRITE)
def competitor_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """What is done with a competitor, or its history."""
    if step not in STEPS:
        raise Http404
    return STEPS[step](request, visible_competitor(request, pk))


def _history(request: HttpRequest, competitor: Competitor) -> HttpResponse:
    """Who changed what, and the notes that the person reads."""
    notes = CompetitorNote.objects.visible_to(person_of(request)).filter(competitor=competitor)
    return render_history(request, competitor, parts=[notes])


def _edit(request: HttpRequest, competitor: Competitor) -> HttpResponse:
    user = person_of(request)
    if not permissions.can_edit_competitor(user, competitor):
        raise PermissionDenied
    form = CompetitorForm(request.POST or None, record=competitor)

    def write() -> object:
        version = form.cleaned_data["version"] or 0
        return actions.edit_competitor(competitor.pk, form.values(), by=user, version=version)

    status = save_record(request, form, write)
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=competitor.get_absolute_url())
    words = {"title": str(competitor), "submit": _("Save")}
    return dialog(request, form, status=status, body=FIELDS, record=competitor, **words)


def _archive(request: HttpRequest, competitor: Competitor) -> HttpResponse:
    may = permissions.can_edit_competitor(person_of(request), competitor)
    words = {"title": _("Put the competitor into the archive?"), "about": str(competitor)}
    done, submit = _("The competitor is in the archive"), _("Put into the archive")
    return _moved(
        request, competitor, actions.archive_competitor, may, done=done, submit=submit, **words
    )


def _restore(request: HttpRequest, competitor: Competitor) -> HttpResponse:
    may = permissions.can_restore_competitor(person_of(request), competitor)
    words = {"title": _("Bring the competitor back?"), "about": str(competitor)}
    done, submit = _("The competitor is back"), _("Bring back")
    return _moved(
        request, competitor, actions.restore_competitor, may, done=done, submit=submit, **words
    )


def _moved(
    request: HttpRequest,
    competitor: Competitor,
    action: Callable[..., Any],
    may: bool,
    **words: Any,
) -> HttpResponse:
    form = VersionForm(request.POST or None, initial={"version": competitor.version})
    user = person_of(request)

    def write() -> object:
        return action(competitor.pk, by=user, **form.new_values())

    return asked(request, competitor, form, write, event=EVENT, may=may, **words)


def _note(request: HttpRequest, competitor: Competitor) -> HttpResponse:
    """What was learnt in general."""
    if not permissions.can_edit_competitor(person_of(request), competitor):
        raise PermissionDenied
    return _add_note(request, competitor, None)


@require_http_methods(READ_AND_WRITE)
def competitor_note_of(request: HttpRequest, pk: int) -> HttpResponse:
    """What was learnt of a competitor at a client, from its card."""
    client = visible_client(request, pk)
    if not permissions.can_note_of_client(person_of(request), client):
        raise PermissionDenied
    return _add_note(request, None, client)


def _add_note(
    request: HttpRequest, competitor: Competitor | None, client: Client | None
) -> HttpResponse:
    user, today = person_of(request), timezone.localdate()
    form = NoteForm(request.POST or None, known=competitor is not None)

    def write() -> None:
        chosen = competitor or form.cleaned_data["competitor"]
        pk, key = client.pk if client else None, form.cleaned_data["key"]
        actions.add_note(chosen.pk, form.values(), by=user, key=key, today=today, client_id=pk)

    status = attempt(request, form, write)
    if not status:
        back = card_tab(client.pk, TAB) if client else ""
        back = back or (competitor.get_absolute_url() if competitor else "")
        return saved(request, _("Noted"), event=EVENT, back=back)
    words = {"title": _("What was learnt of a competitor"), "submit": _("Save")}
    words["about"] = str(client or competitor)
    return dialog(request, form, status=status, body=NOTE_FIELDS, **words)


@require_http_methods(READ_AND_WRITE)
def competitor_note_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right what was written down."""
    user, today = person_of(request), timezone.localdate()
    rows = CompetitorNote.objects.visible_to(user).select_related("competitor", "client")
    note: CompetitorNote = get_object_or_404(rows, pk=pk)
    if not permissions.can_edit_note(user, note):
        raise PermissionDenied
    form = NoteForm(request.POST or None, record=note)

    def write() -> object:
        version = form.cleaned_data["version"] or 0
        return actions.edit_note(pk, form.values(), by=user, version=version, today=today)

    status = save_record(request, form, write)
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=note.competitor.get_absolute_url())
    words = {"title": str(note.competitor), "submit": _("Save")}
    return dialog(request, form, status=status, body=NOTE_FIELDS, **words)


Step = Callable[[HttpRequest, Competitor], HttpResponse]
STEPS: dict[str, Step] = {
    "edit": _edit,
    "archive": _archive,
    "restore": _restore,
    "note": _note,
    "history": _history,
}


def visible_competitor(request: HttpRequest, pk: int) -> Competitor:
    """The competitor; 404 for one that is not seen."""
    rows: Any = Competitor.objects.visible_to(person_of(request)).select_related("author")
    competitor: Competitor = get_object_or_404(rows, pk=pk)
    return competitor
