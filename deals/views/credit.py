"""Debt and credit limit of a client: the page, closing a limit."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients.models import Client
from clients.views.answers import visible_client
from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.web import is_fragment, person_of
from deals import permissions
from deals.actions import limits as actions
from deals.forms.credit import LimitCloseForm
from deals.models import CreditLimit
from deals.pages.credit import CreditPage

EVENT = "credit-changed"


def client_with_money(request: HttpRequest, pk: int) -> Client:
    """A visible client whose money the person may see; 404 and 403 otherwise."""
    client = visible_client(request, pk)
    if not permissions.can_see_money(person_of(request)):
        raise PermissionDenied
    return client


@require_safe
def credit(request: HttpRequest, pk: int) -> HttpResponse:
    """What the client owes, how much it may owe, why goods stand and what was promised."""
    client = client_with_money(request, pk)
    page = CreditPage(client, person_of(request), timezone.localdate())
    template = "deals/_credit.html" if is_fragment(request) else "deals/credit.html"
    return render(request, template, {"page": page, "client": client})


@require_http_methods(READ_AND_WRITE)
def limit_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End the limit on a day."""
    user, today = person_of(request), timezone.localdate()
    rows = CreditLimit.objects.visible_to(user).select_related("client")
    limit = get_object_or_404(rows, pk=pk)
    if not permissions.can_close_limit(user, limit.client):
        raise PermissionDenied
    initial = {"version": limit.version, "on": max(today, limit.valid_from)}
    form = LimitCloseForm(request.POST or None, initial=initial)
    status = attempt(
        request,
        form,
        lambda: actions.close_limit(
            pk, by=user, today=today, now=timezone.now(), **form.new_values()
        ),
    )
    if not status:
        return saved(request, _("Limit closed"), event=EVENT, back=page_of(limit.client_id))
    title = _("Close the limit of %(client)s") % {"client": limit.client}
    return dialog(request, form, title=title, submit=_("Close the limit"), status=status)


def page_of(client_id: int) -> str:
    """The page of the client's debt and limit."""
    return reverse("deals:credit", args=[client_id])
