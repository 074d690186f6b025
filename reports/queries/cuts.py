"""Plan and fact of months by client, manager, unit, department, category, channel, territory and
product group; whatever they are cut by, they add up to the same whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import CategoryAssignment, Client
from crm.accounts.models import OrgUnit, OrgUnitKind, User
from deals.models import ProductGroup
from reports import links
from reports.days.months import Months
from reports.models import ClientMonth, GroupMonth, PlanLine
from reports.parameters import month_end
from reports.queries.plan_fact import METRICS, Sums
from reports.queries.planned import Planned, planned, told
from reports.querysets.facts import group_sums
from reports.querysets.facts import sums as fact_sums
from reports.registry import Params

CUTS: dict[str, str | Promise] = {
    "manager": gettext_lazy("Manager"),
    "unit": gettext_lazy("Sector"),
    "department": gettext_lazy("Department"),
    "client": gettext_lazy("Client"),
    "category": gettext_lazy("Category"),
    "channel": gettext_lazy("Channel"),
    "territory": gettext_lazy("Territory"),
    "group": gettext_lazy("Product group"),
}
GROUP = "group"  # of shipments alone, and never planned
_COLUMNS = {
    "manager": "manager",
    "unit": "org_unit",
    "client": "client",
    "channel": "client__channel",
    "territory": "client__territory",
    "group": "group",
}


@dataclass(frozen=True)
class Named:
    """What a row is called and where it leads."""

    text: str
    url: str = ""
    code: str = ""


def by_cut(user: User, params: Params, *, is_closed: bool = False) -> dict[Any, Sums]:
    """Plan and fact by the key of the cut: three queries.

    `params`: `month`, the last one as `until` where there are several, `by`, what narrows. With
    `is_closed` there are the figures of the closing too. A product group has shipments alone.
    """
    cut, months = params["by"] or "manager", months_asked(params).all
    found: dict[Any, Sums] = {}
    for values in _facts(user, params, cut, planned(months)):
        sums = found.setdefault(_key(values["key"]), Sums())
        _take(sums, values, is_closed=is_closed)
    if cut == GROUP:
        return found
    summed = {name: Sum(name) for name in METRICS}
    for values in _keyed(lines_of(user, params), cut, months).annotate(**summed):
        sums = found.setdefault(_key(values["key"]), Sums())
        sums.add_plan(values)
        _hold(sums, values["month"])
    return found


@dataclass(frozen=True)
class Whole:
    """Everything asked for; `unplanned` says which months there is no plan to hold it against."""

    sums: Sums
    unplanned: str


def whole(user: User, params: Params) -> Whole:
    """Plan and fact of everything asked for; a client of two managers is active once."""
    sums, plans = Sums(), planned(months_asked(params).all)
    partly: set[date] = set()
    rows = months_of(user, params).order_by().values("month")
    for values in rows.annotate(**_held(plans), _rows=Count("pk"), **fact_sums()):
        _take(sums, values, is_closed=False)
        if 0 < values["_is_held"] < values["_rows"]:
            partly.add(values["month"])
    summed = {name: Sum(name) for name in METRICS}
    for values in _in_months(lines_of(user, params)).values("month").annotate(**summed):
        sums.add_plan(values)
        _hold(sums, values["month"])
    return Whole(sums, told(plans.months, sums.months, partly))


def months_asked(params: Params) -> Months:
    """The month, or those up to `until`."""
    first: date = params["month"]
    return Months(first, max(first, params.get("until") or first), "")


def _facts(user: User, params: Params, cut: str, plans: Planned) -> Any:
    """Sums by key and month: active clients are counted once in each."""
    if cut != GROUP:
        rows = _keyed(months_of(user, params), cut, plans.months)
        return rows.annotate(**_held(plans), **fact_sums())
    rows = GroupMonth.objects.visible_to(user).of_months(plans.months)
    return _keyed(_narrowed(rows, params), cut, plans.months).annotate(**group_sums())


def _held(plans: Planned) -> dict[str, Any]:
    """The sums of what is held against plans, and how many rows are."""
    condition = plans.condition()
    found: dict[str, Any] = {"_is_held": Count("pk", filter=condition)}
    for name in ("ship", "cash", "contacts"):
        found[f"held_{name}"] = Sum(name, filter=condition)
    of_active = Q(sales__gt=0) & condition
    found["held_active"] = Count("client", distinct=True, filter=of_active)
    return found


def _take(sums: Sums, values: Mapping[str, Any], *, is_closed: bool) -> None:
    for name in METRICS:
        sums.fact[name] += values.get(name) or 0
        sums.held[name] += values.get(f"held_{name}") or 0
    if values.get("_is_held"):
        _hold(sums, values["month"])
    if is_closed:
        sums.final = {name: Decimal(values.get(f"final_{name}") or 0) for name in METRICS}


def _hold(sums: Sums, month: date) -> None:
    sums.months = tuple(sorted({*sums.months, month}))


def months_of(user: User, params: Params) -> Any:
    """Months of clients that the person sees, narrowed as asked."""
    rows = ClientMonth.objects.visible_to(user).of_months(months_asked(params).all)
    return _narrowed(rows, params)


def lines_of(user: User, params: Params) -> QuerySet[PlanLine]:
    """Lines of plans in force that the person sees, narrowed as asked."""
    months = months_asked(params).all
    rows: QuerySet[PlanLine] = PlanLine.objects.visible_to(user).in_force(*months)
    narrowed: QuerySet[PlanLine] = _narrowed(rows, params)
    return narrowed


def _narrowed(rows: Any, params: Params) -> Any:
    if client := params.get("client"):
        rows = rows.filter(client=client)
    if manager := params.get("manager"):
        rows = rows.filter(manager=manager)
    if unit := params.get("unit"):
        rows = rows.filter(org_unit__in=OrgUnit.objects.subtree_of([unit.pk]).values("pk"))
    if row := params.get("row"):
        months = months_asked(params).all
        for cut, key in row.parts.items():
            rows = _of_key(rows, cut, key, months)
    return rows


def _of_key(rows: QuerySet[Any], cut: str, key: Any, months: Iterable[date]) -> QuerySet[Any]:
    """The rows that are put together under the key of the cut."""
    name = f"_of_{cut}"
    found = Q(**{name: key}) if key is not None else Q(**{f"{name}__isnull": True})
    if key is None and cut in {"category", "channel", "territory"}:
        found |= Q(**{name: ""})
    return rows.alias(**{name: _key_of(rows.model, cut, months)}).filter(found)


def _in_months(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The month of a line of a plan stands in the plan."""
    rows = rows.order_by()
    return rows.annotate(month=F("plan__month")) if rows.model is PlanLine else rows


def _keyed(rows: QuerySet[Any], cut: str, months: Iterable[date]) -> QuerySet[Any]:
    return _in_months(rows).values("month", key=_key_of(rows.model, cut, months))


def _key_of(model: type[Model], cut: str, months: Iterable[date]) -> Case | F:
    if cut == "department":
        return _department()
    if cut == "category" and model is not ClientMonth:
        return _category_at_end("plan__month" if model is PlanLine else "month", months)
    return F(_COLUMNS.get(cut, cut))


def _department() -> Case:
    """The department above the unit of a row."""
    units = list(OrgUnit.objects.values_list("pk", "path"))
    departments = OrgUnit.objects.filter(kind=OrgUnitKind.DEPARTMENT).values_list("pk", "path")
    whens = [
        When(org_unit__in=[pk for pk, path in units if path.startswith(above)], then=Value(top))
        for top, above in departments
    ]
    return Case(*whens, default=None, output_field=IntegerField(null=True))


def _category_at_end(column: str, months: Iterable[date]) -> Case:
    """The category that held at the end of the month in the column."""
    whens = [
        When(**{column: month}, then=category_on(month_end(month), "client")) for month in months
    ]
    return Case(*whens, default=None, output_field=CharField(null=True))


def category_on(day: date, client: str) -> Subquery:
    """The category that held on the day; `client` is the column of the outer row."""
    held = CategoryAssignment.objects.filter(client=OuterRef(client), valid_from__lte=day)
    held = held.filter(Q(valid_to=None) | Q(valid_to__gt=day))
    return Subquery(held.values("category")[:1])


def _key(value: Any) -> Any:
    """Nothing and an empty word are one group."""
    return value or None


def names_of(cut: str, keys: Iterable[Any]) -> dict[Any, Named]:
    """What the groups are called: one query."""
    known = [key for key in keys if key is not None]
    if cut == "client":
        rows = Client.objects.filter(pk__in=known).values_list("pk", "name", "code")
        found = {pk: Named(name, links.client_card(pk), code) for pk, name, code in rows}
    elif cut == "manager":
        people = User.objects.filter(pk__in=known)
        found = {one.pk: Named(one.short_name) for one in people}
    elif cut in {"unit", "department"}:
        units = OrgUnit.objects.filter(pk__in=known).values_list("pk", "name")
        found = {pk: Named(name) for pk, name in units}
    elif cut == GROUP:
        groups = ProductGroup.objects.filter(pk__in=known).values_list("pk", "name")
        found = {pk: Named(name) for pk, name in groups}
        found |= {pk: Named(str(pk)) for pk in known if pk not in found}
    else:
        found = {key: Named(str(key)) for key in known}
    return found | {None: Named(_NOBODY[cut]())}


_NOBODY: Mapping[str, Any] = {
    "client": lambda: _("No client"),
    "manager": lambda: _("No manager"),
    "unit": lambda: _("No unit"),
    "department": lambda: _("No unit"),
    "category": lambda: _("No category"),
    "group": lambda: _("Without a group"),
    "channel": lambda: _("No channel"),
    "territory": lambda: _("No territory"),
}
