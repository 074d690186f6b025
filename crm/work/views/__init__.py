"""Screens of settings, the calendar and periodic work; health and metrics."""

from crm.work.views.calendar import calendar_page, change_day
from crm.work.views.health import live, metrics, ready
from crm.work.views.periodic import periodic_list
from crm.work.views.settings import (
    change_setting,
    reset_setting,
    setting_history,
    setting_list,
)

__all__ = [
    "calendar_page",
    "change_day",
    "change_setting",
    "live",
    "metrics",
    "periodic_list",
    "ready",
    "reset_setting",
    "setting_history",
    "setting_list",
]
