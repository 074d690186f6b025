"""What becomes of an approved scheme: it begins and ends by the clock, or is ended (C.5 no. 7)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from clients.models import Client
from crm.accounts.models import User
from crm.history import verb
from crm.notices.actions import notify
from crm.states import move
from deals import permissions
from deals.actions.contracts import absent, said
from deals.actions.exceptions import end_exception, note_scheme
from deals.actions.schemes import is_beyond_policy, locked_scheme, refuse_overlap
from deals.models import SCHEME_MOVES, ExceptionKind, RelationshipScheme, SchemeState
from deals.querysets import SchemeQuerySet


def approve_scheme(scheme: RelationshipScheme, *, by: User, today: date) -> None:
    """Let a locked scheme stand; from its first day on it is in force.

    The client is locked, so that of two schemes approved at once the second sees the first.
    """
    Client.objects.select_for_update(of=("self",), no_key=True).get(pk=scheme.client_id)
    refuse_overlap(scheme)
    move(
        scheme,
        SCHEME_MOVES,
        SchemeState.APPROVED,
        approved_by=by,
        approved_at=timezone.now(),
        beyond_policy=is_beyond_policy(scheme),
    )
    if scheme.beyond_policy:
        note_scheme(scheme, by=by)
    if scheme.valid_from <= today:
        move(scheme, SCHEME_MOVES, SchemeState.ACTIVE)


@transaction.atomic
def end_scheme(
    scheme_id: int, *, by: User, version: int, reason: str, today: date
) -> RelationshipScheme:
    """End it from today on, with a reason; its exception ends with it, the manager is told."""
    scheme = locked_scheme(scheme_id, by, version)
    if not permissions.can_end_scheme(by, scheme):
        raise PermissionDenied
    with verb("relationship.terminated", by=by, on_behalf_of=absent(by, scheme.client)):
        move(
            scheme,
            SCHEME_MOVES,
            SchemeState.TERMINATED,
            ended_on=today,
            ended_by=by,
            end_reason=said(reason),
        )
        end_exception(ExceptionKind.SCHEME, scheme.pk, today=today)
    _tell_manager(scheme, "relationship.terminated", but=by)
    return scheme


def turn_schemes(*, today: date) -> int:
    """Daily 00:05: begin those whose first day has come, then end those whose last has gone by.

    How many moves; twice is once, and a scheme that began and ended in an outage does both.
    """
    return _turn_each(today, SchemeState.ACTIVE) + _turn_each(today, SchemeState.EXPIRED)


def _turn_each(today: date, state: SchemeState) -> int:
    rows = _due(today, state).order_by("pk").values_list("pk", flat=True)
    return sum(_turn(pk, today, state) for pk in list(rows))


def _due(today: date, state: SchemeState) -> SchemeQuerySet:
    rows = RelationshipScheme.objects
    return rows.to_begin(today) if state == SchemeState.ACTIVE else rows.over(today)


@transaction.atomic
def _turn(scheme_id: int, today: date, state: SchemeState) -> int:
    rows = _due(today, state).select_for_update(of=("self",)).select_related("client")
    scheme = rows.filter(pk=scheme_id).first()
    if scheme is None:
        return 0  # somebody ended it meanwhile
    with verb(f"relationship.{state.value}", by=None):
        move(scheme, SCHEME_MOVES, state)
    if state == SchemeState.EXPIRED:
        _tell_manager(scheme, "relationship.expired")
    return 1


def _tell_manager(scheme: RelationshipScheme, kind: str, *, but: User | None = None) -> None:
    manager_id = scheme.client.manager_id
    if manager_id is None or (but is not None and but.pk == manager_id):
        return
    notify(
        manager_id,
        kind=kind,
        params={"client": scheme.client.name, "reason": scheme.end_reason},
        url=scheme.get_absolute_url(),
        dedupe_key=f"{kind}:{scheme.pk}",
        email=False,
    )
