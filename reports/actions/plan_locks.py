"""The lock that every write of a plan takes first: the plan's row, then parts and lines."""

from __future__ import annotations

from crm.accounts.models import User
from crm.errors import StaleVersion
from reports.models import MonthlyPlan, PlanPart


def lock_plan(plan_id: int, by: User) -> MonthlyPlan:
    """A visible plan, locked until the end of the transaction."""
    rows = MonthlyPlan.objects.visible_to(by).select_for_update(of=("self",))
    plan: MonthlyPlan = rows.select_related("org_unit").get(pk=plan_id)
    return plan


def same_version(record: MonthlyPlan | PlanPart, version: int) -> None:
    """StaleVersion if the locked record has moved since the page was shown."""
    if record.version != version:
        raise StaleVersion(of=record)


def lock_part(part_id: int, by: User) -> PlanPart:
    """A visible part under the lock of its plan."""
    seen = PlanPart.objects.visible_to(by).get(pk=part_id)
    plan = lock_plan(seen.plan_id, by)
    part: PlanPart = PlanPart.objects.select_for_update().get(pk=part_id)
    part.plan = plan
    return part
