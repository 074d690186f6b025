"""Hand-overs of clients: choose, preview, decide, journal, take back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients import permissions
from clients.actions import assignments as actions
from clients.filters.clients import ClientFilter
from clients.forms.clients import TransferForm
from clients.lists import clients as lists
from clients.models import Client, ClientTransfer
from crm.accounts.models import User
from crm.dialogs import READ_AND_WRITE, attempt, pressed
from crm.lists import render_list
from crm.lists.page import ListPage
from crm.web import person_of, whole_number

SHOWN = 20
MOST = 20_000


@require_http_methods(READ_AND_WRITE)
def transfer(request: HttpRequest) -> HttpResponse:
    """Hand over the clients of a selection, or all that the filters of the address find."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_distribute(user):
        raise PermissionDenied
    chosen = _chosen(request, user)
    form = TransferForm(request.POST or None, user=user, today=today, initial={"key": uuid4()})
    made: list[ClientTransfer] = []
    status = attempt(request, form, lambda: made.append(_hand_over(form, chosen.rows, user)))
    if not status:
        return redirect("clients:transfer_detail", made[0].pk)
    context = {"form": form, "chosen": chosen, "count": chosen.rows.order_by().count()}
    context["shown"] = chosen.rows[:SHOWN]
    return render(request, "clients/client_transfer.html", context, status=status)


@dataclass(frozen=True)
class Chosen:
    """The clients to be handed over and how they were chosen."""

    rows: QuerySet[Any]
    ids: list[int]
    page: ListPage
    filters: ClientFilter


def _chosen(request: HttpRequest, user: User) -> Chosen:
    """Ids of a selection, else what the address of the register finds; nothing without filters."""
    rows = Client.objects.visible_to(user).for_list().open().order_by("sort_key", "pk")
    page = ListPage(lists.clients_for(user), request, rows)
    typed = [*request.GET.getlist("ids"), *request.POST.getlist("ids")]
    ids = [pk for pk in map(whole_number, typed[:MOST]) if pk is not None]
    whole = page.narrowed and not lists.in_archive(request.GET)
    found = page.queryset if whole else rows.none()
    filters = ClientFilter(request.GET, rows, request=request)
    return Chosen(rows.filter(pk__in=ids) if ids else found, ids, page, filters)


def _hand_over(form: TransferForm, rows: QuerySet[Any], user: User) -> ClientTransfer:
    data = form.cleaned_data
    return actions.transfer_clients(
        by=user,
        handover=actions.Handover(
            to_manager_id=data["manager"], on=data["on"], kind=data["kind"], note=data["note"]
        ),
        today=timezone.localdate(),
        client_ids=list(rows.order_by().values_list("pk", flat=True)[:MOST]),
        expected=data["expected"],
        key=data["key"],
    )


@require_safe
def transfer_list(request: HttpRequest) -> HttpResponseBase:
    """The journal of hand-overs."""
    user = person_of(request)
    if not permissions.can_distribute(user):
        raise PermissionDenied
    rows = ClientTransfer.objects.visible_to(user)
    rows = rows.select_related("from_manager", "to_manager", "created_by")
    return render_list(request, lists.TRANSFERS, rows)


@require_safe
def transfer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One hand-over with its clients; young ones can be taken back."""
    made = _transfer(request, pk)
    clients = Client.objects.visible_to(person_of(request)).for_list()
    context = {
        "transfer": made,
        "clients": clients.filter(assignments__transfer=made)[:SHOWN],
        "may_undo": actions.can_undo_now(made),
        "today": timezone.localdate(),
    }
    return render(request, "clients/client_transfer_detail.html", context)


@require_POST
def transfer_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the clients back to those who had them."""
    made, user = _transfer(request, pk), person_of(request)
    text = ngettext(
        "%(count)s client given back", "%(count)s clients given back", made.clients_count
    )
    return pressed(
        request,
        lambda: actions.undo_transfer(pk, by=user, today=timezone.localdate()),
        text % {"count": made.clients_count},
        event="transfer-changed",
        back=reverse("clients:transfer_detail", args=[pk]),
    )


def _transfer(request: HttpRequest, pk: int) -> ClientTransfer:
    user = person_of(request)
    rows = ClientTransfer.objects.visible_to(user)
    rows = rows.select_related("from_manager", "to_manager", "created_by", "undone_by")
    made: ClientTransfer = get_object_or_404(rows, pk=pk)
    if not permissions.can_distribute(user):
        raise PermissionDenied
    return made
