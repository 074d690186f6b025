"""Delivery schedules: the register, those of a client, proposing, confirming, refusing."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients.views.answers import visible_client
from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.forms import VersionForm
from crm.lists import render_list
from crm.web import person_of
from deals import permissions
from deals.actions import deliveries as actions
from deals.forms.deliveries import ClientAgreedForm, DeliveryForm, RefuseForm
from deals.lists.deliveries import DELIVERIES
from deals.models import DeliverySchedule

EVENT = "deliveries-changed"
SIDES = ("seller", "client", "department")


@require_safe
def delivery_list(request: HttpRequest) -> HttpResponseBase:
    """Schedules of visible clients, in force and proposed."""
    user = person_of(request)
    if not permissions.can_see_deliveries(user):
        raise PermissionDenied
    rows = DeliverySchedule.objects.visible_to(user).standing()
    return render_list(request, DELIVERIES, rows.select_related("client", "outlet"))


@require_safe
def delivery_client(request: HttpRequest, pk: int) -> HttpResponse:
    """Schedules of one client, with what each side has still to say."""
    client, user = visible_client(request, pk), person_of(request)
    if not permissions.can_see_deliveries(user):
        raise PermissionDenied
    rows = DeliverySchedule.objects.visible_to(user).filter(client=client).standing()
    rows = rows.select_related("outlet", "seller", "department", "client_noted_by", "asked_by")
    context = {
        "client": client,
        "schedules": [_line(row, user) for row in rows],
        "may_propose": permissions.can_propose_delivery(user) and not client.archived_at,
    }
    return render(request, "deals/delivery_client.html", context)


def _line(schedule: DeliverySchedule, user: Any) -> dict[str, Any]:
    sides = [side for side in SIDES if permissions.can_confirm(user, schedule, side)]
    may_refuse = permissions.can_refuse(user, schedule)
    return {"row": schedule, "sides": sides, "may_refuse": may_refuse}


@require_http_methods(READ_AND_WRITE)
def delivery_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose days and hours."""
    client, user, today = visible_client(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_propose_delivery(user) or client.archived_at:
        raise PermissionDenied
    form = DeliveryForm(request.POST or None, client=client, today=today)
    facts: dict[str, Any] = {"by": user, "today": today, "now": timezone.now()}
    status = attempt(
        request, form, lambda: actions.propose_delivery(pk, **facts, **form.new_values())
    )
    if not status:
        return _done(request, _("Proposed"), pk)
    title = _("Delivery to %(client)s") % {"client": client}
    return dialog(request, form, title=title, submit=_("Propose"), status=status)


@require_http_methods(READ_AND_WRITE)
def delivery_confirm(request: HttpRequest, pk: int, side: str) -> HttpResponse:
    """One side says yes."""
    schedule, user = _schedule(request, pk), person_of(request)
    if side not in SIDES:
        raise Http404
    if not permissions.can_confirm(user, schedule, side):
        raise PermissionDenied
    form_class = ClientAgreedForm if side == "client" else VersionForm
    form = form_class(request.POST or None, initial={"version": schedule.version})
    facts: dict[str, Any] = {"by": user, "side": side, "now": timezone.now()}
    status = attempt(
        request, form, lambda: actions.confirm_delivery(pk, **facts, **form.new_values())
    )
    if not status:
        return _done(request, _("Confirmed"), schedule.client_id)
    text = str(schedule)
    return dialog(request, form, title=_("Confirm"), text=text, submit=_("Confirm"), status=status)


@require_http_methods(READ_AND_WRITE)
def delivery_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """A side says no."""
    schedule, user = _schedule(request, pk), person_of(request)
    if not permissions.can_refuse(user, schedule):
        raise PermissionDenied
    form = RefuseForm(request.POST or None, initial={"version": schedule.version})
    status = attempt(
        request, form, lambda: actions.refuse_delivery(pk, by=user, **form.new_values())
    )
    if not status:
        return _done(request, _("Rejected"), schedule.client_id)
    text = str(schedule)
    return dialog(request, form, title=_("Reject"), text=text, submit=_("Reject"), status=status)


def _done(request: HttpRequest, text: str, client_id: int) -> HttpResponse:
    return saved(request, text, event=EVENT, back=DeliverySchedule.page_of(client_id))


def _schedule(request: HttpRequest, pk: int) -> DeliverySchedule:
    rows = DeliverySchedule.objects.visible_to(person_of(request)).select_related("client")
    schedule: DeliverySchedule = get_object_or_404(rows, pk=pk)
    return schedule
