"""What an explanation is about, in words."""

from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.money import format_money, format_number, format_percent
from reports.models import MonthlyPlan
from reports.pages.plan_fact import LABELS
from reports.permissions import can_explain
from reports.queries.plan_execution import EXPLAINED, executed_by, explained_line


def asked_about(
    user: User, plan: MonthlyPlan, manager_id: int | None, client_id: int | None
) -> str:
    """Plan and fact of whom the person is to explain, roubles gross; nothing for anybody else."""
    if manager_id is None:
        return ""
    line = explained_line(plan, manager_id, client_id, user)
    if line is None or not can_explain(user, plan, line, manager_id):
        return ""
    return execution_in_words(plan, manager_id, client_id)


def execution_in_words(plan: MonthlyPlan, manager_id: int, client_id: int | None) -> str:
    """Plan, fact and per cent of shipments, receipts and active clients, one after another."""
    found, told = executed_by(plan, manager_id, client_id), []
    for name in EXPLAINED:
        shown = format_number if name == "active" else format_money
        done = found.percent(name)
        words = _("%(metric)s: plan %(plan)s, actual %(fact)s") % {
            "metric": LABELS[name],
            "plan": shown(getattr(found.plan, name)),
            "fact": shown(getattr(found.fact, name)),
        }
        told.append(words if done is None else f"{words} ({format_percent(done)})")
    return "; ".join(told) + "."
