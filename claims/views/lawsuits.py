"""Lawsuits over claims: preparing, stages, the package for the court."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.actions import lawsuits as actions
from claims.forms.outgoing import LawsuitCountForm, LawsuitForm, PrepareForm, StageForm
from claims.models import Lawsuit, LawsuitPackage, LawsuitState
from claims.outgoing import package_files
from claims.permissions import outgoing as permissions
from claims.views.outgoing import visible_claim
from claims.views.outgoing_moves import EVENT, asked
from crm.accounts.actions import log_access
from crm.accounts.models import AccessEventKind
from crm.dialogs import READ_AND_WRITE, pressed
from crm.web import person_of, sent_version


@require_http_methods(READ_AND_WRITE)
def lawsuit_prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a lawsuit over what is left."""
    claim, user, today = visible_claim(request, pk), person_of(request), timezone.localdate()
    initial = {"version": claim.version, "to": today}
    form = PrepareForm(request.POST or None, initial=initial)
    return asked(
        request,
        claim,
        form,
        lambda: actions.prepare_lawsuit(pk, by=user, today=today, **form.new_values()),
        may=permissions.can_prepare_lawsuit(user, claim),
        done=_("The lawsuit is being prepared"),
        title=_("Prepare a lawsuit"),
        submit=_("Prepare"),
    )


@require_http_methods(READ_AND_WRITE)
def lawsuit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Court, number of the case, duty."""
    lawsuit, user = _visible(request, pk), person_of(request)
    initial = {name: getattr(lawsuit, name) for name in LawsuitForm.base_fields}
    form = LawsuitForm(request.POST or None, initial=initial)
    return asked(
        request,
        lawsuit.claim,
        form,
        lambda: actions.edit_lawsuit(pk, by=user, **form.new_values()),
        may=permissions.can_move_lawsuit(user, lawsuit),
        done=_("Saved"),
        title=_("Lawsuit"),
        submit=_("Save"),
    )


@require_http_methods(READ_AND_WRITE)
def lawsuit_recount(request: HttpRequest, pk: int) -> HttpResponse:
    """Count what is asked of the court to another day."""
    lawsuit, user, today = _visible(request, pk), person_of(request), timezone.localdate()
    initial = {"version": lawsuit.version, "to": today}
    form = LawsuitCountForm(request.POST or None, initial=initial)
    return asked(
        request,
        lawsuit.claim,
        form,
        lambda: actions.recount_lawsuit(pk, by=user, today=today, **form.new_values()),
        may=permissions.can_move_lawsuit(user, lawsuit),
        done=_("Recalculated"),
        title=_("Recalculate"),
        submit=_("Count"),
    )


@require_http_methods(READ_AND_WRITE)
def lawsuit_move(request: HttpRequest, pk: int, state: str) -> HttpResponse:
    """The next stage with its day."""
    if state not in LawsuitState.values:
        raise Http404
    lawsuit, user, today = _visible(request, pk), person_of(request), timezone.localdate()
    initial = {"version": lawsuit.version, "case_number": lawsuit.case_number}
    form = StageForm(request.POST or None, state=state, today=today, initial=initial)
    return asked(
        request,
        lawsuit.claim,
        form,
        lambda: actions.move_lawsuit(pk, form.stage(), by=user, today=today, **form.shown()),
        may=permissions.can_move_lawsuit(user, lawsuit),
        done=_("The stage is recorded"),
        title=LawsuitState(state).label,
        submit=_("Save"),
    )


@require_POST
def package_make(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the archive for the court made."""
    lawsuit, user, version = _visible(request, pk), person_of(request), sent_version(request)
    return pressed(
        request,
        lambda: actions.ask_for_package(pk, by=user, version=version),
        _("The package is being made"),
        event=EVENT,
        back=lawsuit.get_absolute_url(),
    )


@require_safe
def package_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the package is, what is in it and what is missing."""
    package = _package(request, pk)
    may = permissions.can_pack_lawsuit(person_of(request))
    context = {"package": package, "may_take": may}
    return render(request, "claims/_lawsuit_package.html", context)


@require_safe
def package_zip(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The archive; the lawyer alone takes it."""
    user, package = person_of(request), _package(request, pk)
    if not permissions.can_pack_lawsuit(user):
        raise PermissionDenied
    if package.state != "done":
        raise Http404
    name = package_files.name_of(package)
    rows = len(package.contents)
    log_access(user, kind=AccessEventKind.EXPORT, target=name, rows=rows, request=request)
    try:
        file = package_files.opened(package)
    except FileNotFoundError as gone:
        raise Http404 from gone
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


def _visible(request: HttpRequest, pk: int) -> Lawsuit:
    rows = Lawsuit.objects.visible_to(person_of(request)).select_related("claim__client")
    lawsuit: Lawsuit = get_object_or_404(rows, pk=pk)
    return lawsuit


def _package(request: HttpRequest, pk: int) -> LawsuitPackage:
    rows = LawsuitPackage.objects.visible_to(person_of(request))
    package: LawsuitPackage = get_object_or_404(rows.select_related("lawsuit__claim"), pk=pk)
    return package
