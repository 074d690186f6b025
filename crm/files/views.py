"""The panel of a record's files, one file with its versions, downloads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import structlog
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from crm.accounts.history_view import render_history
from crm.errors import RuleViolation
from crm.files import actions, pages, registry, storage
from crm.files.forms import AddFilesForm, PutAsideForm, ReplaceForm
from crm.files.models import Attachment
from crm.shell.context import stands_with
from crm.web import is_fragment, person_of

log = structlog.get_logger(__name__)

READ_AND_WRITE = ["GET", "HEAD", "POST"]
# Columns of which a history in words has nothing to say.
MACHINE = frozenset(
    [
        "key",
        "owner_kind",
        "owner_id",
        "chain",
        "received_sha256",
        "sha256",
        "size",
        "author",
        "sender",
    ]
)


@require_safe
def panel(request: HttpRequest, owner_kind: str, owner_id: int) -> HttpResponse:
    """The files of a record."""
    return pages.render_panel(request, _record(request, owner_kind, owner_id))


@require_POST
def add(request: HttpRequest, owner_kind: str, owner_id: int) -> HttpResponse:
    """Several files at once; each is kept or refused on its own."""
    record = _record(request, owner_kind, owner_id)
    shown = pages.panel_of(request, record)
    if not shown.may_add:
        raise PermissionDenied
    shown.form = form = AddFilesForm(request.POST, request.FILES, auto_id="files_%s")
    if form.is_valid():
        pages.add_all(shown, form.cleaned_data["kind"], form.cleaned_data["file"])
    if is_fragment(request):
        return pages.shown(request, shown)
    for text in (str(error) for errors in form.errors.values() for error in errors):
        messages.error(request, text)
    for one in shown.outcomes:
        messages.info(request, f"{one.name} {one.refusal or _('uploaded')}".strip())
    return redirect(record.get_absolute_url())


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: its versions, each to be downloaded, and its history."""
    file = _file(request, pk)
    rows = Attachment.objects.visible_to(person_of(request), file.owner_kind)
    rows = rows.filter(chain=file.chain)
    versions = list(rows.with_people().order_by("-number"))
    owner, record = _owner(request, file)
    stands_with(request, record)
    context = {
        "file": versions[0],
        "versions": versions,
        "record": record,
        "may_change": owner.may_add(person_of(request), record),
        "dialog": is_fragment(request),
    }
    name = "_detail" if is_fragment(request) else "detail"
    return render(request, f"files/{name}.html", context)


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who added, replaced and put aside."""
    file = _file(request, pk)
    stands_with(request, _owner(request, file)[1])
    others = Attachment.objects.filter(chain=file.chain).exclude(pk=file.pk)
    return render_history(request, file, parts=[others], hidden=MACHINE)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The bytes of one version: always a download, never a page of ours; noted in the journal."""
    file = _file(request, pk)
    try:
        content = storage.open_file(file.key)
    except FileNotFoundError:
        log.error("file_missing", pk=pk)
        raise Http404 from None
    actions.note_download(file, by=person_of(request), request=request)
    answer = FileResponse(content, content_type=file.content_type)
    answer["Content-Length"] = file.size
    name = quote(file.name, safe="")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "no-store"
    return answer


@require_http_methods(READ_AND_WRITE)
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version of a file."""
    file = _changeable(request, pk)
    also = registry.owned(file.owner_kind).also
    form = ReplaceForm(request.POST or None, request.FILES or None, also=also)

    def write() -> HttpResponse:
        new = form.cleaned_data["file"]
        content = new.read(actions.file_limits().file_bytes + 1)
        made = actions.replace_file(pk, by=person_of(request), name=new.name, content=content)
        return _done(request, made, _("New version uploaded: %(name)s"))

    return _dialog(request, file, form, write, _("New version"), _("Upload"))


@require_http_methods(READ_AND_WRITE)
def put_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the file off the list, with a reason."""
    file, form = _changeable(request, pk), PutAsideForm(request.POST or None)

    def write() -> HttpResponse:
        actions.put_aside(pk, by=person_of(request), reason=form.cleaned_data["reason"])
        undo = reverse("files:bring_back", args=[pk])
        return _done(request, file, _("File put aside: %(name)s"), undo)

    return _dialog(request, file, form, write, _("Put the file aside"), _("Put aside"))


@require_POST
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the file back on the list."""
    file = _changeable(request, pk)
    actions.bring_back(pk, by=person_of(request))
    return _done(request, file, _("The file is back on the list: %(name)s"))


def _dialog(
    request: HttpRequest,
    file: Attachment,
    form: Form,
    write: Callable[[], HttpResponse],
    title: str,
    submit: str,
) -> HttpResponse:
    """A small form over the page, or a page of its own; it closes when it is done."""
    status = 200
    if request.method == "POST":
        answer = _attempt(form, write)
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    record = _owner(request, file)[1]
    stands_with(request, record)
    context = {"file": file, "record": record, "form": form, "title": title, "submit": submit}
    name = "_form" if is_fragment(request) else "form"
    return render(request, f"files/{name}.html", context, status=status)


def _attempt(form: Form, write: Callable[[], HttpResponse]) -> HttpResponse | int:
    """The answer of the write, or the status of the form with its refusal."""
    if not form.is_valid():
        return 422
    try:
        return write()
    except RuleViolation as refusal:
        field = refusal.field if refusal.field in form.fields else next(iter(form.fields))
        form.add_error(field, str(refusal))
        return 409 if refusal.status == 409 else 422


def _done(request: HttpRequest, file: Attachment, text: str, undo: str = "") -> HttpResponse:
    said = text % {"name": file.name}
    if not is_fragment(request):
        messages.success(request, said)
        return redirect(file)
    answer = HttpResponse(status=204)
    for event in ("dialog-close", pages.CHANGED):
        trigger_client_event(answer, event, {})
    toast = {"text": said, "tone": "success", "undo": undo}
    return trigger_client_event(answer, "toast", toast)


def _record(request: HttpRequest, owner_kind: str, owner_id: int) -> Any:
    """The record, where the person sees its files; 404 otherwise."""
    owner = registry.get(owner_kind)
    if owner is None:
        raise Http404
    return get_object_or_404(owner.rows(person_of(request)), pk=owner_id)


def _file(request: HttpRequest, pk: int) -> Attachment:
    rows = Attachment.objects.one_visible_to(person_of(request), pk).with_people()
    file: Attachment = get_object_or_404(rows)
    return file


def _owner(request: HttpRequest, file: Attachment) -> tuple[registry.Owner, Any]:
    owner = registry.get(file.owner_kind)
    assert owner is not None
    return owner, _record(request, file.owner_kind, file.owner_id)


def _changeable(request: HttpRequest, pk: int) -> Attachment:
    """A visible file of a record to which the person may add."""
    file = _file(request, pk)
    owner, record = _owner(request, file)
    if not owner.may_add(person_of(request), record):
        raise PermissionDenied
    return file
