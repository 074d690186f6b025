"""Who may open and do what in plans, reports and dashboards (C.9); pure."""

from reports.permissions.facts import can_close_month, can_see_facts
from reports.permissions.pages import (
    CHIEFS,
    can_see_accounting,
    can_see_delivery,
    can_see_department,
    can_see_legal,
)
from reports.permissions.plans import (
    FILLERS,
    SPREADERS,
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
    sets_targets,
)
from reports.permissions.targets import (
    can_judge_task,
    can_report_task,
    can_see_tasks,
    can_set_tasks,
    can_set_tasks_of,
)

__all__ = [
    "CHIEFS",
    "FILLERS",
    "SPREADERS",
    "can_close_month",
    "can_correct_plan",
    "can_draw_up_plan",
    "can_edit_line",
    "can_explain",
    "can_fill_part",
    "can_judge_explanation",
    "can_judge_task",
    "can_report_task",
    "can_return_part",
    "can_see_accounting",
    "can_see_delivery",
    "can_see_department",
    "can_see_facts",
    "can_see_legal",
    "can_see_plans",
    "can_see_tasks",
    "can_send_plan",
    "can_set_target",
    "can_set_tasks",
    "can_set_tasks_of",
    "can_submit_part",
    "heads_unit",
    "sets_targets",
]
