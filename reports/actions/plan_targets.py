"""Sums set from above and their spread: department → sectors → managers → clients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from reports import permissions
from reports.actions.plan_locks import lock_plan, same_version
from reports.days.plans import previous
from reports.formulas.spreading import chosen, shared
from reports.models import METRICS, MONEY, MonthlyPlan, PlanLine, PlanPart, PlanTarget
from reports.queries.plan_money import brought_in

ONE = Decimal(1)
NOTHING = Decimal(0)
BY_DRAFT, BY_LAST_MONTH = "draft", "last_month"


@dataclass(frozen=True)
class Whose:
    """Whose sum it is: of a unit (the department's own or a sector) or of a manager."""

    unit_id: int | None = None
    manager_id: int | None = None


@dataclass(frozen=True)
class Wanted:
    """The sums that are asked for; None is not asked for."""

    ship: Decimal | None = None
    cash: Decimal | None = None
    active: int | None = None
    contacts: int | None = None


@transaction.atomic
def set_target(plan_id: int, whose: Whose, wanted: Wanted, *, by: User, version: int) -> PlanTarget:
    """Say from above what the department, a sector or a manager is to plan."""
    plan = lock_plan(plan_id, by)
    _check(plan, whose, by)
    same_version(plan, version)
    with verb("plan.target_set", by=by):
        target = _kept(plan, whose, wanted, by)
        _touched(plan)
    return target


@transaction.atomic
def spread_target(plan_id: int, whose: Whose, *, by: User, version: int, basis: str) -> int:
    """Share the sums of a target out one level down: among sectors, managers or clients.

    In proportion to the drafts or to the last month, kopecks kept whole. Values of clients are
    written where the person may edit them; RuleViolation where one may not. How many got a share.
    """
    plan = lock_plan(plan_id, by)
    _check(plan, whose, by, spreading=True)
    same_version(plan, version)
    target = PlanTarget.objects.filter(
        plan=plan, org_unit=whose.unit_id, manager=whose.manager_id
    ).first()
    if target is None:
        raise RuleViolation(_("No sum has been set here to be spread."))
    with verb("plan.target_spread", by=by):
        count = _spread(plan, whose, target, by, basis)
        _touched(plan)
    return count


def _spread(plan: MonthlyPlan, whose: Whose, target: PlanTarget, by: User, basis: str) -> int:
    lines = list(plan.lines.select_for_update(of=("self",)).order_by("pk"))
    weigh = _weights(plan, lines, basis)
    if whose.manager_id is not None:
        own = [line for line in lines if line.manager_id == whose.manager_id]
        return _to_lines(plan, own, target, by, weigh)
    if whose.unit_id == plan.org_unit_id and len({line.org_unit_id for line in lines}) > 1:
        return _to_targets(plan, _groups(lines, "org_unit_id"), target, by, weigh)
    inside = [line for line in lines if line.org_unit_id == whose.unit_id] or lines
    return _to_targets(plan, _groups(inside, "manager_id"), target, by, weigh)


def _groups(lines: list[PlanLine], name: str) -> dict[Whose, list[PlanLine]]:
    found: dict[Whose, list[PlanLine]] = {}
    field = "unit_id" if name == "org_unit_id" else "manager_id"
    for line in lines:
        found.setdefault(Whose(**{field: getattr(line, name)}), []).append(line)
    return found


Weights = Mapping[tuple[int, str], Decimal]


def _weights(plan: MonthlyPlan, lines: list[PlanLine], basis: str) -> Weights:
    """What each line weighs in each metric: its draft, or what the client brought last month."""
    past = {}
    if basis == BY_LAST_MONTH:
        past = brought_in(previous(plan.month), [line.client_id for line in lines])
    found: dict[tuple[int, str], Decimal] = {}
    for line in lines:
        for name in METRICS:
            if basis == BY_LAST_MONTH:
                value = getattr(past.get(line.client_id), name, 0)
            else:
                value = getattr(line, f"suggested_{name}", None) or getattr(line, name)
            found[line.pk, name] = Decimal(value or 0)
    return found


def _to_targets(
    plan: MonthlyPlan,
    groups: dict[Whose, list[PlanLine]],
    target: PlanTarget,
    by: User,
    weigh: Weights,
) -> int:
    wanted: dict[Whose, dict[str, Any]] = {whose: {} for whose in groups}
    for name in METRICS:
        total = getattr(target, name)
        if total is None:
            continue
        weights = [sum((weigh[line.pk, name] for line in own), NOTHING) for own in groups.values()]
        step = Decimal("0.01") if name in MONEY else ONE
        for whose, share in zip(groups, shared(Decimal(total), weights, step), strict=True):
            wanted[whose][name] = share if name in MONEY else int(share)
    for whose, values in wanted.items():
        _kept(plan, whose, Wanted(**values), by)
    return len(wanted)


def _to_lines(
    plan: MonthlyPlan, lines: list[PlanLine], target: PlanTarget, by: User, weigh: Weights
) -> int:
    parts = {(one.org_unit_id, one.manager_id): one for one in plan.parts.all()}
    for line in lines:
        part: PlanPart = parts[line.org_unit_id, line.manager_id]
        if not permissions.can_edit_line(by, plan, part):
            raise RuleViolation(_("These lines have been handed in."))
    for name in METRICS:
        total = getattr(target, name)
        if total is None:
            continue
        if name == "active":
            values: list[Any] = list(chosen(total, [weigh[line.pk, "ship"] for line in lines]))
        else:
            step = Decimal("0.01") if name in MONEY else ONE
            values = shared(Decimal(total), [weigh[line.pk, name] for line in lines], step)
        for line, value in zip(lines, values, strict=True):
            setattr(line, name, value if name in MONEY else int(value))
    for line in lines:
        line.version += 1
    PlanLine.objects.bulk_update(lines, [*METRICS, "version"], batch_size=1000)
    return len(lines)


def _check(plan: MonthlyPlan, whose: Whose, by: User, *, spreading: bool = False) -> None:
    """Whose sum it is stands in the plan, and the person is above it (or in it, to spread it)."""
    parts = plan.parts.all()
    if whose.manager_id is not None:
        units = [part.org_unit_id for part in parts if part.manager_id == whose.manager_id]
        above = [one for one in units if permissions.can_set_target(by, plan, one)]
        own = spreading and by.pk == whose.manager_id and plan.is_editable
        if not units or not (above or own):
            raise PermissionDenied
        return
    known = {plan.org_unit_id, *(part.org_unit_id for part in parts)}
    divides = whose.unit_id if spreading else None
    if whose.unit_id not in known or not permissions.can_set_target(by, plan, divides):
        raise PermissionDenied


def _kept(plan: MonthlyPlan, whose: Whose, wanted: Wanted, by: User) -> PlanTarget:
    target, made = PlanTarget.objects.get_or_create(
        plan=plan,
        org_unit_id=whose.unit_id,
        manager_id=whose.manager_id,
        defaults={**vars(wanted), "set_by": by},
    )
    if not made:
        for name, value in vars(wanted).items():
            setattr(target, name, value)
        target.set_by, target.version = by, target.version + 1
        target.save(update_fields=[*METRICS, "set_by", "set_at", "version"])
    return target


def _touched(plan: MonthlyPlan) -> None:
    MonthlyPlan.objects.filter(pk=plan.pk).update(version=F("version") + 1)
