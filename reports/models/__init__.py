"""Tables of plans and facts, one module per noun."""

from reports.models.plan_targets import (
    EXPLANATION_MOVES,
    ExplanationState,
    PlanExplanation,
    PlanTarget,
)
from reports.models.plans import (
    DECIDED,
    EDITABLE,
    IN_FORCE,
    IN_WORK,
    METRICS,
    MONEY,
    OPEN_PART,
    PART_MOVES,
    PLAN_MOVES,
    MonthlyPlan,
    PartState,
    PlanLine,
    PlanPart,
    PlanState,
)

__all__ = [
    "DECIDED",
    "EDITABLE",
    "EXPLANATION_MOVES",
    "IN_FORCE",
    "IN_WORK",
    "METRICS",
    "MONEY",
    "OPEN_PART",
    "PART_MOVES",
    "PLAN_MOVES",
    "ExplanationState",
    "MonthlyPlan",
    "PartState",
    "PlanExplanation",
    "PlanLine",
    "PlanPart",
    "PlanState",
    "PlanTarget",
]
