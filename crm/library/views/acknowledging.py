"""Acknowledging, and who has."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import papers
from crm.dialogs import pressed
from crm.library import actions, permissions, sheet
from crm.library.pages import OwnPanel
from crm.library.views.documents import EVENT, visible_version
from crm.web import person_of


@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """The person has read it and accepts it."""
    shown, user, now = visible_version(request, pk), person_of(request), timezone.now()
    digest = request.POST.get("digest", "")
    return pressed(
        request,
        lambda: actions.acknowledge_version(pk, by=user, digest=digest, now=now),
        _("Acknowledged"),
        event=EVENT,
        back=shown.document.get_absolute_url(),
    )


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What the person has to acknowledge, a part of home pages."""
    panel = OwnPanel(person_of(request), timezone.localdate())
    return render(request, "library/_mine.html", {"panel": panel})


@require_safe
def sheet_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has acknowledged a version and who has not."""
    found = _sheet(request, pk)
    context = {"sheet": found, "version": found.version, "document": found.version.document}
    return render(request, "library/sheet.html", context)


@require_safe
def sheet_xlsx(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The sheet as a workbook."""
    return sheet.xlsx_of(_sheet(request, pk))


@require_safe
def sheet_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet for signatures on paper."""
    found = _sheet(request, pk)
    return papers.as_download(sheet.pdf_of(found), sheet.pdf_name(found), papers.PDF)


def _sheet(request: HttpRequest, pk: int) -> sheet.Sheet:
    shown, user = visible_version(request, pk), person_of(request)
    if shown.is_draft or not permissions.can_see_sheet(user, shown.document):
        raise PermissionDenied
    return sheet.sheet_of(shown, user, timezone.localdate())
