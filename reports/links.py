"""Addresses of the lists behind the figures: the same filters, so that the rows add up."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from reports.queries.department import Row, Week


def client_list(row: Row, **filters: Any) -> str:
    """Clients of the row that pass the filters."""
    return _link("clients:list", {**_owner(row), **filters})


def contact_list(row: Row, week: Week | None = None, **filters: Any) -> str:
    """Contacts of the row, done in the week."""
    if week is not None:
        filters = {"done_from": week.first, "done_to": week.last, **filters}
    return _link(
        "clients:contact_list", {**_owner(row), "state": "done", "reached": "true", **filters}
    )


def plan_list(row: Row, month: date) -> str:
    """The contact plan of the row for the month."""
    return _link("clients:plan_list", {**_owner(row), "month": f"{month:%Y-%m}"})


def _owner(row: Row) -> dict[str, Any]:
    if row.manager is not None:
        return {"manager": row.manager.pk}
    return {"unit": row.unit.pk} if row.unit is not None else {"manager": "none"}


def _link(name: str, filters: dict[str, Any]) -> str:
    given = {key: value for key, value in filters.items() if value not in (None, "")}
    return f"{reverse(name)}?{urlencode(given)}" if given else reverse(name)


def previous_month(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)
