"""Returns of the delivery: the register, one return, what is pressed on its page; no sums (C.9)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claims import permissions
from claims.actions import return_goods as actions
from claims.forms.returns import AcceptForm, ReceiveForm
from claims.lists.returns import RECEIVING
from claims.models import Return
from claims.pages.receiving import ReceivingPage
from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.lists import render_list
from crm.web import person_of

EVENT = "return-changed"


@require_safe
def receiving_list(request: HttpRequest) -> HttpResponseBase:
    """Returns from their approval on, without sums."""
    user = person_of(request)
    if not permissions.can_see_receiving(user):
        raise PermissionDenied
    return render_list(request, RECEIVING, Return.objects.seen_without_sums(user).for_receiving())


@require_safe
def receiving_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One return: what comes back, how much of it was taken."""
    page = ReceivingPage(_return(request, pk), person_of(request))
    return render(request, "claims/receiving_detail.html", {"back": page.back, "page": page})


@require_http_methods(READ_AND_WRITE)
def return_receive(request: HttpRequest, pk: int) -> HttpResponse:
    """The goods came."""
    back, user, today = _return(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_receive_return(user, back):
        raise PermissionDenied
    form = ReceiveForm(request.POST or None, initial={"version": back.version, "on": today})
    status = attempt(
        request, form, lambda: actions.receive_return(pk, by=user, today=today, **form.new_values())
    )
    if not status:
        return saved(request, _("Goods came"), event=EVENT, back=back.receiving_url)
    title = _("Goods of the return %(number)s") % {"number": back.number}
    return dialog(request, form, title=title, submit=_("Record it"), status=status)


@require_http_methods(READ_AND_WRITE)
def return_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """How many were taken, line by line."""
    back, user, today = _return(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_accept_return(user, back):
        raise PermissionDenied
    lines = ReceivingPage(back, user).lines
    form = AcceptForm(request.POST or None, lines=lines, version=back.version)
    status = attempt(
        request, form, lambda: actions.accept_return(pk, by=user, today=today, **form.new_values())
    )
    if not status:
        text = _("Recorded; accounting will credit what was accepted")
        return saved(request, text, event=EVENT, back=back.receiving_url)
    title = _("Goods accepted for return %(number)s") % {"number": back.number}
    body = "claims/_return_accept.html"
    return dialog(request, form, title=title, submit=_("Take the goods"), status=status, body=body)


def _return(request: HttpRequest, pk: int) -> Return:
    """The return without its sums; 404 for whoever is not of the delivery."""
    rows = Return.objects.seen_without_sums(person_of(request)).for_receiving()
    back: Return = get_object_or_404(rows, pk=pk)
    return back
