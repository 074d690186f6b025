"""Addresses behind the figures of receivables: the same day, group and due days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from crm.shell.nav import address
from deals.receivables.ageing import Interval
from reports.queries.receivables.grouping import Key

NONE = "none"
FILTERS = ("client", "manager", "unit", "territory", "contract")
# What the register of invoices can be asked for.
REGISTER = frozenset({"client", "manager", "unit", "contract"})


def where_of(by: str, key: Key) -> dict[str, Any]:
    """The filters that the group of a row means; none for the totals."""
    if by == "contract" and key:
        return {"client": key[0], "contract": key[1]}
    return {by: key[0]} if key else {}


class Documents:
    """The invoices behind the figures of one group.

    Today's stand in their register, those of a day gone by on a page of ours.
    """

    def __init__(self, where: Mapping[str, Any], *, as_of: date, today: date) -> None:
        register = address("deals:invoice_list")
        plain = REGISTER.issuperset(where) and all(value is not None for value in where.values())
        if register and plain and as_of == today:
            self._page, self._open, group = register, ["open=1"], where
        else:
            self._page, self._open = reverse("reports:receivable_invoices"), []
            group = {"as_of": as_of.isoformat(), **said(where)}
        self._group = [_query(group)] if group else []

    def due(self, first: date | None = None, last: date | None = None) -> str:
        """Due from the one day to the other; None is open on that side."""
        days = [f"due_from={first}"] if first else []
        days += [f"due_to={last}"] if last else []
        return f"{self._page}?{'&'.join([*self._group, *days, *self._open])}"


def documents(
    where: Mapping[str, Any],
    *,
    as_of: date,
    today: date,
    due_from: date | None = None,
    due_to: date | None = None,
) -> str:
    """The invoices behind a figure."""
    return Documents(where, as_of=as_of, today=today).due(due_from, due_to)


def in_interval(where: Mapping[str, Any], interval: Interval, *, as_of: date, today: date) -> str:
    """The invoices of a cell of the ageing table."""
    return Documents(where, as_of=as_of, today=today).due(*interval.due_days(as_of))


def page(by: str, where: Mapping[str, Any], *, as_of: date, today: date, **more: Any) -> str:
    """The page of receivables itself, narrowed to a group; today is not named."""
    day = None if as_of == today else as_of.isoformat()
    query = _query({"by": by, "as_of": day, **said(where), **more})
    return f"{reverse('reports:receivables')}?{query}"


def said(where: Mapping[str, Any]) -> dict[str, Any]:
    """The narrowing in the words of the address."""
    return {name: NONE if value in (None, "") else value for name, value in where.items()}


def _query(filters: Mapping[str, Any]) -> str:
    return urlencode({name: value for name, value in filters.items() if value is not None})


def contact(pk: int) -> str:
    """The contact in which something was promised."""
    return reverse("clients:contact_detail", args=[pk])
