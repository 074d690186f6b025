"""Requests for a discount or a deferral beyond the policy (C.5 no. 11, DISCOUNT-1)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.actions.locks import absent_owner
from clients.categorising.discount_limits import DISCOUNT
from clients.models import Client, ClientStatus
from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.approvals.limits import LimitRoute, route_for
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.states import check_move, move
from crm.work.registry import setting
from deals import permissions
from deals.actions.exceptions import end_exception, note_terms
from deals.approval_handlers import terms_evidence
from deals.conditions.client_terms import category_deferral
from deals.conditions.signature_limits import DEFERRAL
from deals.models import TERMS_MOVES, TermsKind, TermsRequest, TermsState

APPROVAL_KINDS = {TermsKind.DISCOUNT: "terms.discount", TermsKind.DEFERRAL: "terms.deferral"}
FIELDS = ("value", "valid_from", "valid_to", "reason", "order")


@transaction.atomic
def save_terms_request(
    client_id: int,
    *,
    by: User,
    today: date,
    kind: str,
    request_id: int | None,
    version: int,
    send: bool,
    **values: Any,
) -> TermsRequest:
    """Write a new request or correct a known one and, with `send`, submit it: all or nothing.

    Raises PermissionDenied, StaleVersion, and RuleViolation at the field that is wrong.
    """
    client = _client(client_id, by)
    values = _checked(client, kind, values, today)
    if request_id is None:
        request = _draft(client, kind, by, values)
    else:
        request = _correct(request_id, client, by, version, values)
    if send:
        submit_terms_request(request.pk, by=by, version=request.version, today=today)
    return request


def _client(client_id: int, by: User) -> Client:
    rows = Client.objects.visible_to(by).select_for_update(of=("self",), no_key=True)
    client: Client = rows.get(pk=client_id)
    if not permissions.can_ask_terms(by, client):
        raise PermissionDenied
    return client


def _draft(client: Client, kind: str, by: User, values: dict[str, Any]) -> TermsRequest:
    try:
        with (
            transaction.atomic(),
            verb("terms.drafted", by=by, on_behalf_of=absent_owner(client, by)),
        ):
            return TermsRequest.objects.create(client=client, author=by, kind=kind, **values)
    except IntegrityError as clash:
        if "terms_request_one_open_per_client" not in str(clash):
            raise
        raise RuleViolation(_("A request for this client is already on its way.")) from clash


def _correct(
    request_id: int, client: Client, by: User, version: int, values: dict[str, Any]
) -> TermsRequest:
    request = _locked(request_id, by)
    if request.client_id != client.pk or not permissions.can_correct_terms(by, request):
        raise PermissionDenied
    if request.version != version:
        raise StaleVersion(of=request)
    with verb("terms.corrected", by=by, on_behalf_of=absent_owner(client, by)):
        for name, value in values.items():
            setattr(request, name, value)
        request.version += 1
        request.save(update_fields=[*FIELDS, "version"])
    return request


def _checked(client: Client, kind: str, values: dict[str, Any], today: date) -> dict[str, Any]:
    """The fields of a request; refuses days gone by, too long a period, what needs no request."""
    first, last = values["valid_from"], values["valid_to"]
    if first < today:
        raise RuleViolation(_("Terms start today at the earliest."), field="valid_from")
    if last < first:
        raise RuleViolation(_("The last day is not before the first."), field="valid_to")
    longest = setting("terms.longest_days")
    if last > first + timedelta(days=longest):
        text = _("Terms outside the policy are valid for %(days)s days at most.")
        raise RuleViolation(text % {"days": longest}, field="valid_to")
    usual = category_deferral(client.category, client.status)
    if kind == TermsKind.DEFERRAL and values["value"] <= usual:
        text = _("The category allows %(days)s days anyway.")
        raise RuleViolation(text % {"days": usual}, field="value")
    order = values.get("order")
    if order is not None and order.client_id != client.pk:
        raise RuleViolation(_("This belongs to another client."), field="order")
    reason = values["reason"].strip()
    if not reason:
        raise RuleViolation(_("Say why."), field="reason")
    return {name: values.get(name) for name in FIELDS} | {"reason": reason}


@transaction.atomic
def submit_terms_request(request_id: int, *, by: User, version: int, today: date) -> TermsRequest:
    """Send a draft or a returned request on the way that the limits say.

    Within the author's own limit it is approved at once; above everybody's limit it is refused.
    """
    request = _locked(request_id, by)
    if request.author_id != by.pk or not permissions.can_ask_terms(by, request.client):
        raise PermissionDenied
    if request.version != version:
        raise StaleVersion(of=request)
    check_move(request, TERMS_MOVES, TermsState.SUBMITTED)
    client, found = request.client, terms_route(request.client, request.kind, request.value)
    if found.refusal:
        raise RuleViolation(found.refusal, field="value")
    request.evidence = terms_evidence.snapshot(client, by, today)
    request.save(update_fields=["evidence"])
    absent = absent_owner(client, by)
    if found.is_own(by) and not found.visas:
        with verb("terms.approved_own", by=by, on_behalf_of=absent):
            approve_terms(request, by=by)
        return request
    approvals.submit(
        request,
        kind=APPROVAL_KINDS[TermsKind(request.kind)],
        by=by,
        title=lambda: f"{client.name}: {request.measure}",
        org_unit=client.org_unit,
        today=today,
        on_behalf_of=absent,
        limits=found,
    )
    return request


def terms_route(client: Client, kind: str, value: Decimal) -> LimitRoute:
    """Who decides about so much for the client."""
    category = ladder_category(client)
    if kind == TermsKind.DISCOUNT:
        return route_for(DISCOUNT, discount=value, category=category)
    return route_for(DEFERRAL, deferral=int(value), category=category)


def ladder_category(client: Client) -> str:
    """Which rows of the limits hold for the client."""
    if client.status == ClientStatus.TRADING_HALL:
        return str(ClientStatus.TRADING_HALL)
    return client.category or ""


def approve_terms(request: TermsRequest, *, by: User) -> None:
    """Let a locked request hold; who approved is kept with it."""
    move(
        request,
        TERMS_MOVES,
        TermsState.APPROVED,
        approved_by=by,
        approved_at=timezone.now(),
    )
    note_terms(request, by=by)


def take_terms_back(request: TermsRequest, *, today: date) -> None:
    """A locked request that was approved and does not hold yet goes back to its author."""
    try:
        with transaction.atomic():
            values: dict[str, Any] = {"approved_by": None, "approved_at": None}
            move(request, TERMS_MOVES, TermsState.RETURNED, **values)
    except IntegrityError as clash:
        if "terms_request_one_open_per_client" not in str(clash):
            raise
        raise RuleViolation(_("A request for this client is already on its way.")) from clash
    end_exception(request.kind, request.pk, today=today)


@transaction.atomic
def withdraw_terms_request(request_id: int, *, by: User, today: date) -> None:
    """The author takes the request back, until it is decided."""
    request = TermsRequest.objects.visible_to(by).get(pk=request_id)
    if approvals.withdraw_running(request, by=by, today=today):
        return
    request = _locked(request_id, by)
    if not permissions.can_withdraw_terms(by, request):
        raise PermissionDenied
    with verb("terms.withdrawn", by=by):
        move(request, TERMS_MOVES, TermsState.WITHDRAWN)


@transaction.atomic
def expire_terms(*, today: date) -> int:
    """Daily 00:10: what was approved up to a day gone by holds no more; how many, twice is once."""
    rows = TermsRequest.objects.over(today).order_by("pk")
    over = list(rows.select_for_update(of=("self",), skip_locked=True))
    for request in over:
        with verb("terms.expired", by=None):
            move(request, TERMS_MOVES, TermsState.EXPIRED)
    return len(over)


def _locked(request_id: int, by: User) -> TermsRequest:
    rows = TermsRequest.objects.visible_to(by).select_for_update(of=("self",))
    request: TermsRequest = rows.select_related("client__org_unit").get(pk=request_id)
    return request
