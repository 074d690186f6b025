"""Addresses of the lists behind the figures: the same filters, so that the rows add up."""

from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from crm.calendar import month_end
from crm.shell.nav import address
from reports.queries.department import Row, Week


def client_list(row: Row, **filters: Any) -> str:
    """Clients of the row that pass the filters."""
    return _link("clients:list", row, filters)


def contact_list(row: Row, week: Week | None = None, **filters: Any) -> str:
    """Contacts of the row, done in the week."""
    if week is not None:
        filters = {"done_from": week.first, "done_to": week.last, **filters}
    return _link("clients:contact_list", row, {"state": "done", "reached": "true", **filters})


def plan_contacts(row: Row, month: date) -> str:
    """Contacts of the row that its contact plan of the month counts: by who stands in the plan."""
    if row.manager is not None:
        return contacts_of_planner(row.manager.pk, month)
    last = month_end(month.year, month.month)
    return contact_list(row, planned="true", done_from=month, done_to=last)


def contacts_of_planner(pk: int, month: date) -> str:
    """Contacts that the person's contact plan of the month counts."""
    counted = {"planner": pk, "state": "done", "reached": "true"}
    days = {"done_from": month, "done_to": month_end(month.year, month.month)}
    return f"{address('clients:contact_list')}?{urlencode({**counted, **days})}"


def plan_list(row: Row, month: date) -> str:
    """The contact plan of the row for the month."""
    return _link("clients:plan_list", row, {"month": f"{month:%Y-%m}"})


def _owner(row: Row) -> str:
    if row.manager is not None:
        return f"manager={row.manager.pk}"
    if row.unit is not None:
        return f"unit={row.unit.pk}"
    return f"manager=none&unit={row.within.pk}" if row.within is not None else "manager=none"


def _link(name: str, row: Row, filters: dict[str, Any]) -> str:
    return f"{address(name)}?{_owner(row)}{_query(tuple(filters.items()))}"


@lru_cache(maxsize=256)
def _query(filters: tuple[tuple[str, Any], ...]) -> str:
    """The filters as they follow the owner; the rows of a page share them."""
    given = [(key, value) for key, value in filters if value not in (None, "")]
    return f"&{urlencode(given)}" if given else ""


@lru_cache(maxsize=64)
def documents(name: str, **filters: Any) -> str:
    """A list of documents that pass the filters; empty while its page is not there."""
    base = address(name)
    given = {key: value for key, value in filters.items() if value not in (None, "")}
    return f"{base}?{urlencode(given)}" if base and given else base


@lru_cache(maxsize=8)
def _parts(name: str, urlconf: str) -> tuple[str, str]:
    head, _sign, tail = reverse(name, args=[0], urlconf=urlconf).rpartition("0")
    return head, tail


def one_of_many(name: str, pk: int) -> str:
    """The address of one row; reports have a link in each of many rows."""
    head, tail = _parts(name, settings.ROOT_URLCONF)
    return f"{head}{pk}{tail}"


def client_card(pk: int) -> str:
    """The card of a client."""
    return one_of_many("clients:detail", pk)


def credit_page(pk: int) -> str:
    """Debt and limit of a client."""
    return one_of_many("deals:credit", pk)


def open_invoices(pk: int) -> str:
    """The unpaid invoices of a client."""
    return f"{documents('deals:invoice_list', open=1)}&client={pk}"


def report(name: str, **params: Any) -> str:
    """A report with these parameters."""
    given = {key: value for key, value in params.items() if value not in (None, "")}
    return f"{_report_page(name, settings.ROOT_URLCONF)}?{urlencode(given)}"


@lru_cache(maxsize=256)
def _report_page(name: str, urlconf: str) -> str:
    return reverse("reports:report", args=[name], urlconf=urlconf)


def record(name: str, pk: int) -> str:
    """The page of a record; empty while it is not there."""
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""


def sheets(month: date) -> str:
    """The incentive sheets of a month."""
    return documents("reports:incentive_list", month=f"{month:%Y-%m}")
