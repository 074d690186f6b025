"""How many visits an outlet has in a month, and how they are spread over its working days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from crm.calendar import is_working_day, month_start
from crm.work.registry import setting

if TYPE_CHECKING:
    from clients.models import Client


def visits_a_month(client: Client) -> int:
    """By the category of the client; one without a category counts as C."""
    count: int = setting(f"visits.norm_{(client.category or 'C').lower()}")
    return count


def working_days(month: date, since: date) -> list[date]:
    """Working days of the month, none before `since`."""
    day, after = max(month, since), month_start(month, 1)
    days = (day + timedelta(days=n) for n in range(max(0, (after - day).days)))
    return [one for one in days if is_working_day(one)]


def spread(days: list[date], count: int, place: int, places: int) -> list[date]:
    """`count` of the days, evenly apart; outlets at other places of a round get other days.

    Every outlet keeps its distance, and the days of one merchandiser are about equally full.
    """
    count = min(count, len(days))
    if not count:
        return []
    step, shift = len(days) / count, place / max(1, places)
    return sorted({days[int((number + shift) * step)] for number in range(count)})
