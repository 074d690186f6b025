"""Duties: what a page is for, what serves a duty, job descriptions of a file."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.library import actions, permissions
from crm.library.forms import CapabilityForm, DutyForm, UploadForm
from crm.library.models import Capability, Duty
from crm.library.pages import LINKS, review_of, screen_of, served
from crm.library.screens import names_of, path_of
from crm.library.views.documents import EVENT
from crm.web import is_fragment, person_of

STATES = ("none", "planned", "served", "outside")


@require_safe
def purpose(request: HttpRequest) -> HttpResponse:
    """Which duties of the reader a page serves."""
    user, today = person_of(request), timezone.localdate()
    names = names_of(path_of(request), user)
    rows = Duty.objects.of_person(user, today).served_by(names[:1])
    if not rows.exists():
        rows = Duty.objects.of_person(user, today).served_by(names)
    found = rows.select_related("version__document").prefetch_related(*LINKS)
    context = {"duties": served(found, user), "own_page": not is_fragment(request)}
    name = "_purpose" if is_fragment(request) else "purpose"
    return render(request, f"library/{name}.html", context)


@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """Duties in force that no screen serves, or whose screen is not built yet."""
    user = person_of(request)
    if not permissions.can_review_duties(user):
        raise PermissionDenied
    state = request.GET.get("state", STATES[0])
    state = state if state in STATES else STATES[0]
    found = review_of(state, timezone.localdate(), person_of(request))
    context = {"review": found, "state": state, "may_map": permissions.can_map(user)}
    return render(request, "library/review.html", context)


@require_http_methods(READ_AND_WRITE)
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what serves a duty."""
    user = person_of(request)
    duty = get_object_or_404(Duty.objects.visible_to(user).select_related("version"), pk=pk)
    _check_mapper(request)
    form = DutyForm(request.POST or None, duty=duty)
    status = attempt(request, form, lambda: actions.link_duty(pk, by=user, **form.cleaned_data))
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=duty.version.get_absolute_url())
    title = _("What serves the duty")
    return dialog(request, form, title=title, submit=_("Save"), status=status, text=str(duty))


@require_safe
def capability_list(request: HttpRequest) -> HttpResponse:
    """Capabilities with their screens."""
    _check_mapper(request)
    rows = Capability.objects.prefetch_related("screens")
    user = person_of(request)
    shown = [(row, [screen_of(one, user) for one in row.screens.all()]) for row in rows]
    return render(request, "library/capability_list.html", {"capabilities": shown})


@require_http_methods(READ_AND_WRITE)
def capability_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, other screens."""
    user = person_of(request)
    row = get_object_or_404(Capability.objects.visible_to(user), pk=pk)
    _check_mapper(request)
    form = CapabilityForm(request.POST or None, capability=row)
    status = attempt(
        request, form, lambda: actions.change_capability(pk, by=user, **form.cleaned_data)
    )
    if not status:
        return saved(request, _("Saved"), event=EVENT, back="/library/capabilities/")
    return dialog(request, form, title=row.code, submit=_("Save"), status=status, text=row.title)


@require_http_methods(READ_AND_WRITE)
def upload(request: HttpRequest) -> HttpResponse:
    """Read job descriptions of a text file."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_write(user):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None, user=user)

    def write() -> None:
        text, unit = form.cleaned_data["file"], form.cleaned_data["unit"]
        report = actions.import_descriptions(text, by=user, today=today, unit=unit)
        said = _("New: %(made)s, changed: %(changed)s, the same as before: %(same)s.")
        counts = {name: len(getattr(report, name)) for name in ("made", "changed", "same")}
        messages.success(request, said % counts)

    status = attempt(request, form, write)
    if not status:
        return redirect("/library/?step=drafts")
    return render(request, "library/upload.html", {"form": form}, status=status)


def _check_mapper(request: HttpRequest) -> None:
    if not permissions.can_map(person_of(request)):
        raise PermissionDenied
