"""Routes: a change makes a new version, running approvals keep the old one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.approvals import permissions, registry
from crm.approvals.models import ROLES_OF_A_UNIT, ApprovalRoute, ApprovalRouteStep, StepKind
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb

MOST_STEPS = 6


@dataclass(frozen=True)
class StepDraft:
    """One step as the administrator has typed it: a role or the head of a kind of unit."""

    kind: str
    role: str = ""
    unit_kind: str = ""
    due_working_days: int = 2


@transaction.atomic
def change_route(kind: str, *, by: User, steps: Sequence[StepDraft], version: int) -> ApprovalRoute:
    """Let new requests of the kind pass these steps; returns the new version of the route."""
    if not permissions.can_edit_routes(by):
        raise PermissionDenied
    _check(steps)
    current = lock_route(kind, version)
    with verb("approval_route.changed", by=by):
        retire(current)
        return create_route(kind, version + 1, steps, by)


def lock_route(kind: str, version: int) -> ApprovalRoute | None:
    """The version in use, locked with its kind; StaleVersion if it is another than was shown."""
    hold_kind(kind)
    rows = ApprovalRoute.objects.select_for_update(of=("self",)).filter(kind=kind, active=True)
    current = rows.first()
    if (current.version if current else 0) != version:
        raise StaleVersion
    return current


def retire(current: ApprovalRoute | None) -> None:
    """Let new requests take another version."""
    if current is not None:
        current.active = False
        current.save(update_fields=["active"])


def _check(steps: Sequence[StepDraft]) -> None:
    if not 1 <= len(steps) <= MOST_STEPS:
        raise RuleViolation(_("A route has from 1 to %s steps.") % MOST_STEPS)
    if steps[-1].kind == StepKind.VISA:
        raise RuleViolation(_("The last step decides: it is an approval or a signature."))
    kinds = [step.kind == StepKind.VISA for step in steps]
    if kinds != sorted(kinds, reverse=True):
        raise RuleViolation(_("Endorsements come before approvals and signatures."))
    offices = [(step.role, step.unit_kind) for step in steps]
    if len(set(offices)) < len(offices):
        raise RuleViolation(_("Nobody can sign twice: each step needs a different signer."))
    if any(step.role in ROLES_OF_A_UNIT for step in steps):
        raise RuleViolation(_("Heads sign for their unit: choose the head of a unit."))


def hold_kind(kind: str) -> None:
    """Hold the kind until the end of the transaction, also while it has no route yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"route:{kind}"])


def create_route(
    kind: str, version: int, steps: Sequence[StepDraft], by: User | None
) -> ApprovalRoute:
    """Write a version with its steps."""
    route = ApprovalRoute.objects.create(kind=kind, version=version, created_by=by)
    ApprovalRouteStep.objects.bulk_create(
        ApprovalRouteStep(
            route=route,
            order=order,
            kind=step.kind,
            role=step.role,
            unit_kind=step.unit_kind,
            due_working_days=step.due_working_days,
        )
        for order, step in enumerate(steps, start=1)
    )
    return route


@transaction.atomic
def seed_routes() -> int:
    """Give each registered kind that has never had a route its first one."""
    added = 0
    for handler in registry.handlers():
        if handler.limits:
            continue
        hold_kind(handler.kind)
        if ApprovalRoute.objects.filter(kind=handler.kind).exists():
            continue
        drafts = [
            StepDraft(step.kind, step.role, step.unit_kind, step.due_working_days)
            for step in handler.default_route
        ]
        with verb("approval_route.seeded", by=None):
            create_route(handler.kind, 1, drafts, None)
        added += 1
    return added
