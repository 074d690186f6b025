"""Choices of a dashboard that stand in its address."""

from datetime import date

from django.core.exceptions import BadRequest
from django.utils.dateparse import parse_date


def chosen_month(text: str | None, *, today: date) -> date:
    """First day of `YYYY-MM`; this month without a choice; BadRequest for nonsense."""
    if not text:
        return today.replace(day=1)
    try:
        month = parse_date(f"{text}-01")
    except ValueError:
        month = None
    if month is None or not text.isascii() or not 2000 <= month.year <= today.year + 1:
        raise BadRequest("month")
    return month


def chosen_number(text: str | None) -> int | None:
    """A row's id from the address; BadRequest for nonsense."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise BadRequest("id")
    return int(text)
