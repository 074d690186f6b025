"""Issued originals: the register, one of them, giving out, more time, taking back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.history_view import render_history
from crm.errors import RuleViolation
from crm.lists import render_list
from crm.originals import actions, permissions
from crm.originals.forms import IssueForm, ProlongForm
from crm.originals.models import IssuedOriginal
from crm.originals.tables import ORIGINALS, state_chip
from crm.people.views.parts import attempt
from crm.web import person_of, sent_version


def visible_original(request: HttpRequest, pk: int) -> IssuedOriginal:
    """One that concerns the person, else 404."""
    rows = IssuedOriginal.objects.visible_to(person_of(request)).for_list()
    original: IssuedOriginal = get_object_or_404(rows, pk=pk)
    return original


def _kept(request: HttpRequest, pk: int) -> IssuedOriginal:
    """One that the person may take back, else 403."""
    original = visible_original(request, pk)
    if not permissions.is_keeper(person_of(request), original):
        raise PermissionDenied
    return original


@require_safe
def original_list(request: HttpRequest) -> HttpResponseBase:
    """What the person holds or gave out, and what the own people hold."""
    user = person_of(request)
    rows = IssuedOriginal.objects.visible_to(user).for_list()
    context = {"may_issue": permissions.can_issue(user)}
    return render_list(request, ORIGINALS, rows, context=context)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One original with its history."""
    original = visible_original(request, pk)
    may = permissions.can_receive(person_of(request), original)
    form = ProlongForm(initial={"version": original.version, "return_due": original.return_due})
    context = {"original": original, "chip": state_chip(original), "may_receive": may, "form": form}
    return render(request, "originals/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest) -> HttpResponse:
    """Give out an original."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_issue(user):
        raise PermissionDenied
    form = IssueForm(request.POST or None, today=today)
    tried = attempt(
        request, form, lambda: actions.issue_original(by=user, today=today, **form.new_values())
    )
    if tried.result is not None:
        messages.success(request, _("Given out"))
        return redirect(tried.result)
    return render(request, "originals/form.html", {"form": form}, status=tried.status)


@require_POST
def prolong(request: HttpRequest, pk: int) -> HttpResponse:
    """Give more time; a refusal stays at its field."""
    user, original = person_of(request), _kept(request, pk)
    form = ProlongForm(request.POST)

    def write() -> bool:
        version, due = form.cleaned_data["version"], form.cleaned_data["return_due"]
        actions.prolong_original(pk, by=user, version=version, return_due=due)
        return True

    tried = attempt(request, form, write)
    if tried.result:
        messages.success(request, _("The return has been moved"))
        return redirect(original)
    may = permissions.can_receive(user, original)
    context = {"original": original, "chip": state_chip(original), "may_receive": may, "form": form}
    return render(request, "originals/detail.html", context, status=tried.status)


@require_POST
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    user, original = person_of(request), _kept(request, pk)
    version = sent_version(request)
    try:
        actions.receive_original(pk, by=user, version=version, today=timezone.localdate())
        messages.success(request, _("Taken back"))
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    return redirect(original)


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who gave it out, moved its return, took it back."""
    return render_history(request, visible_original(request, pk))
