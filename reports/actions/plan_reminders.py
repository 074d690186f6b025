"""What is told of plans by the clock: last days near and gone, gaps (III.9, CAL-3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from clients.heads import chains_of_units
from crm.accounts.models import Role, User
from crm.calendar import add_working_days, is_working_day
from crm.notices.actions import Told, notify_each
from crm.work.registry import setting
from reports.models import MonthlyPlan, PartState, PlanPart
from reports.queries.plan_gaps import gaps_of


@transaction.atomic
def remind_of_plans(*, today: date) -> int:
    """Whose turn it is is told on working days before the last day and after it, once a day:
    managers who have not filled, heads who have not submitted or sent, the director who decides."""
    if not is_working_day(today):
        return 0
    told: list[Told] = []
    chains = chains_of_units()
    near = add_working_days(today, setting("plan.remind_days"))
    for plan in MonthlyPlan.objects.in_work().select_related("org_unit"):
        if plan.submit_by <= near:
            told += _of_parts(plan, chains, today)
        if plan.approve_by <= near:
            told += _of_approval(plan, today)
    return notify_each(told)


@transaction.atomic
def tell_of_gaps(*, today: date) -> int:
    """Heads of sector and department: how many clients of which manager lack a plan, once a day
    from the day of the setting on."""
    told: list[Told] = []
    chains = chains_of_units()
    for plan in MonthlyPlan.objects.in_work().select_related("org_unit"):
        if today.day < setting("plan.check_day", unit=plan.org_unit) and today < plan.submit_by:
            continue
        lacking: defaultdict[tuple[int, int], int] = defaultdict(int)
        for gap in gaps_of(plan):
            lacking[gap.unit_id, gap.manager_id] += 1
        names = User.objects.in_bulk({who for _unit, who in lacking})
        for (unit, who), count in lacking.items():
            params = {"plan": str(plan), "manager": str(names[who]), "count": count}
            key = f"plan.gaps:{plan.month}:{who}:{today}"
            told += _to(chains.get(unit, []), "plan.gaps", plan, params, key)
    return notify_each(told)


def _of_parts(plan: MonthlyPlan, chains: dict[int, list[int]], today: date) -> list[Told]:
    told: list[Told] = []
    kind = "plan.late" if plan.submit_by < today else "plan.soon"
    params = {"plan": str(plan), "due": f"{plan.submit_by:%d.%m.%Y}"}
    for part in PlanPart.objects.filter(plan=plan).exclude(state=PartState.SUBMITTED):
        chain = chains.get(part.org_unit_id, [])
        waits = part.state in {PartState.OPEN, PartState.RETURNED}
        people = [part.manager_id, *chain[:1]] if waits else chain[:1]
        key = f"{kind}:{plan.pk}:{today}"
        told += _to(people, kind, plan, params, key)
    return list({(one.user_id, one.dedupe_key): one for one in told}.values())


def _of_approval(plan: MonthlyPlan, today: date) -> list[Told]:
    """The head of the department until it is sent, then the director."""
    people: Sequence[int | None] = [plan.org_unit.head_id]
    if plan.state == "on_approval":
        directors = User.objects.working().filter(role=Role.DIRECTOR)
        people = list(directors.values_list("pk", flat=True))
    kind = "plan.approval_late" if plan.approve_by < today else "plan.approval_soon"
    params = {"plan": str(plan), "due": f"{plan.approve_by:%d.%m.%Y}"}
    return _to(people, kind, plan, params, f"{kind}:{plan.pk}:{today}")


def _to(
    people: Sequence[int | None], kind: str, plan: MonthlyPlan, params: Mapping[str, Any], key: str
) -> list[Told]:
    url = plan.get_absolute_url()
    return [Told(pk, kind, params, url, key) for pk in dict.fromkeys(people) if pk is not None]
