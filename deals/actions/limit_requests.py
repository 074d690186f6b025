"""Requests for a credit limit: draft, route by the norm, withdrawal (C.5 no. 16)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.actions.locks import absent_owner
from clients.models import Client
from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.approvals.limits import LimitRoute, route_for
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.money import format_money
from crm.refusals import Sentence, politely
from crm.states import move
from deals import permissions
from deals.approval_handlers import limit_evidence
from deals.conditions.signature_limits import CREDIT_LIMIT
from deals.models import LIMIT_REQUEST_MOVES, LimitRequest, LimitRequestState
from deals.pages.credit import CreditPage
from deals.receivables.norms import limit_norm

# Two names for what the inbox shows; who decides is said by the signature limits.
WITHIN_NORM = "limit.within_norm"
ABOVE_NORM = "limit.above_norm"
ONE_OPEN: dict[str, Sentence] = {
    "limit_request_one_open_per_client": (
        gettext_lazy("A request for this client is already on its way."),
        None,
    ),
}
FIELDS = ("amount", "valid_from", "deferral_days", "deferral_day_type", "reason")


@transaction.atomic
def draft_limit_request(client_id: int, *, by: User, today: date, **values: Any) -> LimitRequest:
    """Write a request down without sending it; one open request per client.

    Raises PermissionDenied, and RuleViolation for a day gone by or a missing reason.
    """
    rows = Client.objects.visible_to(by).select_for_update(of=("self",))
    client: Client = rows.get(pk=client_id)
    if not permissions.can_ask_limit(by, client):
        raise PermissionDenied
    values = _checked(values, today)
    with verb("limit.drafted", by=by, on_behalf_of=absent_owner(client, by)), politely(ONE_OPEN):
        return LimitRequest.objects.create(client=client, author=by, **values)


@transaction.atomic
def correct_limit_request(
    request_id: int, *, by: User, version: int, today: date, **values: Any
) -> LimitRequest:
    """Change a draft or a returned request; raises StaleVersion if somebody was faster."""
    request = _locked(request_id, by)
    if not permissions.can_correct_limit_request(by, request):
        raise PermissionDenied
    if request.version != version:
        raise StaleVersion(of=request)
    with verb("limit.corrected", by=by, on_behalf_of=absent_owner(request.client, by)):
        for name, value in _checked(values, today).items():
            setattr(request, name, value)
        request.version += 1
        request.save(update_fields=[*FIELDS, "version"])
    return request


def _checked(values: dict[str, Any], today: date) -> dict[str, Any]:
    """The fields of a request; refuses a day gone by and a missing reason."""
    if values["valid_from"] < today:
        raise RuleViolation(_("A limit starts today at the earliest."), field="valid_from")
    reason = values["reason"].strip()
    if not reason:
        raise RuleViolation(_("Say why."), field="reason")
    return {name: values.get(name) for name in FIELDS} | {"reason": reason}


@transaction.atomic
def submit_limit_request(request_id: int, *, by: User, version: int, today: date) -> Approval:
    """Send a draft or a returned request on its route, with the figures of today.

    The accountant gives a visa; then the signature limits say who decides: at first the head of
    the department up to the norm of the category, the director above it, or where the head asks.
    """
    request = _locked(request_id, by)
    if request.author_id != by.pk:
        raise PermissionDenied(_("Only the author may send a request."))
    if request.version != version:
        raise StaleVersion(of=request)
    client = request.client
    if not permissions.can_ask_limit(by, client):
        raise PermissionDenied
    request.evidence = limit_evidence.snapshot(CreditPage(client, by, today))
    request.save(update_fields=["evidence"])
    return approvals.submit(
        request,
        kind=kind_of(client, request.amount, today),
        by=by,
        title=f"{client.name}: {format_money(request.amount)}",
        org_unit=client.org_unit,
        today=today,
        on_behalf_of=absent_owner(client, by),
        limits=limit_route(client, request.amount, today),
    )


def limit_route(client: Client, amount: Decimal, today: date) -> LimitRoute:
    """Who decides about a limit of this amount: by how much it is above the norm."""
    above = amount - limit_norm(client, today).amount
    return route_for(CREDIT_LIMIT, over_norm=max(above, Decimal(0)))


def kind_of(client: Client, amount: Decimal, today: date) -> str:
    """How a limit of this amount is called."""
    return WITHIN_NORM if amount <= limit_norm(client, today).amount else ABOVE_NORM


@transaction.atomic
def save_limit_request(
    client_id: int,
    *,
    by: User,
    today: date,
    request_id: int | None,
    version: int,
    send: bool,
    **values: Any,
) -> None:
    """Write a new request or correct a known one and, with `send`, submit it: all or nothing."""
    if request_id is None:
        request = draft_limit_request(client_id, by=by, today=today, **values)
    else:
        request = correct_limit_request(request_id, by=by, version=version, today=today, **values)
    if send:
        submit_limit_request(request.pk, by=by, version=request.version, today=today)


@transaction.atomic
def withdraw_limit_request(request_id: int, *, by: User, today: date) -> None:
    """The author takes the request back, until somebody has signed it."""
    request = LimitRequest.objects.visible_to(by).get(pk=request_id)
    if approvals.withdraw_running(request, by=by, today=today):
        return
    request = _locked(request_id, by)
    with verb("limit.withdrawn", by=by):
        move_request(request, LimitRequestState.WITHDRAWN)


def move_request(request: LimitRequest, state: str) -> None:
    """Bring a locked request into the state if the map allows it; RuleViolation otherwise."""
    move(request, LIMIT_REQUEST_MOVES, state)


def _locked(request_id: int, by: User) -> LimitRequest:
    rows = LimitRequest.objects.visible_to(by).select_for_update(of=("self",))
    request: LimitRequest = rows.select_related("client__org_unit").get(pk=request_id)
    return request
