"""Who may open and do what in plans, reports and dashboards (C.9); pure."""

from reports.permissions.pages import (
    CHIEFS,
    can_see_accounting,
    can_see_delivery,
    can_see_department,
    can_see_legal,
)
from reports.permissions.plans import (
    can_approve_plan,
    can_correct_plan,
    can_draw_up_plan,
    can_edit_line,
    can_explain,
    can_fill_part,
    can_judge_explanation,
    can_return_part,
    can_see_plans,
    can_send_plan,
    can_set_target,
    can_submit_part,
    heads_unit,
)

__all__ = [
    "CHIEFS",
    "can_approve_plan",
    "can_correct_plan",
    "can_draw_up_plan",
    "can_edit_line",
    "can_explain",
    "can_fill_part",
    "can_judge_explanation",
    "can_return_part",
    "can_see_accounting",
    "can_see_delivery",
    "can_see_department",
    "can_see_legal",
    "can_see_plans",
    "can_send_plan",
    "can_set_target",
    "can_submit_part",
    "heads_unit",
]
