"""Returns: the register, one return, asking for one of a sale."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claims import permissions
from claims.actions import returns as actions
from claims.forms.returns import AskForm
from claims.lists.returns import RETURNS
from claims.models import Return
from claims.pages.return_sales import SalesToReturn
from claims.pages.returns import ReturnPage
from claims.returnable import lines_left
from crm.accounts.history_view import render_history
from crm.approvals.routes import preview
from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.lists import render_list
from crm.web import person_of
from deals.models import Shipment
from deals.views.credit import client_with_money

EVENT = "return-changed"


@require_safe
def return_list(request: HttpRequest) -> HttpResponseBase:
    """The register of returns."""
    user = person_of(request)
    if not permissions.can_see_returns(user):
        raise PermissionDenied
    rows = Return.objects.visible_to(user).for_list()
    summed = Return.objects.in_sums_of(user)
    return render_list(request, RETURNS, rows, summed=summed)


@require_safe
def return_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One return with its way, its lines and what is to be done."""
    page = ReturnPage(visible_return(request, pk), person_of(request), timezone.localdate())
    return render(request, "claims/return_detail.html", {"back": page.back, "page": page})


@require_http_methods(READ_AND_WRITE)
def return_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """What comes back of a sale; what may still come stands beside each line."""
    user, today = person_of(request), timezone.localdate()
    rows = Shipment.objects.visible_to(user).select_related("client__org_unit")
    sale: Shipment = get_object_or_404(rows, pk=pk)
    if not permissions.can_return_from(user, sale) or sale.client is None:
        raise PermissionDenied
    claim = request.GET.get("claim", "")
    form = AskForm(request.POST or None, sale=sale, user=user, left=lines_left(sale), claim=claim)
    made: list[Return] = []
    status = attempt(request, form, lambda: made.append(_ask(form, sale, request)))
    if not status:
        return saved(request, _("Sent for approval"), event=EVENT, back=made[0].get_absolute_url())
    steps = preview(actions.KIND, author=user, org_unit=sale.client.org_unit, today=today)
    title = _("Return of goods: %(sale)s") % {"sale": sale}
    more = {"body": "claims/_return_ask.html", "steps": steps, "sale": sale}
    return dialog(request, form, title=title, submit=_("Send for approval"), status=status, **more)


def _ask(form: AskForm, sale: Shipment, request: HttpRequest) -> Return:
    return actions.ask_return(
        sale.pk,
        form.asked(),
        by=person_of(request),
        today=timezone.localdate(),
        key=form.cleaned_data["key"],
    )


@require_safe
def return_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Of which sale the client gives goods back."""
    client, user = client_with_money(request, pk), person_of(request)
    if not permissions.can_ask_return(user, client):
        raise PermissionDenied
    text = request.GET.get("q", "").strip()[:100]
    page = SalesToReturn(client, user, timezone.localdate(), text)
    return render(request, "claims/return_start.html", {"client": client, "page": page})


@require_safe
def return_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what of the return."""
    return render_history(request, visible_return(request, pk))


def visible_return(request: HttpRequest, pk: int) -> Return:
    """The return with what its page shows; 404 for one that is not seen."""
    rows = Return.objects.visible_to(person_of(request)).select_related(
        *("client__manager", "client__org_unit", "shipment", "reason", "document", "manager"),
        *("created_by", "decided_by", "accepted_by"),
    )
    back: Return = get_object_or_404(rows, pk=pk)
    return back
