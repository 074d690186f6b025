"""What is done with one letter: filed, assigned, taken, answered, closed."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients import permissions
from clients.actions import letter_drafts as drafts
from clients.actions import letters as actions
from clients.forms.letters import (
    AssignForm,
    FileForm,
    NoReplyForm,
    RepliedForm,
    WriteForm,
)
from clients.models import Correspondence
from clients.pages.letter_replies import edited, started, to_answer
from clients.views.answers import visible_client
from clients.views.letters import EVENT, visible_letter
from crm.accounts.models import User
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.web import move_on, person_of, sent_version

WRITE = "clients/_letter_write.html"


@require_http_methods(READ_AND_WRITE)
def letter_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose letter it is."""
    letter, user = _allowed(request, pk, permissions.can_file)
    initial = {"version": letter.version, "client": letter.client}
    form = FileForm(request.POST or None, user=user, initial=initial)
    status = attempt(request, form, lambda: actions.file_letter(pk, by=user, **form.new_values()))
    if not status:
        return saved(request, _("Filed"), event=EVENT, back=letter.get_absolute_url())
    words = {"title": _("Whose letter is it?"), "text": letter.correspondent or letter.address}
    body = "clients/_letter_file.html"
    return dialog(request, form, submit=_("File"), status=status, body=body, **words)


@require_http_methods(READ_AND_WRITE)
def letter_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Who answers, by which day."""
    letter, user = _allowed(request, pk, permissions.can_assign)
    form = AssignForm(request.POST or None, letter=letter)
    status = attempt(request, form, lambda: actions.assign_letter(pk, by=user, **form.new_values()))
    if not status:
        return saved(request, _("Assigned"), event=EVENT, back=letter.get_absolute_url())
    title = _("Who answers?")
    return dialog(request, form, title=title, submit=_("Assign"), status=status)


@require_POST
def letter_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to work on it."""
    letter, user = _allowed(request, pk, permissions.works_on)
    version = sent_version(request)
    return pressed(
        request,
        lambda: actions.take_letter(pk, by=user, version=version),
        _("Work started"),
        event=EVENT,
        back=letter.get_absolute_url(),
    )


@require_POST
def letter_close(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer was enough."""
    letter, user = _allowed(request, pk, permissions.works_on)
    version = sent_version(request)
    return pressed(
        request,
        lambda: actions.close_letter(pk, by=user, version=version),
        _("Closed"),
        event=EVENT,
        back=letter.get_absolute_url(),
    )


@require_POST
def letter_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Closed by mistake."""
    letter, user = _allowed(request, pk, permissions.works_on)
    version = sent_version(request)
    return pressed(
        request,
        lambda: actions.reopen_letter(pk, by=user, version=version),
        _("Opened again"),
        event=EVENT,
        back=letter.get_absolute_url(),
    )


@require_http_methods(READ_AND_WRITE)
def letter_replied(request: HttpRequest, pk: int) -> HttpResponse:
    """Answered without a letter of ours."""
    letter, user = _allowed(request, pk, permissions.can_settle)
    today = timezone.localdate()
    form = RepliedForm(request.POST or None, initial={"version": letter.version, "on": today})
    status = attempt(
        request, form, lambda: actions.note_reply(pk, by=user, today=today, **form.new_values())
    )
    if not status:
        return saved(request, _("Answered"), event=EVENT, back=letter.get_absolute_url())
    title = _("Answered without a letter")
    return dialog(request, form, title=title, submit=_("Note"), status=status)


@require_http_methods(READ_AND_WRITE)
def letter_no_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """No answer is needed."""
    letter, user = _allowed(request, pk, permissions.can_settle)
    form = NoReplyForm(request.POST or None, initial={"version": letter.version})
    status = attempt(
        request, form, lambda: actions.close_without_reply(pk, by=user, **form.new_values())
    )
    if not status:
        return saved(request, _("Closed"), event=EVENT, back=letter.get_absolute_url())
    title = _("No answer is needed")
    return dialog(request, form, title=title, submit=_("Close the letter"), status=status)


@require_http_methods(READ_AND_WRITE)
def letter_write(request: HttpRequest, pk: int) -> HttpResponse:
    """A new letter to a client, begun as a draft."""
    client, user = visible_client(request, pk), person_of(request)
    if not permissions.can_write_to(user, client):
        raise PermissionDenied
    form = WriteForm(request.POST or None, client=client, initial=started(client, user))
    today, made = timezone.localdate(), list[Correspondence]()
    status = attempt(
        request,
        form,
        lambda: made.append(drafts.start_letter(pk, form.draft(), by=user, today=today,
                                                key=form.cleaned_data["key"])),
    )  # fmt: skip
    if not status:
        return move_on(request, made[0].get_absolute_url())
    title = _("Letter to %(client)s") % {"client": client}
    return dialog(request, form, title=title, submit=_("Save"), status=status, body=WRITE)


@require_http_methods(READ_AND_WRITE)
def letter_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft of the answer."""
    letter, user = _allowed(request, pk, permissions.can_reply)
    assert letter.client is not None
    form = WriteForm(request.POST or None, client=letter.client, initial=to_answer(letter, user))
    today, made = timezone.localdate(), list[Correspondence]()
    status = attempt(
        request,
        form,
        lambda: made.append(drafts.start_reply(pk, form.draft(), by=user, today=today,
                                               version=form.cleaned_data["version"] or 0,
                                               key=form.cleaned_data["key"])),
    )  # fmt: skip
    if not status:
        return move_on(request, made[0].get_absolute_url())
    title = _("Answer to %(number)s") % {"number": letter.reg_no}
    return dialog(request, form, title=title, submit=_("Save"), status=status, body=WRITE)


@require_http_methods(READ_AND_WRITE)
def letter_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the draft."""
    letter, user = _allowed(request, pk, permissions.can_edit_draft)
    assert letter.client is not None
    form = WriteForm(request.POST or None, client=letter.client, initial=edited(letter))
    status = attempt(
        request,
        form,
        lambda: drafts.edit_draft(
            pk, form.draft(), by=user, version=form.cleaned_data["version"] or 0
        ),
    )
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=letter.get_absolute_url())
    title, submit = _("Change the letter"), _("Save")
    return dialog(request, form, title=title, submit=submit, status=status, body=WRITE)


@require_POST
def letter_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Register it as sent; by e-mail it goes out."""
    letter, user = _allowed(request, pk, permissions.can_edit_draft)
    version = sent_version(request)
    return pressed(
        request,
        lambda: drafts.send_letter(pk, by=user, version=version, today=timezone.localdate()),
        _("Sent"),
        event=EVENT,
        back=letter.get_absolute_url(),
    )


def _allowed(
    request: HttpRequest, pk: int, may: Callable[[User, Correspondence], bool]
) -> tuple[Correspondence, User]:
    """A visible letter with which the person may do it; 403 otherwise."""
    letter, user = visible_letter(request, pk), person_of(request)
    if not may(user, letter):
        raise PermissionDenied
    return letter, user
