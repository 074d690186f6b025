"""Small forms over a page: what they show, how they are tried, what is answered after a write."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from crm.accounts.meanwhile import changes_since, in_words
from crm.errors import RuleViolation, StaleVersion
from crm.once import note_press, pressed_before, token, write_once
from crm.stale import catch_up
from crm.web import is_fragment, person_of, sent_version, whole_number

if TYPE_CHECKING:
    from django.utils.functional import Promise

READ_AND_WRITE = ["GET", "HEAD", "POST"]


def dialog(
    request: HttpRequest,
    form: BaseForm,
    *,
    title: str | Promise,
    submit: str | Promise,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """A small form over the page, or as a page of its own without scripts.

    The title says what will happen; `about` names what it happens to.
    """
    context = {"form": form, "title": title, "submit": submit, "action": request.path, **more}
    context["own_page"] = on_its_own_page(request)
    context.setdefault("back", way_back(request, context.get("record")))
    context["once"] = token(request, form, anew=status == HTTPStatus.OK)
    if getattr(form, "is_stale", False) and not getattr(form, "differences", None):
        context["differences"] = catch_up(form)
    name = "_dialog_form" if is_fragment(request) else "dialog_form"
    return render(request, f"shell/{name}.html", context, status=status)


def way_back(request: HttpRequest, record: Any = None) -> str:
    """Where a form of its own page leads without scripts: to the page before it, or its record.

    Nothing where neither is known: the page leads to its line of the rail then.
    """
    before = urlsplit(request.headers.get("Referer", ""))
    is_ours = before.netloc == request.get_host() and before.scheme in {"http", "https"}
    if is_ours and before.path != request.path:
        return f"{before.path}?{before.query}" if before.query else before.path
    return "" if record is None else str(record.get_absolute_url())


def on_its_own_page(request: HttpRequest) -> bool:
    """Whether the form fills the page (its link was opened in a new tab), not a dialog."""
    if not is_fragment(request):
        return True
    address = request.htmx.current_url_abs_path  # type: ignore[attr-defined]
    return bool(address) and urlsplit(address).path == request.path


def beside_its_field(form: BaseForm, refusal: RuleViolation) -> int:
    """Put the sentence of a refused rule beside its field; returns the status to answer with.

    A form that calls a field in its own way says so: `refused_as = {"next_on": "on"}`.
    """
    field = getattr(form, "refused_as", {}).get(refusal.field, refusal.field)
    form.add_error(field if field in form.fields else None, str(refusal))
    form.is_stale = type(refusal) is StaleVersion  # type: ignore[attr-defined]
    if isinstance(refusal, StaleVersion):
        form.stale_since = (refusal.of, _version_in(form))  # type: ignore[attr-defined]
    return refusal.status


def _version_in(form: BaseForm) -> int:
    """The version that was shown with the form."""
    return whole_number(str(form.data.get(form.add_prefix("version")))) or 0


def attempt(request: HttpRequest, form: BaseForm, write: Callable[[], object]) -> int:
    """Write when the form was sent and is whole: 0 when it is done, else the status to show."""
    if request.method != "POST":
        return 200
    if not form.is_valid():
        return 422
    try:
        write_once(request, write)
    except RuleViolation as refusal:
        before = pressed_before(request)
        if before:
            form.add_error(None, before)
            return StaleVersion.status
        return beside_its_field(form, refusal)
    note_press(request)
    return 0


def asked(
    request: HttpRequest,
    row: Any,
    form: BaseForm,
    write: Callable[[], object],
    /,
    *,
    event: str,
    done: str,
    submit: str | Promise,
    may: bool = True,
    **words: Any,
) -> HttpResponse:
    """A small form over the page of a record: tried, then `done` is said; 403 unless one `may`.

    It is called like the record, unless `title` says otherwise.
    """
    if not may:
        raise PermissionDenied
    status = attempt(request, form, write)
    if not status:
        return saved(request, done, event=event, back=row.get_absolute_url())
    words = {"title": str(row), "record": row, **words}
    words["record_is_title"] = words["title"] == str(row)
    return dialog(request, form, submit=submit, status=status, **words)


def saved(
    request: HttpRequest, text: str, *, event: str, back: str, undo: str = ""
) -> HttpResponse:
    """The dialog closes, the parts of the page that listen to the event reload, a toast says what.

    `undo` is the address that takes it back. Without scripts, or from a form opened as a page of
    its own, the person goes `back`.
    """
    if not is_fragment(request):
        messages.success(request, text)
        return redirect(back)
    if on_its_own_page(request):
        messages.success(request, text)
        return HttpResponseClientRedirect(back)
    answer = HttpResponse(status=204)
    for name in ("dialog-close", event):
        trigger_client_event(answer, name, {})
    return trigger_client_event(answer, "toast", {"text": text, "tone": "success", "undo": undo})


def pressed(
    request: HttpRequest,
    write: Callable[[], Any],
    text: str,
    *,
    event: str,
    back: str,
    undo: str = "",
) -> HttpResponse:
    """The answer to a button without a form: done with Undo, or the refusal as a toast."""
    try:
        write()
    except RuleViolation as refusal:
        before = pressed_before(request)
        text = before or _told(request, refusal)
        if not is_fragment(request):
            messages.error(request, text)
            return redirect(back)
        answer = HttpResponse(status=refusal.status)
        if isinstance(refusal, StaleVersion):
            trigger_client_event(answer, event, {})  # the page shows the record as it is now
        toast = {"text": text, "tone": "info" if before else "danger"}
        return trigger_client_event(answer, "toast", toast)
    note_press(request)
    return saved(request, text, event=event, back=back, undo=undo)


def _told(request: HttpRequest, refusal: RuleViolation) -> str:
    """The refusal of a button; of an old page what was done to the record meanwhile."""
    record = getattr(refusal, "of", None)
    if type(refusal) is not StaleVersion or not isinstance(record, Model):
        return str(refusal)
    since = changes_since(record, sent_version(request), viewer=person_of(request))
    if not since:
        return str(refusal)
    return _("The record was changed after you had opened it. %(changes)s") % {
        "changes": in_words(since)
    }


def pressed_on(
    request: HttpRequest,
    row: Any,
    write: Callable[[], object],
    text: str,
    *,
    event: str,
    may: bool = True,
) -> HttpResponse:
    """The answer to a button on the page of a record; 403 unless one `may`."""
    if not may:
        raise PermissionDenied
    return pressed(request, write, text, event=event, back=row.get_absolute_url())
