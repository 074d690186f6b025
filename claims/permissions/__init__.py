"""Who may do what with claims (C.9); pure, they guard actions and show buttons."""

from claims.permissions.escalations import (
    can_escalate,
    can_hand_higher,
    can_see_escalations,
    can_settle_escalation,
)
from claims.permissions.measures import (
    can_carry_out,
    can_judge_measure,
    can_plan_measures,
    can_see_measures,
    plans_measures,
)
from claims.permissions.reports import can_see_claim_reports, can_see_goods_claims

__all__ = [
    "can_carry_out",
    "can_escalate",
    "can_hand_higher",
    "can_judge_measure",
    "can_plan_measures",
    "can_see_claim_reports",
    "can_see_escalations",
    "can_see_goods_claims",
    "can_see_measures",
    "can_settle_escalation",
    "plans_measures",
]
