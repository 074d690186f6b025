"""Visits: the register, the merchandiser's day, one visit with its actions."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients import permissions
from clients.actions import visits as actions
from clients.forms.visits import FindingsForm, MoveVisitForm, NewVisitForm
from clients.lists.visits import VISITS
from clients.models import MerchandiserVisit, Outlet
from clients.pages.visits import Day, VisitPage
from crm.accounts.history_view import render_history
from crm.accounts.models import DIRECTORS
from crm.dialogs import READ_AND_WRITE, asked, attempt, dialog, pressed_on, saved
from crm.forms import ReasonForm
from crm.lists import render_list
from crm.web import is_fragment, move_on, person_of, sent_version, whole_number

EVENT = "visit-changed"


@require_safe
def visit_list(request: HttpRequest) -> HttpResponseBase:
    """The register: a merchandiser's own, of visible clients for those who watch them."""
    user = person_of(request)
    if not permissions.can_see_visits(user):
        raise PermissionDenied
    context = {
        "may_steer": permissions.steers_visits(user),
        "may_see_plans": permissions.can_see_visit_plans(user),
        "may_see_work": permissions.steers_visits(user) or user.role in DIRECTORS,
        "makes_visits": permissions.makes_visits(user),
    }
    rows = MerchandiserVisit.objects.visible_to(user).for_list()
    return render_list(request, VISITS, rows, context=context)


@require_safe
def visit_today(request: HttpRequest) -> HttpResponse:
    """What the merchandiser does today."""
    user = person_of(request)
    if not permissions.makes_visits(user):
        raise PermissionDenied
    context = {"page": Day(user, timezone.localdate())}
    return render(request, "clients/visit_today.html", context)


@require_safe
def visit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit: for its merchandiser the form, for others what was seen."""
    return _page(request, visible_visit(request, pk))


def _page(
    request: HttpRequest, visit: MerchandiserVisit, form: FindingsForm | None = None
) -> HttpResponse:
    page = VisitPage(visit, person_of(request), timezone.localdate())
    if form is None and page.may_note:
        form = FindingsForm(visit=visit)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK
    context = {"visit": visit, "page": page, "form": form}
    part = form is not None and form.is_bound and is_fragment(request)
    name = "clients/_visit_form.html" if part else "clients/visit_detail.html"
    return render(request, name, context, status=status)


@require_POST
def visit_start(request: HttpRequest, pk: int) -> HttpResponse:
    """The merchandiser is in the outlet."""
    visit, user = visible_visit(request, pk), person_of(request)
    version, now = sent_version(request), timezone.now()
    return pressed_on(
        request,
        visit,
        lambda: actions.start_visit(pk, by=user, version=version, now=now),
        _("Visit started"),
        event=EVENT,
        may=permissions.makes_visits(user),
    )


@require_POST
def visit_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was seen, or finish the visit."""
    visit, user = visible_visit(request, pk), person_of(request)
    if not permissions.makes_visits(user):
        raise PermissionDenied
    finish = "finish" in request.POST
    form = FindingsForm(request.POST, visit=visit, finish=finish)
    status = attempt(request, form, lambda: _note(form, user))
    if status:
        return _page(request, visit, form)
    messages.success(request, _("Visit completed") if finish else _("Saved"))
    return move_on(request, reverse("clients:visit_today") if finish else visit.get_absolute_url())


def _note(form: FindingsForm, user: Any) -> None:
    version, now = form.cleaned_data["version"] or 0, timezone.now()
    pk, found = form.visit.pk, form.findings()
    actions.note_findings(pk, found, by=user, version=version, now=now, finish=form.finish)


@require_http_methods(READ_AND_WRITE)
def visit_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another day, with the reason."""
    visit, user, today = visible_visit(request, pk), person_of(request), timezone.localdate()
    form = MoveVisitForm(request.POST or None, initial={"version": visit.version})
    return asked(
        request,
        visit,
        form,
        lambda: actions.move_visit(pk, by=user, today=today, **form.new_values()),
        event=EVENT,
        done=_("Visit moved"),
        submit=_("Move"),
        may=permissions.steers_visits(user) or permissions.makes_visits(user),
    )


@require_http_methods(READ_AND_WRITE)
def visit_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it off with a reason."""
    visit, user = visible_visit(request, pk), person_of(request)
    form = ReasonForm(request.POST or None, initial={"version": visit.version})
    return asked(
        request,
        visit,
        form,
        lambda: actions.cancel_visit(pk, by=user, **form.new_values()),
        event=EVENT,
        done=_("Visit cancelled"),
        submit=_("Cancel visit"),
        may=permissions.steers_visits(user),
    )


@require_http_methods(READ_AND_WRITE)
def visit_create(request: HttpRequest) -> HttpResponse:
    """A visit beside the plan, to an outlet that has a merchandiser or is named by its card."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.steers_visits(user):
        raise PermissionDenied
    first = {"planned_on": today} | _chosen(request)
    form = NewVisitForm(request.POST or None, outlets=_outlets(request), initial=first)
    status = attempt(request, form, lambda: _create(form, user))
    if not status:
        back = reverse("clients:visit_list")
        return saved(request, _("Visit planned"), event=EVENT, back=back)
    return dialog(request, form, title=_("New visit"), submit=_("Add"), status=status)


def _create(form: NewVisitForm, user: Any) -> None:
    values = form.new_values()
    outlet, today = values.pop("outlet"), timezone.localdate()
    actions.create_visit(outlet.pk, by=user, today=today, **values)


def _outlets(request: HttpRequest) -> Any:
    """Outlets that somebody visits, and the one of the address."""
    rows = Outlet.objects.visible_to(person_of(request)).open().select_related("client")
    named = whole_number(request.GET.get("outlet") or request.POST.get("outlet"))
    found = rows.filter(merchandiser__isnull=False, client__archived_at=None)
    found = found | rows.filter(pk=named) if named else found
    return found.order_by("client__sort_key", "name", "pk")


def _chosen(request: HttpRequest) -> dict[str, Any]:
    """The outlet of the address with whoever goes there."""
    named = whole_number(request.GET.get("outlet"))
    outlet = _outlets(request).filter(pk=named).first() if named else None
    return {"outlet": outlet, "merchandiser": outlet.merchandiser_id} if outlet else {}


@require_safe
def visit_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who planned, moved and did it."""
    return render_history(request, visible_visit(request, pk), hidden={"checklist", "goods"})


def visible_visit(request: HttpRequest, pk: int) -> MerchandiserVisit:
    """The visit; 404 for one that is not seen."""
    rows = MerchandiserVisit.objects.visible_to(person_of(request)).for_list()
    visit: MerchandiserVisit = get_object_or_404(rows, pk=pk)
    return visit
