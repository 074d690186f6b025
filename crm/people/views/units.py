"""The tree of units and the pages of a unit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts import actions, permissions
from crm.accounts.history_view import render_history
from crm.accounts.models import OrgUnit, User
from crm.errors import RuleViolation
from crm.people import trees
from crm.people.forms import MoveForm, UnitEditForm, UnitForm
from crm.people.views.parts import attempt, differences
from crm.web import person_of, sent_version

READ_AND_WRITE = ["GET", "HEAD", "POST"]


def visible_unit(request: HttpRequest, pk: int) -> OrgUnit:
    """A unit for those who read the tree: others get 403."""
    user = person_of(request)
    if not permissions.can_see_units(user):
        raise PermissionDenied
    rows = OrgUnit.objects.visible_to(user).select_related("parent", "head")
    unit: OrgUnit = get_object_or_404(rows, pk=pk)
    return unit


def managed_unit(request: HttpRequest, pk: int) -> OrgUnit:
    """A unit that the signed-in person shapes, else 403."""
    unit = visible_unit(request, pk)
    if not permissions.can_manage_units(person_of(request)):
        raise PermissionDenied
    return unit


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """The tree with heads and numbers of people."""
    user = person_of(request)
    if not permissions.can_see_units(user):
        raise PermissionDenied
    closed = request.GET.get("closed") == "1"
    context = {
        "tree": trees.grow(OrgUnit.objects.visible_to(user), closed=closed),
        "closed": closed,
        "has_closed": OrgUnit.objects.visible_to(user).exclude(archived_at=None).exists(),
        "can_manage": permissions.can_manage_units(user),
    }
    return render(request, "accounts/unit_list.html", context)


@require_safe
def unit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit: head, place, people, units below."""
    user, unit = person_of(request), visible_unit(request, pk)
    below = OrgUnit.objects.visible_to(user).filter(parent=unit).in_tree_order()
    context = {
        "unit": unit,
        "above": OrgUnit.objects.above(unit).exclude(pk=unit.pk).order_by("path"),
        "below": below.select_related("head"),
        "members": User.objects.visible_to(user).working().filter(org_unit=unit)[:200],
        "can_manage": permissions.can_manage_units(user),
        "refusals": actions.closing_refusals(unit),
    }
    return render(request, "accounts/unit_detail.html", context)


@require_http_methods(READ_AND_WRITE)
def unit_create(request: HttpRequest) -> HttpResponse:
    """Add a unit, under `?parent=` when it is asked for from the tree."""
    user = person_of(request)
    if not permissions.can_manage_units(user):
        raise PermissionDenied
    initial = trees.initial_under(request.GET.get("parent", ""), user)
    form = UnitForm(request.POST or None, user=user, initial=initial)
    tried = attempt(request, form, lambda: actions.create_unit(by=user, **form.new_values()))
    if tried.result is not None:
        messages.success(request, _("Unit added"))
        return redirect(tried.result)
    context = _form_page(form, _("New unit"), _("Add"), reverse("accounts:unit_list"))
    return render(request, "accounts/form.html", context, status=tried.status)


@require_http_methods(READ_AND_WRITE)
def unit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a unit, appoint its head."""
    user, unit = person_of(request), managed_unit(request, pk)
    form = UnitEditForm(request.POST or None, user=user, initial=UnitEditForm.initial_of(unit))

    def write() -> OrgUnit:
        version = form.cleaned_data["version"]
        return actions.edit_unit(pk, by=user, version=version, **form.new_values())

    tried = attempt(request, form, write)
    if tried.result is not None:
        messages.success(request, _("Saved"))
        return redirect(unit)
    title = _("Edit: %(unit)s") % {"unit": unit}
    context = _form_page(form, title, _("Save"), unit.get_absolute_url())
    context["differences"] = differences(form, unit) if tried.stale else []
    return render(request, "accounts/form.html", context, status=tried.status)


@require_http_methods(READ_AND_WRITE)
def unit_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Hang a unit elsewhere in the tree."""
    user, unit = person_of(request), managed_unit(request, pk)
    initial = {"version": unit.version}
    form = MoveForm(request.POST or None, user=user, unit=unit, initial=initial)

    def write() -> OrgUnit:
        values = form.cleaned_data
        parent = values["parent"].pk
        return actions.move_unit(pk, by=user, version=values["version"], parent_id=parent)

    tried = attempt(request, form, write)
    if tried.result is not None:
        messages.success(request, _("Unit moved"))
        return redirect(unit)
    title = _("Move: %(unit)s") % {"unit": unit}
    context = _form_page(form, title, _("Move"), unit.get_absolute_url())
    return render(request, "accounts/form.html", context, status=tried.status)


@require_POST
def unit_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an empty unit."""
    return _press(request, pk, actions.archive_unit, _("Unit closed"))


@require_POST
def unit_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed unit again."""
    return _press(request, pk, actions.restore_unit, _("Unit opened again"))


@require_safe
def unit_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about the unit."""
    return render_history(request, visible_unit(request, pk))


def _press(request: HttpRequest, pk: int, action: Any, done: str) -> HttpResponse:
    """A button that carries the version only."""
    unit = managed_unit(request, pk)
    try:
        action(pk, by=person_of(request), version=sent_version(request))
        messages.success(request, done)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    return redirect(unit)


def _form_page(form: Any, title: str, submit: str, back: str) -> dict[str, Any]:
    crumbs = [(_("Units"), reverse("accounts:unit_list"))]
    return {"form": form, "title": title, "submit": submit, "back": back, "crumbs": crumbs}
