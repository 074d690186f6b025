"""Plan and fact of a month by client, manager, unit, department, category, channel, territory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    F,
    IntegerField,
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
from reports import links
from reports.models import ClientMonth, PlanLine
from reports.parameters import month_end
from reports.queries.plan_fact import METRICS, Sums
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
}
_COLUMNS = {
    "manager": "manager",
    "unit": "org_unit",
    "client": "client",
    "channel": "client__channel",
    "territory": "client__territory",
}


@dataclass(frozen=True)
class Named:
    """What a row is called and where it leads."""

    text: str
    url: str = ""
    code: str = ""


def by_cut(user: User, params: Params) -> dict[Any, Sums]:
    """Plan and fact by the key of the cut: two queries."""
    month, cut = params["month"], params["by"] or "manager"
    found: dict[Any, Sums] = {}
    facts = months_of(user, params)
    for values in _keyed(facts, cut, month).annotate(**fact_sums()):
        sums = found.setdefault(_key(values["key"]), Sums())
        sums.fact = {name: Decimal(values[name]) for name in METRICS}
    plans = lines_of(user, params)
    for values in _keyed(plans, cut, month).annotate(**{name: Sum(name) for name in METRICS}):
        found.setdefault(_key(values["key"]), Sums()).add_plan(values)
    return found


def whole(user: User, params: Params) -> Sums:
    """Plan and fact of everything asked for; a client of two managers is active once."""
    sums = Sums()
    facts = months_of(user, params).totals()
    sums.fact = {name: Decimal(facts[name]) for name in METRICS}
    sums.add_plan(lines_of(user, params).aggregate(**{name: Sum(name) for name in METRICS}))
    return sums


def months_of(user: User, params: Params) -> Any:
    """Months of clients that the person sees, narrowed as asked."""
    return _narrowed(ClientMonth.objects.visible_to(user).of_month(params["month"]), params)


def lines_of(user: User, params: Params) -> QuerySet[PlanLine]:
    """Lines of plans in force that the person sees, narrowed as asked."""
    rows: QuerySet[PlanLine] = PlanLine.objects.visible_to(user).in_force(params["month"])
    narrowed: QuerySet[PlanLine] = _narrowed(rows, params)
    return narrowed


def _narrowed(rows: Any, params: Params) -> Any:
    if client := params.get("client"):
        rows = rows.filter(client=client)
    if manager := params.get("manager"):
        rows = rows.filter(manager=manager)
    if unit := params.get("unit"):
        rows = rows.filter(org_unit__in=OrgUnit.objects.subtree_of([unit.pk]).values("pk"))
    return rows


def _keyed(rows: QuerySet[Any], cut: str, month: date) -> QuerySet[Any]:
    rows = rows.order_by()
    if cut == "department":
        return rows.annotate(key=_department()).values("key")
    if cut == "category" and rows.model is PlanLine:
        return rows.annotate(key=category_on(month_end(month), "client")).values("key")
    return rows.values(key=F(_COLUMNS.get(cut, cut)))


def _department() -> Case:
    """The department above the unit of a row."""
    units = list(OrgUnit.objects.values_list("pk", "path"))
    departments = OrgUnit.objects.filter(kind=OrgUnitKind.DEPARTMENT).values_list("pk", "path")
    whens = [
        When(org_unit__in=[pk for pk, path in units if path.startswith(above)], then=Value(top))
        for top, above in departments
    ]
    return Case(*whens, default=None, output_field=IntegerField(null=True))


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
    else:
        found = {key: Named(str(key)) for key in known}
    return found | {None: Named(_NOBODY[cut]())}


_NOBODY: Mapping[str, Any] = {
    "client": lambda: _("No client"),
    "manager": lambda: _("No manager"),
    "unit": lambda: _("No unit"),
    "department": lambda: _("No unit"),
    "category": lambda: _("No category"),
    "channel": lambda: _("No channel"),
    "territory": lambda: _("No territory"),
}


def documents_url(month: date, metric: str, cut: str, key: Any) -> str:
    """The documents behind a figure, where the cut is one that they can be narrowed by."""
    if key is None or cut not in {"client", "manager", "unit", "department"}:
        return ""
    where = {"unit" if cut == "department" else cut: key}
    return links.report("fact_documents", month=f"{month:%Y-%m}", metric=metric, **where)
