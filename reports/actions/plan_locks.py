"""The lock that every write of a plan takes first: the plan's row, then parts and lines."""

from __future__ import annotations

from crm.accounts.models import User
from crm.errors import StaleVersion
from reports.models import MonthlyPlan, PlanPart


def lock_plan(plan_id: int, by: User, version: int | None = None) -> MonthlyPlan:
    """A visible plan, locked; StaleVersion if it has moved since the page was shown."""
    rows = MonthlyPlan.objects.visible_to(by).select_for_update(of=("self",))
    plan: MonthlyPlan = rows.select_related("org_unit").get(pk=plan_id)
    if version is not None and plan.version != version:
        raise StaleVersion
    return plan


def lock_part(part_id: int, by: User, version: int) -> PlanPart:
    """A visible part under the lock of its plan."""
    seen = PlanPart.objects.visible_to(by).get(pk=part_id)
    plan = lock_plan(seen.plan_id, by)
    part: PlanPart = PlanPart.objects.select_for_update().get(pk=part_id)
    if part.version != version:
        raise StaleVersion
    part.plan = plan
    return part
