"""How far a plan in force is carried out, by client and manager; from sums alone (PLAN-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.accounts.models import User
from crm.calendar import month_end
from crm.money import percent
from crm.work.registry import setting
from reports.models import MonthlyPlan, PlanLine
from reports.queries.plan_levels import Sums
from reports.queries.plan_money import brought_by

EXPLAINED = ("ship", "cash", "active")


@dataclass(frozen=True)
class Executed:
    """Plan and fact of one client or manager."""

    plan: Sums
    fact: Sums

    def percent(self, name: str) -> Decimal | None:
        """Of a metric, None for a plan of nought."""
        return percent(getattr(self.fact, name), getattr(self.plan, name))

    def is_below(self, norm: Decimal | int) -> bool:
        """Shipments, receipts or active clients are below so many per cent of the plan."""
        found = (self.percent(name) for name in EXPLAINED)
        return any(value is not None and value < norm for value in found)


def of_line(line: PlanLine) -> Sums:
    """What is planned with one client; a gap is nought."""
    return Sums(
        line.ship or Decimal(0), line.cash or Decimal(0), line.active or 0, line.contacts or 0
    )


def explained_line(
    plan: MonthlyPlan, manager_id: int, client_id: int | None, by: User
) -> PlanLine | None:
    """The line of the client, or any of the manager's, that the person sees."""
    lines = PlanLine.objects.visible_to(by).filter(plan=plan, manager=manager_id)
    return (lines if client_id is None else lines.filter(client=client_id)).first()


def executed_by(plan: MonthlyPlan, manager_id: int, client_id: int | None) -> Executed:
    """Plan and fact of a line, or of the manager, as the page of plan and fact has them."""
    lines = plan.lines.filter(manager=manager_id)
    brought = brought_by(plan.month, [manager_id])
    if client_id is not None:
        lines = lines.filter(client=client_id)
        brought = {key: one for key, one in brought.items() if key[0] == client_id}
    fact = Sums()
    for one in brought.values():
        fact += one
    return Executed(sum(map(of_line, lines), Sums()), fact)


def is_below_norm(
    plan: MonthlyPlan, manager_id: int, client_id: int | None, *, today: date
) -> bool:
    """Whether an explanation is due: the month is over and less than the norm was carried out."""
    if today <= month_end(plan.month.year, plan.month.month):
        return False
    norm = setting("plan.explain_percent", unit=plan.org_unit)
    return executed_by(plan, manager_id, client_id).is_below(norm)
