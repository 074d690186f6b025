"""Choices of a dashboard that stand in its address."""

from datetime import date

from django.core.exceptions import BadRequest
from django.http import Http404
from django.utils.dateparse import parse_date

from crm.accounts.models import OrgUnit


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


def chosen_unit(units: list[OrgUnit], text: str | None) -> OrgUnit | None:
    """The unit of the address, or the highest of those one may open; Http404 for another one."""
    wanted = chosen_number(text)
    if wanted is None:
        return units[0] if units else None
    found = next((unit for unit in units if unit.pk == wanted), None)
    if found is None:
        raise Http404
    return found
