"""Dates and numbers look the same in both languages (D.15): 23.11.2026, 1 234 567,89."""

from crm.formats.shared import *  # noqa: F403  Django reads a module's own names
