"""Approvals: routes and limits, requests on their way, and every signature."""

from crm.approvals.models.approvals import (
    APPROVAL_MOVES,
    STEP_MOVES,
    Approval,
    ApprovalState,
    ApprovalStep,
    SkipReason,
    StepState,
)
from crm.approvals.models.routes import (
    ROLES_OF_A_UNIT,
    SIGNING_LADDER,
    ApprovalRoute,
    ApprovalRouteStep,
    LimitLevel,
    StepKind,
)

__all__ = [
    "APPROVAL_MOVES",
    "ROLES_OF_A_UNIT",
    "SIGNING_LADDER",
    "STEP_MOVES",
    "Approval",
    "ApprovalRoute",
    "ApprovalRouteStep",
    "ApprovalState",
    "ApprovalStep",
    "LimitLevel",
    "SkipReason",
    "StepKind",
    "StepState",
]
