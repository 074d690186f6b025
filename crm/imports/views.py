"""Uploading, columns, check, progress and result of an import: one page, one fragment."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.imports import actions, files, permissions, registry
from crm.imports.forms import ColumnsForm, OptionsForm, UploadForm, VersionForm
from crm.imports.models import ImportJob
from crm.imports.pages import ImportPage
from crm.imports.reading import Unreadable
from crm.imports.tables import IMPORTS
from crm.lists import render_list
from crm.shell.middleware import is_htmx
from crm.web import person_of
from crm.work.registry import setting

PROGRESS, STATE = "_import_progress", "_import_state"


@require_safe
def import_list(request: HttpRequest) -> HttpResponseBase:
    """Imports: one's own, all for the administrator."""
    if not permissions.can_see_imports(person_of(request)):
        raise PermissionDenied
    rows = ImportJob.objects.visible_to(person_of(request)).for_list()
    return render_list(request, IMPORTS, rows)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose what and which file; a file that cannot be read is refused beside its field."""
    if not permissions.can_see_imports(person_of(request)):
        raise PermissionDenied
    initial = {"kind": request.GET.get("kind")} if request.GET.get("kind") else {}
    form = UploadForm(
        request.POST or None, request.FILES or None, user=person_of(request), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            job = actions.upload_import(by=person_of(request), **form.new_values())
            return redirect(_checked_unasked(ImportPage(job, person_of(request), timezone.now())))
        except Unreadable as refusal:
            form.add_error("file", str(refusal))
    status = 422 if form.errors else 200
    return render(request, "imports/upload.html", {"form": form}, status=status)


@require_safe
def template(request: HttpRequest, kind: str) -> HttpResponseBase:
    """An empty workbook with the names of all columns."""
    found = next((k for k in registry.kinds() if k.kind == kind), None)
    if found is None or found.fixed_columns:
        raise Http404
    if not permissions.can_import(person_of(request), found):
        raise PermissionDenied
    return files.template(found)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The import in its state; htmx asks for the progress every second until there is none."""
    page = _page(request, pk)
    page.wants_columns = "columns" in request.GET
    if request.headers.get("HX-Target") != PROGRESS:
        return _shown(request, page)
    if page.job.is_waiting:
        return render(request, "imports/_import_progress.html", _context(page))
    return reswap(retarget(_shown(request, page), f"#{STATE}"), "outerHTML")


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm columns and options; a short file is checked while the page waits."""
    page = _page(request, pk)
    page.columns = ColumnsForm(page.job, request.POST)
    page.options = OptionsForm(page.kind, page.user, request.POST)
    page.wants_columns = True
    if not (page.columns.is_valid() and page.options.is_valid()):
        return _shown(request, page, status=422)
    values = {**page.columns.new_values(), "options": page.options.typed_values()}
    return _act(request, page, lambda: _check(pk, page.user, values))


@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the checked import into the queue."""
    act = actions.apply_import
    return _confirmed(request, pk, lambda values: act(**values, request=request))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop it, or ask the worker to."""
    return _confirmed(request, pk, lambda values: actions.cancel_import(**values))


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to take it back."""
    return _confirmed(request, pk, lambda values: actions.ask_undo(**values))


@require_safe
def remarks(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Refused and doubtful rows with their reason, as XLSX or CSV."""
    page = _page(request, pk)
    name = request.GET.get("as", "xlsx")
    if name not in files.FORMATS:
        raise Http404
    return files.remarks(page.job, by=page.user, format=name, request=request)


def _check(pk: int, user: User, values: dict[str, Any]) -> ImportJob:
    job = actions.check_columns(pk, by=user, **values)
    if (job.total or 0) <= setting("imports.check_at_once_rows"):
        actions.perform(job.pk)
    return job


def _checked_unasked(page: ImportPage) -> ImportJob:
    """A file that leaves nothing to choose is checked as soon as it is there."""
    job = page.job
    if page.asks_nothing:
        values = {"version": job.version, "columns": job.mapping, "options": {}}
        with suppress(RuleViolation):  # its page tells why, and offers the check
            return _check(job.pk, page.user, values)
    return job


def _confirmed(
    request: HttpRequest, pk: int, act: Callable[[dict[str, Any]], ImportJob]
) -> HttpResponse:
    """A button of the page: the version it was shown with goes to the action."""
    page, form = _page(request, pk), VersionForm(request.POST)
    if not form.is_valid():
        return _shown(request, page, status=422)
    values = {"job_id": pk, "by": page.user, **form.new_values()}
    return _act(request, page, lambda: act(values))


def _act(request: HttpRequest, page: ImportPage, act: Callable[[], ImportJob]) -> HttpResponse:
    """Run the action and show the new state, or the refusal in the old one."""
    try:
        job = act()
    except RuleViolation as refusal:
        page.refusal = str(refusal)
        return _shown(request, page, status=refusal.status)
    return _shown(request, _page(request, job.pk))


def _page(request: HttpRequest, pk: int) -> ImportPage:
    job = get_object_or_404(ImportJob.objects.visible_to(person_of(request)).light(), pk=pk)
    return ImportPage(job, person_of(request), timezone.now())


def _shown(request: HttpRequest, page: ImportPage, status: int = 200) -> HttpResponse:
    name = "_import_state" if is_htmx(request) else "detail"
    return render(request, f"imports/{name}.html", _context(page), status=status)


def _context(page: ImportPage) -> dict[str, Any]:
    return {"page": page, "job": page.job}
