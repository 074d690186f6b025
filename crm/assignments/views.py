"""Work items: the register, the board, entering one, its page and its way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.history_view import render_history
from crm.assignments import actions, permissions, registry
from crm.assignments.filters import about_of
from crm.assignments.forms import (
    AnswerForm,
    CommentForm,
    HandOnForm,
    PostponeForm,
    ReasonForm,
    ReturnForm,
    WorkForm,
)
from crm.assignments.models import WorkItem
from crm.assignments.pages import Board, ItemPage, OwnPanel, RecordPanel
from crm.assignments.tables import WORK_ITEMS
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.lists import render_list
from crm.web import is_fragment, move_on, person_of, sent_version

EVENT = "work-changed"


@require_safe
def work_list(request: HttpRequest) -> HttpResponseBase:
    """The register of what concerns the person and the own people."""
    rows = WorkItem.objects.visible_to(person_of(request)).for_list()
    return render_list(request, WORK_ITEMS, rows)


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Control of execution by the three flags (L563)."""
    shown = Board(request, timezone.localdate())
    return render(request, "assignments/board.html", {"board": shown})


@require_http_methods(READ_AND_WRITE)
def create(request: HttpRequest) -> HttpResponse:
    """Enter one; `subject` of the address says what it is about."""
    user, today = person_of(request), timezone.localdate()
    form = WorkForm(request.POST or None, user=user, today=today, given=request.GET.dict())
    about = about_of(user, (request.POST or request.GET).get("subject", ""))
    subject = (about.subject.key, about.record.pk) if about else None
    status = attempt(
        request, form, lambda: actions.create_work(form.new_work(subject), by=user, today=today)
    )
    if not status:
        return _entered(request)
    words = _("About: %(what)s") % {"what": about} if about else ""
    title = _("New assignment or request")
    return dialog(
        request, form, title=title, submit=pgettext("button", "Send off"), status=status, text=words
    )


def _entered(request: HttpRequest) -> HttpResponse:
    """Where one enters it, one stays; from the register one comes to the page of the new one."""
    user = person_of(request)
    done = WorkItem.objects.visible_to(user).filter(author=user).latest("pk")
    words = _("%(number)s entered") % {"number": done.number}
    here = request.htmx.current_url_abs_path or ""  # type: ignore[attr-defined]
    if urlsplit(here).path == reverse("assignments:list"):
        messages.success(request, words)
        return move_on(request, done.get_absolute_url())
    return saved(request, words, event=EVENT, back=done.get_absolute_url())


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One item: what is wanted, its flags, what was said, files."""
    return _shown(request, visible_item(request, pk), CommentForm(auto_id="comment_%s"))


def _shown(
    request: HttpRequest, item: WorkItem, form: CommentForm, status: int = 200
) -> HttpResponse:
    page = ItemPage(item, person_of(request), timezone.localdate())
    context = {"item": item, "page": page, "form": form}
    return render(request, "assignments/detail.html", context, status=status)


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did what with it."""
    item = visible_item(request, pk)
    return render_history(request, item, parts=[item.notes.all()])


@require_safe
def about(request: HttpRequest, owner_kind: str, owner_id: int) -> HttpResponse:
    """Items about one record, a part of its page."""
    subject = registry.get(owner_kind)
    record = subject.find(person_of(request), owner_id) if subject else None
    if record is None:
        raise Http404
    return render_about(request, record)


def render_about(request: HttpRequest, record: Any) -> HttpResponse:
    """The panel as a fragment: the body of a tab, or what `{% work_panel %}` loads."""
    panel = RecordPanel(record, person_of(request), timezone.localdate())
    return render(request, "assignments/_about.html", {"panel": panel})


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What the person has to do and to verify, a part of home pages."""
    panel = OwnPanel(person_of(request), timezone.localdate())
    return render(request, "assignments/_mine.html", {"panel": panel})


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it."""
    item, user = _allowed(request, pk, permissions.is_executor), person_of(request)
    version = sent_version(request)
    today = timezone.localdate()
    return pressed(
        request,
        lambda: actions.accept_work(pk, by=user, version=version, today=today),
        _("Accepted"),
        event=EVENT,
        back=item.get_absolute_url(),
    )


@require_http_methods(READ_AND_WRITE)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer it."""
    item = _allowed(request, pk, permissions.is_executor)
    form = AnswerForm(request.POST or None, item=item)
    words = (
        _("Answer to %(number)s") % {"number": item.number},
        pgettext("button", "Answer"),
        _("Answered"),
    )
    return _step(request, item, form, _dated(actions.answer_work), *words)


@require_http_methods(READ_AND_WRITE)
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Report what was done."""
    item = _allowed(request, pk, permissions.is_executor)
    form = AnswerForm(request.POST or None, item=item, is_action=True)
    title = _("What was done about %(number)s") % {"number": item.number}
    words = (title, pgettext("button", "Report"), _("Sent to the author to be verified"))
    return _step(request, item, form, _dated(actions.report_action), *words)


@require_POST
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Find it solved."""
    item, user = _allowed(request, pk, permissions.is_author), person_of(request)
    version = sent_version(request)
    today = timezone.localdate()
    return pressed(
        request,
        lambda: actions.resolve_work(pk, by=user, version=version, today=today),
        _("Solved"),
        event=EVENT,
        back=item.get_absolute_url(),
    )


@require_http_methods(READ_AND_WRITE)
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return it with a reason."""
    item = _allowed(request, pk, permissions.is_author)
    form = ReturnForm(request.POST or None, initial={"version": item.version})
    title = _("Return %(number)s") % {"number": item.number}
    words = (title, _("Return"), _("Returned"))
    return _step(request, item, form, _dated(actions.return_work), *words)


@require_http_methods(READ_AND_WRITE)
def hand_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to somebody else."""
    item, user = _allowed(request, pk, permissions.can_hand_on), person_of(request)
    form = HandOnForm(request.POST or None, item=item, user=user)
    title = _("Hand on %(number)s") % {"number": item.number}
    words = (title, _("Hand on"), _("Handed on"))
    return _step(request, item, form, actions.hand_on_work, *words)


@require_http_methods(READ_AND_WRITE)
def postpone(request: HttpRequest, pk: int) -> HttpResponse:
    """Another day."""
    item = _allowed(request, pk, permissions.is_author)
    form = PostponeForm(request.POST or None, item=item)
    title = _("Another day for %(number)s") % {"number": item.number}
    words = (title, _("Save"), _("Moved to another day"))
    return _step(request, item, form, _dated(actions.postpone_work), *words)


@require_http_methods(READ_AND_WRITE)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw it."""
    item = _allowed(request, pk, permissions.is_author)
    form = ReasonForm(request.POST or None, initial={"version": item.version})
    title = _("Withdraw %(number)s") % {"number": item.number}
    words = (title, pgettext("work item", "Withdraw"), pgettext("work item", "Withdrawn"))
    return _step(request, item, form, actions.cancel_work, *words)


@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something about it."""
    item, user = visible_item(request, pk), person_of(request)
    form = CommentForm(request.POST, auto_id="comment_%s")
    status = attempt(
        request, form, lambda: actions.add_comment(pk, by=user, text=form.cleaned_data["text"])
    )
    if not status:
        return saved(request, _("Comment added"), event=EVENT, back=item.get_absolute_url())
    if not is_fragment(request):
        return _shown(request, item, form, status)
    context = {"item": item, "form": form}
    return render(request, "assignments/_comment_form.html", context, status=status)


def visible_item(request: HttpRequest, pk: int) -> WorkItem:
    """One that concerns the person, else 404."""
    rows = WorkItem.objects.visible_to(person_of(request)).select_related(
        "author", "executor", "unit__head", "resolved_by"
    )
    item: WorkItem = get_object_or_404(rows, pk=pk)
    return item


def _allowed(request: HttpRequest, pk: int, right: Callable[[Any, WorkItem], bool]) -> WorkItem:
    """One with which the person has to do in this way, else 403; its state is the action's."""
    item = visible_item(request, pk)
    if not right(person_of(request), item):
        raise PermissionDenied
    return item


def _dated(write: Callable[..., Any]) -> Callable[..., Any]:
    """The action as of today."""
    today = timezone.localdate()
    return lambda pk, **values: write(pk, today=today, **values)


def _step(
    request: HttpRequest,
    item: WorkItem,
    form: Any,
    write: Callable[..., Any],
    title: str,
    submit: str,
    done: str,
) -> HttpResponse:
    """A dialog that moves the item; the page reads itself anew."""
    user = person_of(request)
    status = attempt(request, form, lambda: write(item.pk, by=user, **form.new_values()))
    if not status:
        return saved(request, done, event=EVENT, back=item.get_absolute_url())
    return dialog(request, form, title=title, submit=submit, status=status, text=item.title)
