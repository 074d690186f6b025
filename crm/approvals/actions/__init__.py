"""Every write of the approval engine, one module per noun."""

from crm.approvals.actions.approvals import Way, decide, submit, way_of
from crm.approvals.actions.bulk import Answer, Shown, approve_many
from crm.approvals.actions.escalation import escalate_overdue
from crm.approvals.actions.limits import LevelDraft, change_ladder, change_visas, seed_limits
from crm.approvals.actions.reminders import remind_overdue
from crm.approvals.actions.revoking import follow, revoke, withdraw, withdraw_running
from crm.approvals.actions.routes import StepDraft, change_route, seed_routes

__all__ = [
    "Answer",
    "LevelDraft",
    "Shown",
    "StepDraft",
    "Way",
    "approve_many",
    "change_ladder",
    "change_route",
    "change_visas",
    "decide",
    "escalate_overdue",
    "follow",
    "remind_overdue",
    "revoke",
    "seed_limits",
    "seed_routes",
    "submit",
    "way_of",
    "withdraw",
    "withdraw_running",
]
