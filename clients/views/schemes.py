"""Approach schemes: list, editor, starting and stopping a series for a client."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients import permissions
from clients.actions import schemes as actions
from clients.forms.contacts import ReasonForm
from clients.forms.schemes import SchemeEditor, StartSchemeForm
from clients.models import ApproachScheme, Client, SchemeRun
from clients.views.parts import changed, refused
from crm.dialogs import attempt, beside_its_field, dialog
from crm.errors import RuleViolation
from crm.web import move_on, person_of, sent_version

READ_AND_WRITE = ["GET", "HEAD", "POST"]


@require_safe
def scheme_list(request: HttpRequest) -> HttpResponse:
    """All schemes with their length and use."""
    user = person_of(request)
    if not permissions.can_see_schemes(user):
        raise PermissionDenied
    rows = ApproachScheme.objects.visible_to(user).select_related("author")
    rows = rows.annotate(
        step_count=Count("steps", distinct=True),
        days=Max("steps__offset_days"),
        run_count=Count("runs", distinct=True),
    )
    context = {
        "schemes": rows.order_by("archived_at", "name"),
        "may_create": permissions.can_create_scheme(user),
    }
    return render(request, "clients/scheme_list.html", context)


@require_safe
def scheme_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The steps of a scheme and the series under way with visible clients."""
    user = person_of(request)
    scheme = _scheme_or_404(request, pk)
    runs = SchemeRun.objects.running().visible_to(user).filter(scheme=scheme)
    context = {
        "scheme": scheme,
        "steps": scheme.steps.all(),
        "runs": runs.select_related("client", "started_by")[:100],
        "may_edit": permissions.can_edit_scheme(user, scheme),
    }
    return render(request, "clients/scheme_detail.html", context)


@require_http_methods(READ_AND_WRITE)
def scheme_create(request: HttpRequest) -> HttpResponse:
    """Compose a new scheme."""
    user = person_of(request)
    if not permissions.can_create_scheme(user):
        raise PermissionDenied
    return _edit(request, None)


@require_http_methods(READ_AND_WRITE)
def scheme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a scheme; series under way keep their contacts."""
    scheme = _scheme_or_404(request, pk)
    if not permissions.can_edit_scheme(person_of(request), scheme):
        raise PermissionDenied
    return _edit(request, scheme)


def _edit(request: HttpRequest, scheme: ApproachScheme | None) -> HttpResponse:
    if request.method != "POST":
        editor = SchemeEditor.stored(scheme) if scheme else SchemeEditor.empty()
        return _show(request, editor, scheme, 200)
    command = request.POST.get("command", "")
    if command:
        return _show(request, SchemeEditor.rearranged(request.POST, command), scheme, 200)
    editor = SchemeEditor.sent(request.POST)
    if not editor.is_valid():
        return _show(request, editor, scheme, 422)
    try:
        saved = _save(request, editor, scheme)
    except RuleViolation as refusal:
        return _show(request, editor, scheme, beside_its_field(editor.head, refusal))
    return move_on(request, reverse("clients:scheme_detail", args=[saved.pk]))


def _save(
    request: HttpRequest, editor: SchemeEditor, scheme: ApproachScheme | None
) -> ApproachScheme:
    by, values = person_of(request), editor.new_values()
    if scheme is None:
        return actions.create_scheme(by=by, **values)
    version = editor.head.cleaned_data["version"] or 0
    return actions.edit_scheme(scheme.pk, by=by, version=version, **values)


def _show(
    request: HttpRequest, editor: SchemeEditor, scheme: ApproachScheme | None, status: int
) -> HttpResponse:
    context = {"editor": editor, "scheme": scheme}
    return render(request, "clients/scheme_form.html", context, status=status)


@require_POST
def scheme_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a scheme out of use, or back into it."""
    scheme = _scheme_or_404(request, pk)
    version = sent_version(request)
    archived = request.POST.get("archived") == "1"
    try:
        actions.archive_scheme(pk, by=person_of(request), version=version, archived=archived)
    except RuleViolation as refusal:
        return refused(request, refusal, back=scheme.get_absolute_url())
    return redirect("clients:scheme_list")


@require_http_methods(READ_AND_WRITE)
def scheme_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a series with a client."""
    by, now = person_of(request), timezone.now()
    client = get_object_or_404(Client.objects.visible_to(by), pk=pk)
    if not permissions.can_log_contact(by, client):
        raise PermissionDenied
    initial = {"start_on": f"{timezone.localtime(now):%Y-%m-%d}"}
    form = StartSchemeForm(request.POST or None, user=by, initial=initial)
    status = attempt(
        request, form, lambda: actions.start_scheme(pk, by=by, now=now, **form.new_values())
    )
    if not status:
        return changed(request, _("The series was planned"), back=client.get_absolute_url())
    texts = {"title": _("Start a scheme: %(client)s") % {"client": client}, "submit": _("Plan")}
    return dialog(request, form, **texts, status=status)


@require_http_methods(READ_AND_WRITE)
def scheme_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a series: what is still ahead is cancelled."""
    by, now = person_of(request), timezone.now()
    run = get_object_or_404(SchemeRun.objects.visible_to(by).select_related("client"), pk=pk)
    if not permissions.can_log_contact(by, run.client):
        raise PermissionDenied
    form = ReasonForm(request.POST or None, initial={"version": 0})
    status = attempt(
        request,
        form,
        lambda: actions.stop_scheme(pk, by=by, now=now, reason=form.cleaned_data["reason"]),
    )
    if not status:
        return changed(request, _("The series was stopped"), back=run.client.get_absolute_url())
    texts = {"title": _("Stop the series"), "submit": _("Stop"), "text": str(run)}
    return dialog(request, form, **texts, status=status)


def _scheme_or_404(request: HttpRequest, pk: int) -> ApproachScheme:
    user = person_of(request)
    if not permissions.can_see_schemes(user):
        raise PermissionDenied
    rows = ApproachScheme.objects.visible_to(user).select_related("author")
    scheme: ApproachScheme = get_object_or_404(rows, pk=pk)
    return scheme
