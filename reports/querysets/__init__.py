"""Reads of plans and facts; every one that a person causes starts with `visible_to`."""

from reports.querysets.plans import (
    MonthlyPlanQuerySet,
    PlanExplanationQuerySet,
    PlanLineQuerySet,
    PlanPartQuerySet,
)

__all__ = [
    "MonthlyPlanQuerySet",
    "PlanExplanationQuerySet",
    "PlanLineQuerySet",
    "PlanPartQuerySet",
]
