"""The list of people, the card of a person, adding and editing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.accounts import permissions
from crm.accounts.history_view import render_history
from crm.accounts.models import Delegation, User
from crm.lists import render_list
from crm.people import cards
from crm.people.actions import create_person, edit_person
from crm.people.first_steps import first_steps
from crm.people.forms import PersonEditForm, PersonForm
from crm.people.scope_words import explain
from crm.people.signin import fresh_sign_in
from crm.people.tables import PEOPLE
from crm.people.views.parts import attempt, differences
from crm.web import person_of

READ_AND_WRITE = ["GET", "HEAD", "POST"]


def visible_person(request: HttpRequest, pk: int) -> User:
    """A colleague, or 404."""
    rows = User.objects.visible_to(person_of(request)).select_related("org_unit__head")
    person: User = get_object_or_404(rows, pk=pk)
    return person


def overseen_person(request: HttpRequest, pk: int) -> User:
    """A person whose full card the signed-in one may read, else 403."""
    person = visible_person(request, pk)
    if not permissions.can_see_full_card(person_of(request), person):
        raise PermissionDenied
    return person


def managed_person(request: HttpRequest, pk: int) -> User:
    """A person whom the signed-in one administers, else 403."""
    person = visible_person(request, pk)
    if not permissions.can_manage_people(person_of(request)):
        raise PermissionDenied
    return person


@require_safe
def user_list(request: HttpRequest) -> HttpResponseBase:
    """People: all for overseers, their subtree for heads."""
    user = person_of(request)
    if not permissions.can_see_people_list(user):
        raise PermissionDenied
    rows = User.objects.visible_to(user).overseen_by(user).select_related("org_unit")
    can_manage = permissions.can_manage_people(user)
    context = {"can_manage": can_manage, "steps": first_steps() if can_manage else []}
    return render_list(request, PEOPLE, rows, context=context)


@require_safe
def user_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The card: name, place and phone for every colleague, the rest for chiefs and overseers."""
    user, person = person_of(request), visible_person(request, pk)
    context = {
        "person": person,
        "full": permissions.can_see_full_card(user, person),
        "can_manage": permissions.can_manage_people(user),
        "card": cards.PersonCard(person),
        "tab": request.GET.get("tab", ""),
        "facts_url": cards.facts_address(user, person),
    }
    return render(request, "accounts/user_detail.html", context)


@require_http_methods(READ_AND_WRITE)
@fresh_sign_in
def user_create(request: HttpRequest) -> HttpResponse:
    """Add a person and show the temporary password once."""
    user = person_of(request)
    if not permissions.can_manage_people(user):
        raise PermissionDenied
    initial = {"language": user.language}
    form = PersonForm(request.POST or None, user=user, initial=initial)
    tried = attempt(request, form, lambda: create_person(by=user, **form.new_values()))
    if tried.result is not None:
        return render(request, "accounts/new_password.html", {"new": tried.result, "fresh": True})
    context = {
        "form": form,
        "title": _("New person"),
        "submit": _("Add"),
        "back": reverse("accounts:user_list"),
        "crumbs": [(_("People"), reverse("accounts:user_list"))],
    }
    return render(request, "accounts/form.html", context, status=tried.status)


@require_http_methods(READ_AND_WRITE)
@fresh_sign_in
def user_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a person; what another administrator saved meanwhile is shown beside."""
    user, person = person_of(request), managed_person(request, pk)
    initial = PersonEditForm.initial_of(person)
    form = PersonEditForm(request.POST or None, user=user, initial=initial)

    def write() -> User:
        version = form.cleaned_data["version"]
        return edit_person(pk, by=user, version=version, **form.new_values())

    tried = attempt(request, form, write)
    if tried.result is not None:
        messages.success(request, _("Saved"))
        return redirect(person)
    stale = differences(form, person) if tried.stale else []
    context = {"form": form, **_edit_words(person), "differences": stale}
    return render(request, "accounts/form.html", context, status=tried.status)


def _edit_words(person: User) -> dict[str, object]:
    return {
        "title": _("Edit: %(person)s") % {"person": person.full_name},
        "submit": _("Save"),
        "back": person.get_absolute_url(),
        "crumbs": cards.crumbs_of(person),
    }


@require_safe
def user_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about the person."""
    return render_history(request, overseen_person(request, pk))


@require_safe
def user_scope(request: HttpRequest, pk: int) -> HttpResponse:
    """«What does Ivanova see»: the scope in words; the administrator gets numbers and samples.

    Chiefs do not: by way of a substitution their people may see clients that they do not.
    """
    person = overseen_person(request, pk)
    may_count = permissions.can_manage_people(person_of(request))
    context = {
        "person": person,
        "lines": explain(person, timezone.localdate()),
        "clients_url": cards.address("clients:seen_by", person.pk) if may_count else "",
    }
    return render(request, "accounts/_scope.html", context)


@require_safe
def user_delegations(request: HttpRequest, pk: int) -> HttpResponse:
    """Substitutions of the person on either side."""
    user, person = person_of(request), overseen_person(request, pk)
    rows = Delegation.objects.visible_to(user).of(person).for_list()[:50]
    can_create = permissions.can_create_delegation(user, person)
    context = {"person": person, "delegations": rows, "can_create": can_create}
    return render(request, "accounts/_delegations.html", context)
