"""Stops of shipping: the register, stopping, releasing and lifting."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.lists import render_list
from crm.web import person_of, sent_version
from deals import permissions
from deals.actions import stops as actions
from deals.forms.credit import ReleaseForm, StopForm
from deals.lists.stops import STOPS
from deals.models import StopShipping
from deals.views.credit import EVENT, client_with_money, page_of


@require_safe
def stop_list(request: HttpRequest) -> HttpResponseBase:
    """Flags of visible clients."""
    user = person_of(request)
    if not permissions.can_see_money(user):
        raise PermissionDenied
    rows = StopShipping.objects.visible_to(user).select_related(
        "client", "client__manager", "set_by", "released_by"
    )
    return render_list(request, STOPS, rows)


@require_http_methods(READ_AND_WRITE)
def stop_set(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop shipping to the client."""
    client, user = client_with_money(request, pk), person_of(request)
    if not permissions.can_stop_shipping(user, client):
        raise PermissionDenied
    form = StopForm(request.POST or None)
    status = attempt(
        request,
        form,
        lambda: actions.stop_client(pk, by=user, now=timezone.now(), **form.new_values()),
    )
    if not status:
        return saved(request, _("Shipping stopped"), event=EVENT, back=page_of(pk))
    title = _("Stop shipping: %(client)s") % {"client": client}
    return dialog(request, form, title=title, submit=_("Stop shipping"), status=status)


@require_http_methods(READ_AND_WRITE)
def stop_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let goods through up to a day."""
    stop, user, today = _stop(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_release_stop(user, stop.client):
        raise PermissionDenied
    initial = {"version": stop.version, "until": today}
    form = ReleaseForm(request.POST or None, user=user, today=today, initial=initial)
    status = attempt(
        request,
        form,
        lambda: actions.release_stop(pk, by=user, today=today, **form.new_values()),
    )
    if not status:
        return saved(request, _("Shipping released"), event=EVENT, back=page_of(stop.client_id))
    title = _("Release shipping: %(client)s") % {"client": stop.client}
    text = str(stop.get_reason_display())
    return dialog(request, form, title=title, text=text, submit=_("Release"), status=status)


@require_POST
def stop_lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Take down a flag that a person put up."""
    stop, user = _stop(request, pk), person_of(request)
    if not permissions.can_lift_stop(user, stop):
        raise PermissionDenied
    version = sent_version(request)
    return pressed(
        request,
        lambda: actions.lift_stop(pk, by=user, version=version, now=timezone.now()),
        _("Goods go to the client again"),
        event=EVENT,
        back=page_of(stop.client_id),
    )


def _stop(request: HttpRequest, pk: int) -> StopShipping:
    rows = StopShipping.objects.visible_to(person_of(request)).select_related("client", "set_by")
    stop: StopShipping = get_object_or_404(rows, pk=pk)
    return stop
