"""Writes of work items."""

from crm.assignments.actions.entering import NewWork, create_work
from crm.assignments.actions.keeping import (
    add_comment,
    cancel_work,
    hand_on_work,
    postpone_work,
)
from crm.assignments.actions.moving import (
    accept_work,
    answer_work,
    report_action,
    resolve_work,
    return_work,
)

__all__ = [
    "NewWork",
    "accept_work",
    "add_comment",
    "answer_work",
    "cancel_work",
    "create_work",
    "hand_on_work",
    "postpone_work",
    "report_action",
    "resolve_work",
    "return_work",
]
