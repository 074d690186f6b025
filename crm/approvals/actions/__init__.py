"""Every write of the approval engine, one module per noun."""

from crm.approvals.actions.approvals import decide, submit, withdraw, withdraw_running
from crm.approvals.actions.reminders import remind_overdue
from crm.approvals.actions.routes import StepDraft, change_route, seed_routes

__all__ = [
    "StepDraft",
    "change_route",
    "decide",
    "remind_overdue",
    "seed_routes",
    "submit",
    "withdraw",
    "withdraw_running",
]
