"""The ladder of follow-up: who does what so many days after the due day, by category."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.models import ClientCategory
from clients.views.answers import save_record
from crm.accounts.models import User
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.web import is_fragment, person_of, sent_version
from deals import permissions
from deals.actions import ladder as actions
from deals.forms.credit import StepForm
from deals.models import FollowUpStep

EVENT = "ladder-changed"


@require_safe
def ladder(request: HttpRequest) -> HttpResponse:
    """The rungs in force by category."""
    user = person_of(request)
    if not permissions.can_see_ladder(user):
        raise PermissionDenied
    steps = list(FollowUpStep.objects.filter(archived_at=None).order_by("days_overdue"))
    names = [*ClientCategory.choices, ("-", _("Without a category"))]
    context = {
        "ladders": [
            (label, [step for step in steps if step.category == category])
            for category, label in names
        ],
        "may_edit": permissions.can_edit_ladder(user),
    }
    name = "deals/_ladder.html" if is_fragment(request) else "deals/ladder.html"
    return render(request, name, context)


@require_http_methods(READ_AND_WRITE)
def ladder_add(request: HttpRequest) -> HttpResponse:
    """Add a rung."""
    user = _editor(request)
    form = StepForm(request.POST or None)
    status = attempt(request, form, lambda: actions.add_step(by=user, **form.new_values()))
    if not status:
        return saved(request, _("Step added"), event=EVENT, back=reverse("deals:ladder"))
    return dialog(request, form, title=_("New step"), submit=_("Add"), status=status)


@require_http_methods(READ_AND_WRITE)
def ladder_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a rung."""
    user, step = _editor(request), get_object_or_404(FollowUpStep, pk=pk)
    form = StepForm(request.POST or None, record=step)
    status = save_record(
        request,
        form,
        lambda: actions.edit_step(
            pk, by=user, version=form.cleaned_data["version"] or 0, **form.new_values()
        ),
    )
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=reverse("deals:ladder"))
    words = {"title": _("Change the step"), "submit": _("Save"), "about": str(step)}
    return dialog(request, form, status=status, body="deals/_step_fields.html", **words)


@require_POST
def ladder_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rung out of the ladder."""
    user, step = _editor(request), get_object_or_404(FollowUpStep, pk=pk)
    version = sent_version(request)
    return pressed(
        request,
        lambda: actions.archive_step(step.pk, by=user, version=version, now=timezone.now()),
        _("Taken out of the ladder: %(step)s") % {"step": step},
        event=EVENT,
        back=reverse("deals:ladder"),
    )


def _editor(request: HttpRequest) -> User:
    user = person_of(request)
    if not permissions.can_edit_ladder(user):
        raise PermissionDenied
    return user
