"""Requests to change a category: draft, route, effect on its day (C.5 no. 2, CL-07)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clients import hooks, permissions
from clients.actions.locks import absent_owner
from clients.categorising.category_terms import latest_effective_day
from clients.models import (
    CATEGORY_CHANGE_MOVES,
    CategoryAssignment,
    CategoryAssignmentKind,
    CategoryChangeRequest,
    CategoryChangeState,
    Client,
)
from clients.pages import category_evidence
from crm.accounts.actions import system_person
from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.approvals.models import Approval, ApprovalStep
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.notices.actions import notify_many
from crm.said import in_each_language
from crm.states import check_move, move
from crm.work.registry import setting

KIND = "category.change"


@transaction.atomic
def draft_category_change(
    client_id: int,
    *,
    by: User,
    to_category: str,
    reason: str,
    effective_from: date,
    today: date,
) -> CategoryChangeRequest:
    """Write a request down without sending it; one open request per client."""
    client = visible_client(client_id, by)
    if not permissions.can_request_category_change(by, client):
        raise PermissionDenied(refusal_of(client))
    check_request(client, to_category, reason, effective_from, today)
    with verb("category.change.drafted", by=by, on_behalf_of=absent_owner(client, by)):
        return _new_request(client, by, to_category, reason, effective_from)


def _new_request(
    client: Client, author: User, to_category: str, reason: str, effective_from: date
) -> CategoryChangeRequest:
    try:
        with transaction.atomic():
            return CategoryChangeRequest.objects.create(
                client=client,
                from_category=category_of(client),
                to_category=to_category,
                reason=reason.strip(),
                effective_from=effective_from,
                author=author,
            )
    except IntegrityError as clash:
        if "category_request_one_open_per_client" not in str(clash):
            raise
        raise RuleViolation(_("A request for this client is already on its way.")) from clash


@transaction.atomic
def correct_category_change(
    request_id: int,
    *,
    by: User,
    version: int,
    to_category: str,
    reason: str,
    effective_from: date,
    today: date,
) -> CategoryChangeRequest:
    """Change a draft or a returned request; raises StaleVersion if somebody was faster."""
    request = _locked(request_id, by)
    if not permissions.can_correct_category_change(by, request):
        raise PermissionDenied
    if request.version != version:
        raise StaleVersion(of=request)
    check_request(request.client, to_category, reason, effective_from, today)
    with verb("category.change.corrected", by=by, on_behalf_of=absent_owner(request.client, by)):
        request.from_category = category_of(request.client)
        request.to_category, request.reason = to_category, reason.strip()
        request.effective_from = effective_from
        request.version += 1
        request.save(
            update_fields=["from_category", "to_category", "reason", "effective_from", "version"]
        )
    return request


@transaction.atomic
def submit_category_change(request_id: int, *, by: User, version: int, today: date) -> Approval:
    """Send a draft or a returned request on its route, with the evidence of today.

    The department head endorses (skipped if the head asks), the director approves.
    """
    request = _locked(request_id, by)
    if request.author_id != by.pk:
        raise PermissionDenied(_("Only the author may send a request."))
    if request.version != version:
        raise StaleVersion(of=request)
    client = request.client
    if request.from_category != client.category:
        raise RuleViolation(_("The category has changed meanwhile. Correct the request."))
    check_request(client, request.to_category, request.reason, request.effective_from, today)
    check_move(request, CATEGORY_CHANGE_MOVES, CategoryChangeState.SUBMITTED)
    request.evidence = category_evidence.snapshot(client, today=today)
    request.save(update_fields=["evidence"])
    return _submit(request, by=by, today=today, on_behalf_of=absent_owner(client, by))


def _submit(
    request: CategoryChangeRequest, *, by: User, today: date, on_behalf_of: User | None = None
) -> Approval:
    client = request.client
    return approvals.submit(
        request,
        kind=KIND,
        by=by,
        title=f"{client.name}: {request.from_category} → {request.to_category}",
        org_unit=client.org_unit,
        today=today,
        on_behalf_of=on_behalf_of,
    )


@transaction.atomic
def save_category_change(
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
        request = draft_category_change(client_id, by=by, today=today, **values)
    else:
        request = correct_category_change(request_id, by=by, version=version, today=today, **values)
    if send:
        submit_category_change(request.pk, by=by, version=request.version, today=today)


@transaction.atomic
def propose_by_system(
    client_id: int,
    *,
    to_category: str,
    reason: Callable[[], str],
    effective_from: date,
    today: date,
) -> CategoryChangeRequest:
    """Send a request whose author is the system (C.5 no. 2); head and director decide it.

    Its reason is kept in each language, beside the evidence.
    Raises RuleViolation where a request is on its way, or where nobody could decide.
    """
    client: Client = (
        Client.objects.select_for_update(of=("self",)).select_related("org_unit").get(pk=client_id)
    )
    author = system_person()
    said = in_each_language(reason)
    words = said[settings.LANGUAGE_CODE]
    check_request(client, to_category, words, effective_from, today)
    with verb("category.change.drafted", by=None):
        request = _new_request(client, author, to_category, words, effective_from)
    request.evidence = category_evidence.snapshot(client, today=today) | {"reason": said}
    request.save(update_fields=["evidence"])
    _submit(request, by=author, today=today)
    return request


@transaction.atomic
def withdraw_category_change(request_id: int, *, by: User, today: date) -> None:
    """The author takes the request back, until the head has endorsed it."""
    request = CategoryChangeRequest.objects.visible_to(by).get(pk=request_id)
    if approvals.withdraw_running(request, by=by, today=today):
        return
    request = _locked(request_id, by)
    with verb("category.change.withdrawn", by=by):
        move_request(request, CategoryChangeState.WITHDRAWN)


def move_request(request: CategoryChangeRequest, state: str, **changes: Any) -> None:
    """Bring a locked request into the state if the map allows it; RuleViolation otherwise."""
    move(request, CATEGORY_CHANGE_MOVES, state, **changes)


def check_request(
    client: Client, to_category: str, reason: str, effective_from: date, today: date
) -> None:
    """Refuse the same category, a short reason and a day in the past or too far ahead."""
    least = setting("category.reason_length")
    latest = latest_effective_day(today)
    if to_category == client.category:
        raise RuleViolation(_("The client has this category already."), field="to_category")
    if len(reason.strip()) < least:
        text = _("Write the reason in at least %(least)s characters.") % {"least": least}
        raise RuleViolation(text, field="reason")
    if effective_from < today:
        raise RuleViolation(_("The day is in the past."), field="effective_from")
    if effective_from > latest:
        text = _("Not later than %(latest)s.") % {"latest": f"{latest:%d.%m.%Y}"}
        raise RuleViolation(text, field="effective_from")


def visible_client(client_id: int, by: User) -> Client:
    """The client under a lock, if the person sees it; Client.DoesNotExist otherwise."""
    rows = Client.objects.visible_to(by).select_for_update(of=("self",))
    client: Client = rows.select_related("org_unit").get(pk=client_id)
    return client


def category_of(client: Client) -> str:
    """The category that a change starts from; a new client has none to change."""
    if client.category is None:
        raise RuleViolation(refusal_of(client))
    return client.category


def refusal_of(client: Client) -> str:
    """Why nobody may ask for this client at all, if so."""
    if client.archived_at is not None:
        return _("The client is in the archive.")
    return "" if client.category else _("The category of a new client is decided by the head.")


def _locked(request_id: int, by: User) -> CategoryChangeRequest:
    rows = CategoryChangeRequest.objects.visible_to(by).select_for_update(of=("self",))
    request: CategoryChangeRequest = rows.select_related("client__org_unit").get(pk=request_id)
    return request


def apply_category_changes(*, today: date) -> int:
    """Let approved changes take effect on their day, also those of missed days, each once.

    The old row of the history ends and the new one begins on the day that was approved. Returns
    how many took effect; running again or in parallel changes nothing more.
    """
    due = CategoryChangeRequest.objects.filter(
        state=CategoryChangeState.APPROVED, effective_from__lte=today
    )
    ids = due.order_by("effective_from", "pk").values_list("pk", flat=True)
    return sum(_apply(pk, today) for pk in list(ids))


@transaction.atomic
def _apply(request_id: int, today: date) -> int:
    rows = CategoryChangeRequest.objects.select_for_update(of=("self",))
    request = rows.filter(
        pk=request_id, state=CategoryChangeState.APPROVED, effective_from__lte=today
    ).first()
    if request is None:  # another run was faster
        return 0
    client = Client.objects.select_for_update(of=("self",)).get(pk=request.client_id)
    director = _approver(request)
    with verb("category.change.effective", by=None):
        begin_category(
            client,
            request.to_category,
            kind=CategoryAssignmentKind.CHANGE,
            day=request.effective_from,
            decided_by=director,
            request=request,
        )
        move_request(request, CategoryChangeState.EFFECTIVE)
        hooks.category_changed(client, today)
    notify_many(
        {pk for pk in (request.author_id, client.manager_id) if pk},
        kind="category.effective",
        params={
            "client": client.name,
            "to": request.to_category,
            "day": f"{request.effective_from:%d.%m.%Y}",
        },
        url=client.get_absolute_url(),
        dedupe_key=f"category.effective:{request.pk}",
    )
    return 1


def _approver(request: CategoryChangeRequest) -> User:
    """Who gave the last signature under the request."""
    approved = Approval.objects.of(request).filter(state="approved").values("pk")[:1]
    steps = ApprovalStep.objects.filter(approval__in=approved, decided_by__isnull=False)
    signer = steps.select_related("decided_by").latest("order").decided_by
    assert signer is not None
    return signer


def begin_category(
    client: Client,
    category: str,
    *,
    kind: str,
    day: date,
    decided_by: User,
    request: CategoryChangeRequest | None = None,
) -> CategoryAssignment:
    """Close the row in force and open a new one on the day; the locked client follows."""
    current = CategoryAssignment.objects.filter(client=client, valid_to=None).first()
    if current is not None:
        day = max(day, current.valid_from)
        current.valid_to = day
        current.save(update_fields=["valid_to"])
    row = CategoryAssignment.objects.create(
        client=client,
        category=category,
        kind=kind,
        valid_from=day,
        decided_by=decided_by,
        request=request,
    )
    client.category, client.category_since = category, day
    client.version += 1
    client.save(update_fields=["category", "category_since", "version", "updated_at"])
    return row


def effective_day(request: CategoryChangeRequest, today: date) -> date:
    """The day a request takes effect if it is approved today: never one that has begun."""
    return max(request.effective_from, today + timedelta(days=1))
