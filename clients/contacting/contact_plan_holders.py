"""Later apps may hold the number of contacts of a month: then it is changed there alone.

contact_plan_holders.register(held_by_plan)   # the sentence of the refusal, or nothing
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crm.declaring import declare_also
from crm.errors import RuleViolation

if TYPE_CHECKING:
    from clients.models import ContactPlanLine

Holder = Callable[["ContactPlanLine"], str]
_holders: list[Holder] = []


def register(holder: Holder) -> None:
    """Let it be asked before a person changes the planned number of contacts."""
    declare_also(_holders, holder)


def refuse_if_held(line: ContactPlanLine) -> None:
    """RuleViolation where the number stands elsewhere."""
    for holder in _holders:
        text = holder(line)
        if text:
            raise RuleViolation(text, field="planned_count")
