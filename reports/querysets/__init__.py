"""Reads of plans and facts; every one that a person causes starts with `visible_to`."""

from reports.querysets.facts import (
    ClientMonthQuerySet,
    GroupMonthQuerySet,
    KpiSnapshotQuerySet,
    LateChangeQuerySet,
)
from reports.querysets.plans import (
    WITH_A_GAP,
    MonthlyPlanQuerySet,
    PlanExplanationQuerySet,
    PlanLineQuerySet,
    PlanPartQuerySet,
)
from reports.querysets.targets import TargetTaskQuerySet

__all__ = [
    "WITH_A_GAP",
    "ClientMonthQuerySet",
    "GroupMonthQuerySet",
    "KpiSnapshotQuerySet",
    "LateChangeQuerySet",
    "MonthlyPlanQuerySet",
    "PlanExplanationQuerySet",
    "PlanLineQuerySet",
    "PlanPartQuerySet",
    "TargetTaskQuerySet",
]
