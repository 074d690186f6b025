"""Switching people off and on, passwords, second factors, sessions, unlocking."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.accounts import actions
from crm.accounts.models import User
from crm.dialogs import READ_AND_WRITE
from crm.errors import RuleViolation
from crm.people.cards import crumbs_of
from crm.people.forms import LeaveForm
from crm.people.signin import fresh_sign_in
from crm.people.views.parts import attempt
from crm.people.views.people import managed_person
from crm.web import person_of, sent_version


@require_http_methods(READ_AND_WRITE)
@fresh_sign_in
def user_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a person off or dismiss; says first what must be handed over."""
    user, person = person_of(request), managed_person(request, pk)
    form = LeaveForm(request.POST or None, initial={"version": person.version})

    def write() -> User:
        return actions.deactivate_user(pk, by=user, **form.cleaned_data)

    tried = attempt(request, form, write)
    if tried.result is not None:
        messages.success(request, _("%(person)s can no longer sign in.") % {"person": person})
        return redirect(person)
    context = {
        "person": person,
        "form": form,
        "refusals": actions.leaving_refusals(person, by=user),
        "crumbs": crumbs_of(person),
    }
    return render(request, "accounts/user_deactivate.html", context, status=tried.status)


@require_POST
@fresh_sign_in
def user_reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a person in again."""
    user, person = person_of(request), managed_person(request, pk)
    try:
        actions.reactivate_user(pk, by=user, version=sent_version(request))
        messages.success(request, _("%(person)s can sign in again.") % {"person": person})
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    return redirect(person)


@require_POST
@fresh_sign_in
def user_reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a temporary password and show it once."""
    user, person = person_of(request), managed_person(request, pk)
    try:
        new = actions.reset_password(pk, by=user, request=request)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect(person)
    return render(request, "accounts/new_password.html", {"new": new})


@require_POST
@fresh_sign_in
def user_reset_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget the second factor of a lost phone."""
    user, person = person_of(request), managed_person(request, pk)
    try:
        actions.reset_second_factor(pk, by=user, request=request)
        messages.success(request, _("The second factor is reset; sessions are ended."))
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    return redirect(person)


@require_POST
@fresh_sign_in
def user_end_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign a person out everywhere."""
    person = managed_person(request, pk)
    actions.end_sessions(pk, by=person_of(request), request=request)
    messages.success(request, _("All sessions of %(person)s are ended.") % {"person": person})
    return redirect(person)


@require_POST
@fresh_sign_in
def user_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a locked-out person try again."""
    person = managed_person(request, pk)
    actions.unlock_user(pk, by=person_of(request), request=request)
    messages.success(request, _("%(person)s may try to sign in again.") % {"person": person})
    return redirect(person)
