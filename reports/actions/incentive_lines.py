"""Rewards and reductions of a sheet: with grounds, within the law (D.14, L238, L248)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from crm.money import format_money
from crm.said import in_each_language
from crm.work.registry import setting
from deals.actions.contracts import said
from reports.actions.incentive_drafts import lock_sheet, retotal
from reports.formulas.incentives import reduction_cap
from reports.grounds.registry import Ground, ground_of
from reports.models import DecisionKind, IncentiveDecision, IncentiveSheet
from reports.parameters import month_end
from reports.permissions import incentives as permissions


@dataclass(frozen=True)
class Wanted:
    """What is decided; `ground` is the key of a fact (`reports.grounds.registry`)."""

    kind: str
    ground: str
    grounds: str
    amount: Decimal = Decimal(0)
    what: str = ""
    disciplinary_order: str = ""
    order_on: date | None = None
    acknowledged_on: date | None = None
    exception_reason: str = ""


@transaction.atomic
def add_decision(
    sheet_id: int, wanted: Wanted, *, by: User, version: int, today: date
) -> IncentiveDecision:
    """Add a reward or a reduction to an open sheet.

    RuleViolation without grounds or their fact, for another's subordinate without a reason, for a
    disciplinary reduction without order and acknowledgement or above the lawful cap.
    """
    sheet = lock_sheet(sheet_id, by, version)
    if not permissions.can_decide_sheet(by, sheet):
        raise PermissionDenied
    fact = ground_of(sheet, wanted.ground)
    if fact is None:
        raise RuleViolation(_("Choose the fact that it rests on."), field="ground")
    direct = permissions.is_direct(by, sheet)
    if not direct and not wanted.exception_reason.strip():
        text = _("The employee is not your direct subordinate: say why you decide about it.")
        raise RuleViolation(text, field="exception_reason")
    _check_amount(wanted)
    _check_discipline(sheet, wanted, today)
    row = _row(sheet, wanted, fact, direct=direct)
    row.created_by = by
    with verb("incentive.line_added", by=by):
        row.save(force_insert=True)
        retotal(sheet)
    return row


@transaction.atomic
def withdraw_decision(decision_id: int, *, by: User, version: int) -> IncentiveDecision:
    """Take a reward or a reduction of an open sheet back; it stays in sight, struck out."""
    found = IncentiveDecision.objects.visible_to(by).get(pk=decision_id)
    sheet = lock_sheet(found.sheet_id, by, version)
    if not permissions.can_decide_sheet(by, sheet):
        raise PermissionDenied
    row: IncentiveDecision = IncentiveDecision.objects.get(pk=decision_id)
    if row.withdrawn_at is not None:
        raise RuleViolation(_("This has been taken back already."))
    row.withdrawn_at = timezone.now()
    with verb("incentive.line_withdrawn", by=by):
        row.save(update_fields=["withdrawn_at"])
        _refuse_above_cap(sheet, Decimal(0))
        retotal(sheet)
    return row


def _check_amount(wanted: Wanted) -> None:
    if wanted.kind == DecisionKind.NONMATERIAL:
        if not wanted.what.strip():
            raise RuleViolation(_("Say what is given."), field="what")
        if wanted.amount:
            raise RuleViolation(_("A non-monetary reward has no amount."), field="amount")
    elif wanted.amount <= 0:
        raise RuleViolation(_("Above zero."), field="amount")


def _check_discipline(sheet: IncentiveSheet, wanted: Wanted, today: date) -> None:
    """A reduction for a penalty: order, acknowledgement, the period of the penalty, the cap."""
    if not wanted.disciplinary_order.strip():
        if wanted.order_on or wanted.acknowledged_on:
            raise RuleViolation(_("Give the number of the order."), field="disciplinary_order")
        return
    if wanted.kind != DecisionKind.REDUCTION:
        text = _("Only a reduction of the bonus refers to a disciplinary order.")
        raise RuleViolation(text, field="disciplinary_order")
    if wanted.order_on is None or not sheet.month <= wanted.order_on <= month_end(sheet.month):
        text = _("A penalty reduces the bonus of its own period: the order is of this month.")
        raise RuleViolation(text, field="order_on")
    read = wanted.acknowledged_on
    if read is None or not wanted.order_on <= read <= today:
        text = _("Say when the employee has read the order: not before it, not in the future.")
        raise RuleViolation(text, field="acknowledged_on")
    _refuse_above_cap(sheet, wanted.amount)


def _refuse_above_cap(sheet: IncentiveSheet, more: Decimal) -> None:
    """Disciplinary reductions take 20 % of the monthly wage at most (art. 135 TK)."""
    rows = sheet.decisions.standing()
    rewards = rows.filter(kind=DecisionKind.REWARD).aggregate(sum=Sum("amount"))["sum"] or 0
    taken = rows.exclude(disciplinary_order="").aggregate(sum=Sum("amount"))["sum"] or 0
    share = setting("incentive.reduction_cap_percent")
    cap = reduction_cap(sheet.after_correction, sheet.salary, Decimal(rewards), Decimal(share))
    if taken + more > cap:
        text = _("Disciplinary reductions may take %(cap)s at most: %(share)s %% of the salary.")
        facts = {"cap": format_money(cap), "share": share}
        raise RuleViolation(text % facts, field="amount")


def _row(sheet: IncentiveSheet, wanted: Wanted, fact: Ground, *, direct: bool) -> IncentiveDecision:
    called = in_each_language(lambda: getattr(ground_of(sheet, fact.key), "title", fact.title))
    return IncentiveDecision(
        sheet=sheet,
        kind=wanted.kind,
        amount=wanted.amount,
        what=wanted.what.strip(),
        grounds=said(wanted.grounds, "grounds"),
        ground_kind=fact.kind,
        ground_id=fact.pk,
        ground_title=called["ru"],
        ground_title_en=called["en"],
        ground_url=fact.url[:300],
        violation_id=fact.pk if fact.kind == "violation" else None,
        disciplinary_order=wanted.disciplinary_order.strip(),
        order_on=wanted.order_on,
        acknowledged_on=wanted.acknowledged_on,
        exception_reason="" if direct else wanted.exception_reason.strip(),
    )
