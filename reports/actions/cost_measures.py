"""Cost-reduction measures: planned, carried out, the saving confirmed by another (S3.3.1.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clients.heads import chains_of_units
from crm.accounts.models import OrgUnit, User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.notices.actions import notify, notify_many
from crm.states import move
from deals.actions.contracts import said
from reports.models import SAVING_MOVES, BudgetItem, CostMeasure, SavingState
from reports.permissions import costs as permissions


@dataclass(frozen=True)
class SavingPlan:
    """What is planned, on which item, who answers for it, until when, what it is to save."""

    title: str
    description: str
    item: BudgetItem | None
    owner: User
    due_on: date
    planned_saving: Decimal


@transaction.atomic
def plan_saving(unit_id: int, plan: SavingPlan, *, by: User, today: date) -> CostMeasure:
    """Plan a measure of a unit; whoever answers for it is told.

    Raises RuleViolation for a day gone by and for a saving of nought.
    """
    unit = OrgUnit.objects.visible_to(by).get(pk=unit_id)
    if not permissions.can_plan_saving(by, unit):
        raise PermissionDenied
    _check(plan, today)
    row = CostMeasure(org_unit=unit, created_by=by, **vars(plan))
    with verb("saving.planned", by=by):
        row.save(force_insert=True)
    if row.owner_id != by.pk:
        _tell(row, "saving.planned", row.owner_id)
    return row


@transaction.atomic
def edit_saving(
    measure_id: int, plan: SavingPlan, *, by: User, version: int, today: date
) -> CostMeasure:
    """Correct a measure that is not carried out yet; a late one may keep its day."""
    row = _locked(measure_id, by, version)
    if not permissions.can_change_saving(by, row):
        raise PermissionDenied
    _check(plan, min(today, row.due_on))
    for name, value in vars(plan).items():
        setattr(row, name, value)
    row.version += 1
    with verb("saving.edited", by=by):
        row.save(update_fields=[*vars(plan), "version"])
    return row


@transaction.atomic
def begin_saving(measure_id: int, *, by: User, version: int) -> CostMeasure:
    """Whoever answers for it, or a head, sets about it."""
    row = _locked(measure_id, by, version)
    if not permissions.can_carry_saving_out(by, row):
        raise PermissionDenied
    with verb("saving.begun", by=by):
        move(row, SAVING_MOVES, SavingState.RUNNING)
    return row


@transaction.atomic
def finish_saving(
    measure_id: int,
    *,
    by: User,
    version: int,
    on: date,
    actual_saving: Decimal,
    result: str,
    today: date,
) -> CostMeasure:
    """It is carried out: what it has saved and how that shows."""
    row = _locked(measure_id, by, version)
    if not permissions.can_carry_saving_out(by, row):
        raise PermissionDenied
    if on > today:
        raise RuleViolation(_("This day is still to come."), field="on")
    if actual_saving < 0:
        raise RuleViolation(_("Not less than zero."), field="actual_saving")
    facts: dict[str, Any] = {"done_on": on, "actual_saving": actual_saving}
    with verb("saving.done", by=by):
        move(row, SAVING_MOVES, SavingState.DONE, **facts, result=said(result, "result"))
    if row.created_by_id != by.pk:
        _tell(row, "saving.done", row.created_by_id)
    return row


@transaction.atomic
def confirm_saving(measure_id: int, *, by: User, version: int) -> CostMeasure:
    """A head believes the saving; never whoever answers for the measure."""
    row = _locked(measure_id, by, version)
    if not permissions.can_confirm_saving(by, row):
        raise PermissionDenied
    with verb("saving.confirmed", by=by):
        move(row, SAVING_MOVES, SavingState.CONFIRMED, confirmed_by=by)
    return row


@transaction.atomic
def send_saving_back(measure_id: int, *, by: User, version: int, reason: str) -> CostMeasure:
    """A head does not believe it: carried on, the figures are told anew."""
    row = _locked(measure_id, by, version)
    if not permissions.can_confirm_saving(by, row):
        raise PermissionDenied
    facts: dict[str, Any] = {"done_on": None, "actual_saving": None, "comment": said(reason)[:500]}
    with verb("saving.sent_back", by=by):
        move(row, SAVING_MOVES, SavingState.RUNNING, **facts)
    _tell(row, "saving.sent_back", row.owner_id)
    return row


@transaction.atomic
def give_up_saving(measure_id: int, *, by: User, version: int, reason: str) -> CostMeasure:
    """It will not be carried out, and why."""
    row = _locked(measure_id, by, version)
    if not permissions.can_change_saving(by, row):
        raise PermissionDenied
    with verb("saving.given_up", by=by):
        move(row, SAVING_MOVES, SavingState.CANCELLED, comment=said(reason)[:500])
    return row


@transaction.atomic
def tell_of_late_savings(*, today: date) -> int:
    """Whoever answers for a late measure and the unit's head, once for each day it was due."""
    heads, told = chains_of_units(), 0
    for row in CostMeasure.objects.late(today).select_related("owner"):
        told += notify_many(
            sorted({row.owner_id, *heads.get(row.org_unit_id, [])[:1]}),
            kind="saving.late",
            dedupe_key=f"saving.late:{row.pk}:{row.due_on}",
            url=row.get_absolute_url(),
            params=_params(row),
        )
    return told


def _check(plan: SavingPlan, first_day: date) -> None:
    said(plan.title, "title")
    if plan.due_on < first_day:
        raise RuleViolation(_("Not earlier than today."), field="due_on")
    if plan.planned_saving <= 0:
        raise RuleViolation(_("Above zero."), field="planned_saving")


def _tell(row: CostMeasure, kind: str, to: int) -> None:
    notify(
        to,
        kind=kind,
        dedupe_key=f"{kind}:{row.pk}:{row.version}",
        url=row.get_absolute_url(),
        params=_params(row),
    )


def _params(row: CostMeasure) -> dict[str, str]:
    return {"title": row.title, "due": f"{row.due_on:%d.%m.%Y}"}


def _locked(measure_id: int, by: User, version: int) -> CostMeasure:
    rows = CostMeasure.objects.visible_to(by).select_for_update(of=("self",))
    row: CostMeasure = rows.select_related("org_unit").get(pk=measure_id)
    if row.version != version:
        raise StaleVersion(of=row)
    return row
