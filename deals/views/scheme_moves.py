"""What is pressed on the page of a relationship scheme."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.approvals.limits import steps_of
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.forms import VersionForm
from crm.web import move_on, person_of, sent_version
from deals import permissions
from deals.actions import scheme_moves as moves
from deals.actions import schemes as actions
from deals.forms.orders import ReasonForm
from deals.models import RelationshipScheme
from deals.pages.schemes import SchemePage
from deals.views.schemes import visible_scheme

EVENT = "scheme-changed"


@require_http_methods(READ_AND_WRITE)
def scheme_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it for approval; who will decide is shown first."""
    scheme, user, today = visible_scheme(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_submit_scheme(user, scheme):
        raise PermissionDenied
    form = VersionForm(request.POST or None, initial={"version": scheme.version})
    status = attempt(
        request, form, lambda: actions.submit_scheme(pk, by=user, today=today, **form.new_values())
    )
    if not status:
        return saved(request, _("Sent for approval"), event=EVENT, back=scheme.get_absolute_url())
    found = actions.scheme_route(scheme)
    steps = steps_of(found, author=user, org_unit=scheme.client.org_unit, today=today)
    words: dict[str, Any] = {
        "title": _("Send the scheme for approval"),
        "submit": _("Send for approval"),
        "about": str(scheme),
        "status": status,
    }
    return dialog(request, form, body="deals/_contract_way.html", steps=steps, **words)


@require_http_methods(READ_AND_WRITE)
def scheme_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End it from today on, with a reason."""
    scheme, user, today = visible_scheme(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_end_scheme(user, scheme):
        raise PermissionDenied
    form = ReasonForm(request.POST or None, initial={"version": scheme.version})
    status = attempt(
        request, form, lambda: moves.end_scheme(pk, by=user, today=today, **form.new_values())
    )
    if not status:
        return saved(request, _("Ended"), event=EVENT, back=scheme.get_absolute_url())
    title = _("End the scheme")
    return dialog(request, form, title=title, submit=title, status=status, about=str(scheme))


@require_POST
def scheme_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The author takes it back from its way."""
    scheme, user, today = visible_scheme(request, pk), person_of(request), timezone.localdate()
    if not SchemePage(scheme, user, today).may_withdraw:
        raise PermissionDenied
    return _pressed(
        request,
        scheme,
        lambda: actions.withdraw_scheme(pk, by=user, today=today),
        _("Withdrawn"),
    )


@require_POST
def scheme_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the draft up."""
    scheme, user = visible_scheme(request, pk), person_of(request)
    if not permissions.can_edit_scheme(user, scheme):
        raise PermissionDenied
    return _pressed(
        request,
        scheme,
        lambda: actions.discard_scheme(pk, by=user, version=sent_version(request)),
        _("Given up"),
    )


@require_POST
def scheme_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft of the next period, to be edited."""
    scheme, user, today = visible_scheme(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_renew_scheme(user, scheme):
        raise PermissionDenied
    made: list[RelationshipScheme] = []
    answer = _pressed(
        request,
        scheme,
        lambda: made.append(
            actions.renew_scheme(pk, by=user, version=sent_version(request), today=today)
        ),
        "",
    )
    return move_on(request, reverse("deals:scheme_edit", args=[made[0].pk])) if made else answer


def _pressed(
    request: HttpRequest, scheme: RelationshipScheme, write: Callable[[], Any], text: str
) -> HttpResponse:
    return pressed(request, write, text, event=EVENT, back=scheme.get_absolute_url())
