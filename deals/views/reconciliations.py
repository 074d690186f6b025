"""Reconciliations: the register, the board, asking for one, moving, cancelling, the card."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients.models import Client
from crm.approvals.routes import preview
from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.forms import ReasonForm
from crm.lists import render_list
from crm.web import move_on, person_of
from deals import permissions
from deals.actions import reconciliations as actions
from deals.forms.contracts import ContractStartForm
from deals.forms.reconciliations import EmergencyForm, MoveForm
from deals.lists.reconciliations import spec_for
from deals.models import ReconciliationItem
from deals.pages.reconciliation_board import ReconciliationBoard
from deals.pages.reconciliations import ReconciliationsOfClient
from deals.views.credit import client_with_money

EVENT = "reconciliation-changed"


@require_safe
def reconciliation_list(request: HttpRequest) -> HttpResponseBase:
    """The register of reconciliations."""
    user = person_of(request)
    if not permissions.can_see_reconciliations(user):
        raise PermissionDenied
    context = {
        "may_ask": permissions.can_ask_reconciliations(user),
        "may_form": permissions.can_form_acts(user),
    }
    rows = ReconciliationItem.objects.visible_to(user).for_list()
    summed = ReconciliationItem.objects.in_sums_of(user)
    return render_list(request, spec_for(user), rows, context=context, summed=summed)


@require_safe
def reconciliation_board(request: HttpRequest) -> HttpResponse:
    """What is to be done this half-year, a column for each state."""
    user = person_of(request)
    if not permissions.can_see_reconciliations(user):
        raise PermissionDenied
    board = ReconciliationBoard(request, timezone.localdate())
    context = {"board": board, "may_ask": permissions.can_ask_reconciliations(user)}
    return render(request, "deals/reconciliation_board.html", context)


@require_http_methods(READ_AND_WRITE)
def reconciliation_ask_start(request: HttpRequest) -> HttpResponse:
    """Whom to reconcile with: the form follows."""
    user = person_of(request)
    if not permissions.can_ask_reconciliations(user):
        raise PermissionDenied
    form = ContractStartForm(request.POST or None, user=user)
    if attempt(request, form, lambda: None) == 0:
        client = form.cleaned_data["client"]
        return move_on(request, reverse("deals:reconciliation_ask", args=[client.pk]))
    status = 422 if request.method == "POST" else 200
    title, body = _("Emergency reconciliation"), "deals/_client_pick.html"
    return dialog(request, form, title=title, submit=_("Next"), status=status, body=body)


@require_http_methods(READ_AND_WRITE)
def reconciliation_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a reconciliation beyond the schedule; who will decide is shown first."""
    client, user, today = client_with_money(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_ask_reconciliation(user, client):
        raise PermissionDenied
    form = EmergencyForm(request.POST or None, client=client, user=user, today=today)
    status = attempt(
        request, form, lambda: actions.request_emergency(pk, form.asked(), by=user, today=today)
    )
    decides, unit = permissions.approves_reconciliations(user, client.org_unit_id), client.org_unit
    if not status:
        said = _("The reconciliation is planned") if decides else _("Sent for approval")
        return saved(request, said, event=EVENT, back=_card(client))
    steps = None if decides else preview(actions.KIND, author=user, org_unit=unit, today=today)
    title = _("Emergency reconciliation: %(client)s") % {"client": client}
    submit = _("Plan it") if decides else _("Send for approval")
    more = {"body": "deals/_reconciliation_ask.html", "steps": steps}
    return dialog(request, form, title=title, submit=submit, status=status, **more)


@require_http_methods(READ_AND_WRITE)
def reconciliation_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another day of the half-year."""
    item, user = visible_item(request, pk), person_of(request)
    if not permissions.can_move_item(user, item):
        raise PermissionDenied
    form = MoveForm(request.POST or None, initial={"version": item.version, "as_of": item.as_of})
    status = attempt(request, form, lambda: actions.move_item(pk, by=user, **form.new_values()))
    if not status:
        return saved(request, _("Moved to another day"), event=EVENT, back=item.get_absolute_url())
    words = {
        "title": _("Move the reconciliation to another day"),
        "about": f"{item}, {item.client}",
        "text": _("The deadlines for sending and signing follow the day."),
    }
    return dialog(request, form, submit=_("Move"), status=status, **words)


@require_http_methods(READ_AND_WRITE)
def reconciliation_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """No reconciliation on this day, with a reason."""
    item, user = visible_item(request, pk), person_of(request)
    if not permissions.can_cancel_item(user, item):
        raise PermissionDenied
    form = ReasonForm(request.POST or None, initial={"version": item.version})
    status = attempt(request, form, lambda: actions.cancel_item(pk, by=user, **form.new_values()))
    if not status:
        return saved(request, _("Cancelled"), event=EVENT, back=item.get_absolute_url())
    words = {"title": _("Cancel the reconciliation"), "about": f"{item}, {item.client}"}
    return dialog(request, form, submit=words["title"], status=status, **words)


@require_safe
def client_reconciliations(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab of the client card: twelve months, the next one."""
    client = client_with_money(request, pk)
    page = ReconciliationsOfClient(client, person_of(request), timezone.localdate())
    context = {"client": client, "page": page}
    return render(request, "deals/_client_reconciliations.html", context)


def _card(client: Client) -> str:
    return f"{reverse('clients:detail', args=[client.pk])}?tab=reconciliations"


def visible_item(request: HttpRequest, pk: int) -> ReconciliationItem:
    """The reconciliation with its client and schedule; 404 for one that is not seen."""
    rows = ReconciliationItem.objects.visible_to(person_of(request)).select_related(
        "client__manager", "client__org_unit", "schedule"
    )
    item: ReconciliationItem = get_object_or_404(rows, pk=pk)
    return item
