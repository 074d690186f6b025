"""Which facts are held against plans: those of the months for which a plan is in force.

A plan is of one department and month, so a department's month is compared as a whole or not at
all. Otherwise half a year of facts would stand against the plan of its last month.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import FilteredRelation, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.accounts.models import OrgUnit, OrgUnitKind
from crm.shell.templatetags.formats import month_name
from reports.models import IN_FORCE, KpiSnapshot
from reports.models.facts import KpiLevel


@dataclass(frozen=True)
class Planned:
    """Departments with a plan in force by month, and the department of each unit."""

    months: tuple[date, ...]
    plans: frozenset[tuple[int, date]]
    departments: Mapping[int, int]

    def holds(self, unit_id: int | None, month: date) -> bool:
        """Whether facts of the unit in the month are held against plans.

        What belongs to no department is held where some department has a plan.
        """
        department = self.departments.get(unit_id or 0)
        if department is None:
            return month in self.planned
        return (department, month) in self.plans

    def months_of(self, unit_id: int | None) -> tuple[date, ...]:
        """The months in which the unit's facts are held against plans."""
        return tuple(month for month in self.months if self.holds(unit_id, month))

    @cached_property
    def planned(self) -> tuple[date, ...]:
        """The months for which some department has a plan."""
        known = {month for _department, month in self.plans}
        return tuple(month for month in self.months if month in known)

    def without_plan(self, snapshots: Iterable[KpiSnapshot]) -> Iterator[KpiSnapshot]:
        """Months of departments that have facts and no plan, while another department has one."""
        for one in snapshots:
            unit = one.org_unit_id
            if one.level != KpiLevel.UNIT or unit is None or self.departments.get(unit) != unit:
                continue
            is_held = self.holds(unit, one.month) or one.month not in self.planned
            if not is_held and (one.ship or one.cash or one.active or one.contacts):
                yield one

    def condition(self) -> Q:
        """Rows with `month` and `org_unit` that are held against plans."""
        found = Q(pk__in=[])
        for month in self.planned:
            without = [pk for pk, top in self.departments.items() if (top, month) not in self.plans]
            held = Q(month=month)
            if without:
                held &= Q(org_unit=None) | ~Q(org_unit__in=without)
            found |= held
        return found


def planned(months: Sequence[date]) -> Planned:
    """The plans in force of the months: one query.

    The same for everybody: whether a department has a plan is no secret, and a percentage must not
    depend on who looks.
    """
    in_force = Q(plans__month__in=list(months), plans__state__in=IN_FORCE)
    rows = OrgUnit.objects.order_by("path").alias(
        plan=FilteredRelation("plans", condition=in_force)
    )
    units = list(rows.values_list("pk", "path", "kind", "plan__month"))
    departments: dict[int, int] = {}
    for top, above, kind, _month in units:
        if kind == OrgUnitKind.DEPARTMENT:
            for pk, path, _kind, _its in units:
                if path.startswith(above):
                    departments.setdefault(pk, top)
    plans = frozenset((pk, month) for pk, _path, _kind, month in units if month)
    return Planned(tuple(months), plans, departments)


def told(all_months: Sequence[date], held: Iterable[date], partly: Iterable[date] = ()) -> str:
    """In words: for which months no plan is in force; empty where there is one for each.

    `partly` are months in which a department with facts has none while others have one.
    """
    known, some = set(held), sorted(set(partly))
    without = [month for month in all_months if month not in known]
    said = []
    if without:
        counts = {"count": len(without), "all": len(all_months), "months": _listed(without)}
        said.append(
            _(
                "No plan is in force for %(count)s of %(all)s months (%(months)s): their "
                "actual figures do not enter percentages and deviations."
            )
            % counts
            if len(all_months) > 1
            else pgettext("month", "No plan is in force for this month.")
        )
    if some:
        said.append(
            _(
                "Some departments have no plan in force (%(months)s): their actual figures do "
                "not enter percentages and deviations of the whole."
            )
            % {"months": _listed(some)}
        )
    return " ".join(said)


def _listed(months: Iterable[date]) -> str:
    return ", ".join(month_name(month) for month in months)
