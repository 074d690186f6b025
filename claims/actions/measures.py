"""Corrective measures: planned, carried out, their effect checked (CM-04)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from claims import permissions
from claims.models import MEASURE_MOVES, ClaimReason, CorrectiveMeasure, MeasureState
from claims.rates import rate_after, rate_of
from clients.heads import chains_of_units
from crm.accounts.models import OrgUnit, User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.notices.actions import notify, notify_many
from crm.states import move
from crm.work.registry import setting
from deals.actions.contracts import said
from deals.models import ProductGroup


@dataclass(frozen=True)
class Plan:
    """What is planned against which problem, who answers for it and until when."""

    title: str
    description: str
    reason: ClaimReason | None
    guilty_party: str
    product_group: ProductGroup | None
    owner: User
    due_on: date


@transaction.atomic
def plan_measure(unit_id: int, plan: Plan, *, by: User, today: date) -> CorrectiveMeasure:
    """Plan a measure for a unit; what it is compared with are the last days of the setting.

    Raises RuleViolation for a day gone by, and for a measure against no problem at all.
    """
    unit = OrgUnit.objects.visible_to(by).get(pk=unit_id)
    if not permissions.can_plan_measures(by, unit):
        raise PermissionDenied
    if plan.due_on < today:
        raise RuleViolation(_("Not earlier than today."), field="due_on")
    if plan.reason is None and not plan.guilty_party and plan.product_group is None:
        text = _("Name a reason, a party at fault or a product group.")
        raise RuleViolation(text, field="reason")
    last = today - timedelta(days=1)
    first = last - timedelta(days=setting("measure.compared_days") - 1)
    row = CorrectiveMeasure(
        org_unit=unit, before_from=first, before_to=last, created_by=by, **vars(plan)
    )
    row.title = said(plan.title, "title")
    rate = rate_of(row, first, last)
    row.before_claims, row.before_rate = rate.claims, rate.percent
    with verb("measure.planned", by=by):
        row.save(force_insert=True)
    if row.owner_id != by.pk:
        notify(
            row.owner_id,
            kind="measure.planned",
            dedupe_key=f"measure:{row.pk}",
            url=row.get_absolute_url(),
            params={"title": row.title, "due": f"{row.due_on:%d.%m.%Y}"},
        )
    return row


@transaction.atomic
def begin_measure(measure_id: int, *, by: User, version: int) -> CorrectiveMeasure:
    """Whoever answers for it, or a head, sets about it; also once more after it was done."""
    row = _locked(measure_id, by, version)
    if not permissions.can_carry_out(by, row):
        raise PermissionDenied
    with verb("measure.begun", by=by):
        move(row, MEASURE_MOVES, MeasureState.RUNNING, done_on=None)
    return row


@transaction.atomic
def finish_measure(
    measure_id: int, *, by: User, version: int, on: date, today: date
) -> CorrectiveMeasure:
    """It is carried out; the days after it are counted from the next one."""
    row = _locked(measure_id, by, version)
    if not permissions.can_carry_out(by, row):
        raise PermissionDenied
    if on > today:
        raise RuleViolation(_("This day is still to come."), field="on")
    with verb("measure.done", by=by):
        move(row, MEASURE_MOVES, MeasureState.DONE, done_on=on)
    return row


@transaction.atomic
def check_measure(
    measure_id: int, *, by: User, version: int, conclusion: str, today: date
) -> CorrectiveMeasure:
    """A head looks at the rate before and after and says whether it helped; figures are kept."""
    row = _locked(measure_id, by, version)
    if not permissions.can_judge_measure(by, row):
        raise PermissionDenied
    rate = rate_after(row, today=today)
    if rate is None:
        raise RuleViolation(_("No day has passed since it was carried out."))
    with verb("measure.checked", by=by):
        move(
            row,
            MEASURE_MOVES,
            MeasureState.CHECKED,
            conclusion=said(conclusion, "conclusion"),
            after_claims=rate.claims,
            after_rate=rate.percent,
        )
    return row


@transaction.atomic
def give_up_measure(measure_id: int, *, by: User, version: int, reason: str) -> CorrectiveMeasure:
    """It will not be carried out, and why."""
    row = _locked(measure_id, by, version)
    if not permissions.can_judge_measure(by, row):
        raise PermissionDenied
    with verb("measure.given_up", by=by):
        move(row, MEASURE_MOVES, MeasureState.CANCELLED, conclusion=said(reason))
    return row


@transaction.atomic
def tell_of_late_measures(*, today: date) -> int:
    """Whoever answers for a late measure and the unit's head, once a day; how many were told."""
    heads, told = chains_of_units(), 0
    for row in CorrectiveMeasure.objects.late(today).select_related("owner"):
        told += notify_many(
            sorted({row.owner_id, *heads.get(row.org_unit_id, [])[:1]}),
            kind="measure.late",
            dedupe_key=f"measure:{row.pk}:{row.due_on}",
            url=row.get_absolute_url(),
            params={"title": row.title, "due": f"{row.due_on:%d.%m.%Y}"},
        )
    return told


def _locked(measure_id: int, by: User, version: int) -> CorrectiveMeasure:
    rows = CorrectiveMeasure.objects.visible_to(by).select_for_update(of=("self",))
    row: CorrectiveMeasure = rows.select_related("org_unit").get(pk=measure_id)
    if row.version != version:
        raise StaleVersion(of=row)
    return row
