"""The limit matrix: a change makes a new version of the kind, running requests keep theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import Role, User
from crm.approvals import permissions
from crm.approvals.actions.routes import (
    MOST_STEPS,
    StepDraft,
    create_route,
    hold_kind,
    lock_route,
    retire,
)
from crm.approvals.limit_kinds import LimitKind, limit_kind, limit_kinds
from crm.approvals.limits import rank
from crm.approvals.models import (
    ROLES_OF_A_UNIT,
    SIGNING_LADDER,
    ApprovalRoute,
    LimitLevel,
    StepKind,
)
from crm.errors import RuleViolation
from crm.history import verb

COLUMNS = ("max_amount", "max_percent", "max_days")


@dataclass(frozen=True)
class LevelDraft:
    """A level as it was typed: how far the role decides; None means without limit."""

    role: str
    max_amount: Decimal | None = None
    max_percent: Decimal | None = None
    max_days: int | None = None
    due_working_days: int = 2


@transaction.atomic
def change_ladder(
    kind: str, *, by: User, category: str, levels: Sequence[LevelDraft], version: int
) -> ApprovalRoute:
    """Let new requests of the category («»: of all others) be decided within these limits.

    No levels for a category mean that it follows the others again. Raises RuleViolation with the
    role as its field, where a higher role would decide less than a lower one.
    """
    known = _allowed(kind, by)
    if category and category not in known.categories:
        raise RuleViolation(_("There is no such category here."))
    _check_levels(known, category, levels)
    current = lock_route(kind, version)
    kept = [level for level in _levels_of(current) if level.category != category]
    with verb("limits.changed", by=by):
        return _next(current, kind, version, by, [*kept, *_rows(category, levels)])


@transaction.atomic
def change_visas(kind: str, *, by: User, visas: Sequence[StepDraft], version: int) -> ApprovalRoute:
    """Let new requests of the kind pass these visas before they are decided."""
    _allowed(kind, by)
    _check_visas(visas)
    current = lock_route(kind, version)
    with verb("limits.visas_changed", by=by):
        return _next(current, kind, version, by, _levels_of(current), visas)


def _allowed(kind: str, by: User) -> LimitKind:
    if not permissions.can_edit_routes(by):
        raise PermissionDenied
    return limit_kind(kind)


def _levels_of(current: ApprovalRoute | None) -> list[LimitLevel]:
    return list(current.levels.all()) if current else []


def _next(
    current: ApprovalRoute | None,
    kind: str,
    version: int,
    by: User | None,
    levels: Iterable[LimitLevel],
    visas: Sequence[StepDraft] | None = None,
) -> ApprovalRoute:
    """The next version: what is not given is taken over from the present one."""
    if visas is None:
        steps = current.steps.all() if current else ()
        visas = [StepDraft(s.kind, s.role, s.unit_kind, s.due_working_days) for s in steps]
    retire(current)
    route = create_route(kind, version + 1, visas, by)
    for level in levels:
        level.pk, level.route = None, route
        level._state.adding = True
    LimitLevel.objects.bulk_create(levels)
    return route


def _rows(category: str, levels: Sequence[LevelDraft]) -> list[LimitLevel]:
    ordered = sorted(levels, key=lambda level: rank(level.role))
    return [LimitLevel(category=category, **vars(level)) for level in ordered]


def _check_levels(known: LimitKind, category: str, levels: Sequence[LevelDraft]) -> None:
    if not levels and not category:
        raise RuleViolation(_("Somebody has to decide: give at least one role a limit."))
    roles = [level.role for level in levels]
    if len(set(roles)) < len(roles) or not set(roles) <= {role.value for role in SIGNING_LADDER}:
        raise RuleViolation(_("Each role of the ladder stands here at most once."))
    used = {measure.field for measure in known.measures}
    for level in levels:
        foreign = [
            name for name in COLUMNS if name not in used and getattr(level, name) is not None
        ]
        if foreign:
            raise RuleViolation(_("This kind has no such limit."), field=level.role)
    _check_ladder(known, sorted(levels, key=lambda level: rank(level.role)))


def _check_ladder(known: LimitKind, levels: Sequence[LevelDraft]) -> None:
    """Higher roles decide at least as much as lower ones."""
    infinity = Decimal("Infinity")
    for lower, higher in pairwise(levels):
        for measure in known.measures:
            low, high = getattr(lower, measure.field), getattr(higher, measure.field)
            if (infinity if high is None else high) < (infinity if low is None else low):
                text = _("Not less than the limit of the role below (%(role)s).")
                label = str(Role(lower.role).label).lower()
                raise RuleViolation(text % {"role": label}, field=f"{higher.role}-{measure.name}")


def _check_visas(visas: Sequence[StepDraft]) -> None:
    if len(visas) > MOST_STEPS:
        raise RuleViolation(_("There are at most %s endorsements.") % MOST_STEPS)
    if any(visa.kind != StepKind.VISA for visa in visas):
        raise RuleViolation(_("Only endorsements stand before the one who decides."))
    offices = [(visa.role, visa.unit_kind) for visa in visas]
    if len(set(offices)) < len(offices):
        raise RuleViolation(_("Nobody can sign twice: each step needs a different signer."))
    if any(visa.role in ROLES_OF_A_UNIT for visa in visas):
        raise RuleViolation(_("Heads sign for their unit: choose the head of a unit."))


@transaction.atomic
def seed_limits() -> int:
    """Give each registered kind that has never had limits its first ones."""
    added = 0
    for known in limit_kinds():
        hold_kind(known.kind)
        if ApprovalRoute.objects.filter(kind=known.kind).exists():
            continue
        visas = [StepDraft(v.kind, v.role, v.unit_kind, v.due_working_days) for v in known.visas]
        levels = [
            LimitLevel(category=row.category, role=row.role, **row.limits) for row in known.defaults
        ]
        with verb("limits.seeded", by=None):
            _next(None, known.kind, 0, None, levels, visas)
        added += 1
    return added
