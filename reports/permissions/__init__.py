"""Who may open and do what in plans, reports and dashboards (C.9); pure."""

from reports.permissions.facts import can_close_month, can_see_facts
from reports.permissions.pages import (
    CHIEFS,
    can_see_accounting,
    can_see_delivery,
    can_see_department,
    can_see_legal,
)

__all__ = [
    "CHIEFS",
    "can_close_month",
    "can_see_accounting",
    "can_see_delivery",
    "can_see_department",
    "can_see_facts",
    "can_see_legal",
]
