"""Rows of the reports of costs: execution of the budget, representation expenses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from clients.models import Client
from crm.accounts.models import OrgUnit, User
from crm.money import percent
from crm.shell.templatetags.formats import month_name
from crm.work.registry import setting
from deals.models import Shipment
from deals.permissions import can_see_money
from reports.formulas.budgets import NOTHING, Execution
from reports.models import BudgetItem, Expense
from reports.pages.budgets import expenses_url
from reports.parameters import Period, month_end, month_start
from reports.queries.budgets import Cell, costs_of
from reports.registry import Params, Row

SUMS = ("plan", "fact", "approved")
KEYS: dict[str, Callable[[Cell], Any]] = {
    "item": lambda cell: cell.item_id,
    "month": lambda cell: date(cell.year, cell.month, 1),
    "unit": lambda cell: cell.unit_id,
}


def budget_rows(user: User, params: Params) -> list[Row]:
    """Plan and fact by item, month or unit, of those with anything in them."""
    period, by = params["period"], params["by"]
    costs = costs_of(user, period.first, period.last, _inside(params.get("unit")))
    sums = costs.by(KEYS[by])
    where = {"unit": params["unit"].pk if params.get("unit") else None}
    return [
        {
            "name": name,
            "url": expenses_url(state="paid", **where | _filter(by, key, period)),
            **_figures(sums[key]),
        }
        for key, name in _names(by, list(sums))
        if not sums[key].is_empty
    ]


def budget_totals(_user: User, _params: Params, rows: Sequence[Row]) -> Row:
    """The whole: the percentage from sums."""
    whole = Execution(*(sum((row[name] for row in rows), NOTHING) for name in SUMS))
    return {"percent": whole.percent}


def _figures(sums: Execution) -> dict[str, Any]:
    figures = {name: getattr(sums, name) for name in SUMS}
    return figures | {"percent": sums.percent, "over": sums.over}


def _names(by: str, keys: list[Any]) -> list[tuple[Any, str]]:
    """Keys with their names, in the order in which they are shown."""
    if by == "month":
        return [(key, month_name(key)) for key in sorted(keys)]
    if by == "item":
        return [(one.pk, str(one)) for one in BudgetItem.objects.filter(pk__in=keys)]
    units = OrgUnit.objects.filter(pk__in=keys).order_by("path")
    return [(one.pk, one.name) for one in units]


def _filter(by: str, key: Any, period: Period) -> dict[str, Any]:
    """What narrows the register to the row: its days lie inside the period."""
    if by == "month":
        last = min(month_end(key), period.last)
        return {"spent_from": max(key, period.first), "spent_to": last}
    days = {"spent_from": period.first, "spent_to": period.last}
    return days | {"own_unit" if by == "unit" else by: key}


def _inside(unit: OrgUnit | None) -> list[int] | None:
    if unit is None:
        return None
    return list(OrgUnit.objects.subtree_of([unit.pk]).values_list("pk", flat=True))


def expense_rows(user: User, params: Params) -> list[Row]:
    """Representation expenses of the period by person or client."""
    period, by = params["period"], params["by"]
    rows: Any = Expense.objects.visible_to(user).in_months(period.first, period.last)
    rows = rows.filter(is_representation=True, state__in=["approved", "paid"])
    inside = _inside(params.get("unit"))
    if inside is not None:
        rows = rows.of_units(inside)
    found = (
        rows.order_by()
        .values(by)
        .annotate(
            count=Count("pk"),
            sum=Sum("amount"),
            paid=Sum("amount", filter=Q(state="paid")),
            over=Sum("over_limit"),
        )
    )
    sums = {row.pop(by): row for row in found}
    make = _people if by == "employee" else _clients
    where = {"representation": "true", "spent_from": period.first, "spent_to": period.last}
    made: list[Row] = []
    for key, name, more in make(user, sums, period):
        found_sums = sums[key]
        figures = {"count": found_sums["count"], "amount": found_sums["sum"]}
        figures |= {"paid": found_sums["paid"] or NOTHING, "over_limit": found_sums["over"]}
        url = expenses_url(**where, **{by: key}) + "&state=approved&state=paid"
        made.append({"name": name, "url": url, **figures, **more})
    return made


def expense_totals(_user: User, params: Params, rows: Sequence[Row]) -> Row:
    """Percentages from sums."""
    amount = sum((row["amount"] for row in rows), NOTHING)
    name, share = ("limit", "used") if params["by"] == "employee" else ("shipped", "share")
    whole = sum((row[name] or NOTHING for row in rows), NOTHING)
    return {share: percent(amount, whole)}


def _people(
    _user: User, sums: dict[int, Any], period: Period
) -> list[tuple[int, str, dict[str, Any]]]:
    """People with the limit of the months that the period touches."""
    months = _months(period)
    people = User.objects.filter(pk__in=sums).select_related("org_unit")
    made = []
    for person in people.order_by("sort_key", "pk"):
        limit = Decimal(setting("expense.monthly_limit", unit=person.org_unit)) * months
        used = percent(sums[person.pk]["sum"], limit)
        made.append((person.pk, person.short_name, {"limit": limit, "used": used}))
    return made


def _months(period: Period) -> int:
    first, last = month_start(period.first), month_start(period.last)
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _clients(
    user: User, sums: dict[int, Any], period: Period
) -> list[tuple[int, str, dict[str, Any]]]:
    """Clients with what they bought in the same days; those not seen any more have no figure."""
    seen = set(Client.objects.visible_to(user).filter(pk__in=sums).values_list("pk", flat=True))
    bought: dict[int, Decimal] = {}
    if can_see_money(user):
        rows = Shipment.objects.filter(client__in=seen).counted()
        bought = rows.in_period(period.first, period.last).by_client()
    made = []
    for client in Client.objects.filter(pk__in=sums).order_by("sort_key", "pk"):
        shipped = bought.get(client.pk, NOTHING) if client.pk in seen else None
        share = percent(sums[client.pk]["sum"], shipped) if shipped else None
        made.append((client.pk, client.name, {"shipped": shipped, "share": share}))
    return made
