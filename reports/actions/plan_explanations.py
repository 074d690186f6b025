"""Why less than the norm of a plan was carried out, and whether the head takes it (S2B.V.1)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.states import move
from deals.actions.contracts import said
from reports import permissions
from reports.actions.plan_locks import lock_plan
from reports.models import (
    EXPLANATION_MOVES,
    ExplanationState,
    PlanExplanation,
)
from reports.queries.plan_execution import explained_line, is_below_norm

ANEW = (
    "reason",
    "written_by",
    "written_at",
    "state",
    "judged_by",
    "judged_at",
    "judgement",
    "version",
)


@transaction.atomic
def explain(
    plan_id: int, *, manager_id: int, client_id: int | None, reason: str, by: User, today: date
) -> PlanExplanation:
    """Write, or write anew after a refusal, why a client or a manager is below the norm.

    RuleViolation where the plan is carried out well enough, or what was written is justified.
    """
    plan = lock_plan(plan_id, by)
    line = explained_line(plan, manager_id, client_id, by)
    if line is None or not permissions.can_explain(by, plan, line, manager_id):
        raise PermissionDenied
    if not is_below_norm(plan, manager_id, client_id, today=today):
        raise RuleViolation(_("The plan is carried out by the norm: nothing is to be explained."))
    with verb("plan.explained", by=by):
        row, made = PlanExplanation.objects.select_for_update().get_or_create(
            plan=plan,
            manager_id=manager_id,
            client_id=client_id,
            defaults={
                "org_unit_id": line.org_unit_id,
                "reason": said(reason),
                "written_by": by,
                "written_at": timezone.now(),
            },
        )
    if not made:
        _write_anew(row, said(reason), by)
    return row


@transaction.atomic
def judge_explanation(
    explanation_id: int, *, by: User, version: int, justified: bool, judgement: str
) -> PlanExplanation:
    """A head above the author says whether the reason is a good one; a refusal says why not."""
    rows = PlanExplanation.objects.visible_to(by).select_for_update(of=("self",))
    row: PlanExplanation = rows.get(pk=explanation_id)
    if not permissions.can_judge_explanation(by, row):
        raise PermissionDenied
    if row.version != version:
        raise StaleVersion(of=row)
    words = judgement.strip() if justified else said(judgement, "judgement")
    with verb("plan.explanation_judged", by=by):
        move(
            row,
            EXPLANATION_MOVES,
            ExplanationState.JUSTIFIED if justified else ExplanationState.REFUSED,
            judged_by=by,
            judged_at=timezone.now(),
            judgement=words[:500],
        )
    return row


def _write_anew(row: PlanExplanation, reason: str, by: User) -> None:
    if row.state == ExplanationState.JUSTIFIED:
        raise RuleViolation(_("This has been explained and justified."))
    row.reason, row.written_by, row.written_at = reason, by, timezone.now()
    row.state, row.judged_by, row.judged_at = ExplanationState.WRITTEN, None, None
    row.judgement, row.version = "", row.version + 1
    with verb("plan.explained", by=by):
        row.save(update_fields=ANEW)
