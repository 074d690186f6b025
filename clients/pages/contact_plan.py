"""The contact plan of a month on screen: units and managers, or the clients of one manager."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from clients import permissions
from clients.contacting.plan_progress import Progress, tone_of
from clients.models import ContactPlanLine
from clients.pages.contact_card import done_of_month
from clients.querysets import ContactPlanLineQuerySet
from clients.querysets.plan_totals import PlanSums, sums_by_manager
from crm.accounts.models import OrgUnit, User
from crm.calendar import month_start
from crm.money import percent

if TYPE_CHECKING:
    from collections.abc import Iterable

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class PlanRow:
    """A unit or a manager with its sums; `depth` indents it."""

    name: str
    url: str
    sums: PlanSums
    depth: int
    is_unit: bool
    tone: str


@dataclass(frozen=True)
class PlanTable:
    """Sums of everything visible, unit by unit, manager by manager."""

    month: date
    rows: list[PlanRow]
    progress: Progress

    @property
    def total(self) -> PlanSums:
        return self.progress.sums


@dataclass(frozen=True)
class ClientRow:
    """One client of a manager: plan, fact and the contacts behind the fact."""

    line: ContactPlanLine
    compliance: Decimal | None
    tone: str
    done_url: str
    may_edit: bool


@dataclass(frozen=True)
class ManagerPlan:
    """The plan of one manager by client."""

    month: date
    manager: User
    progress: Progress
    rows: list[ClientRow] = field(default_factory=list)

    @property
    def total(self) -> PlanSums:
        return self.progress.sums


def read_month(text: str | None, today: date) -> date:
    """The month of the address (2026-11), else the present one."""
    year, _dash, month = (text or "").partition("-")
    if not (year.isascii() and year.isdigit() and month.isascii() and month.isdigit()):
        return today.replace(day=1)
    if not (FIRST_YEAR <= int(year[:5]) <= LAST_YEAR and 1 <= int(month[:3]) <= 12):
        return today.replace(day=1)
    return date(int(year), int(month), 1)


def following(month: date) -> date:
    """The first day of the next month."""
    return month_start(month, 1)


def plan_table(user: User, month: date, unit: OrgUnit | None, today: date) -> PlanTable:
    """Managers under their units, each unit with the sums of everything below it."""
    lines = ContactPlanLine.objects.visible_to(user)
    if unit is not None:
        inside = OrgUnit.objects.subtree_of({unit.pk}).values("pk")
        lines = lines.filter(client__org_unit__in=inside)
    by_manager = sums_by_manager(lines, month)
    managers = list(User.objects.filter(pk__in=by_manager).order_by("sort_key"))
    units = _with_parents(OrgUnit.objects.order_by("path"), managers)
    rows: list[PlanRow] = []
    for one in units:
        homes = [m for m in managers if _home(m, units).startswith(one.path)]
        sums = sum((by_manager[m.pk] for m in homes), PlanSums())
        depth = one.path.count("/") - 2
        rows.append(_row(one.name, {"unit": one.pk}, sums, (month, today), depth, True))
        rows += [
            _manager_row(m, by_manager[m.pk], (month, today), one)
            for m in managers
            if m.org_unit_id == one.pk
        ]
    homeless = [m for m in managers if m.org_unit_id not in {one.pk for one in units}]
    rows += [_manager_row(m, by_manager[m.pk], (month, today), None) for m in homeless]
    total = sum(by_manager.values(), PlanSums())
    return PlanTable(month, rows, Progress.of(month, today, total))


def _with_parents(units: Iterable[OrgUnit], managers: list[User]) -> list[OrgUnit]:
    """Units that hold one of the managers, and the departments above them, from the top down."""
    known = list(units)
    homes = [one.path for one in known if one.pk in {m.org_unit_id for m in managers}]
    return [
        one for one in known if one.parent_id and any(path.startswith(one.path) for path in homes)
    ]


def _home(manager: User, units: list[OrgUnit]) -> str:
    return next((one.path for one in units if one.pk == manager.org_unit_id), "")


def _manager_row(
    manager: User, sums: PlanSums, when: tuple[date, date], unit: OrgUnit | None
) -> PlanRow:
    depth = unit.path.count("/") - 1 if unit else 0
    return _row(str(manager), {"manager": manager.pk}, sums, when, depth, False)


def _row(
    name: str,
    target: dict[str, int],
    sums: PlanSums,
    when: tuple[date, date],
    depth: int,
    is_unit: bool,
) -> PlanRow:
    query = urlencode({**target, "month": f"{when[0]:%Y-%m}"})
    url = f"{reverse('clients:plan_list')}?{query}"
    return PlanRow(name, url, sums, max(0, min(depth, 3)), is_unit, tone_of(sums, *when))


def manager_plan(user: User, manager: User, month: date, today: date) -> ManagerPlan:
    """The visible lines of the manager, in the order of the clients' names."""
    lines: ContactPlanLineQuerySet = ContactPlanLine.objects.visible_to(user)
    lines = lines.of_month(month).filter(manager=manager).select_related("client")
    rows, total = [], PlanSums()
    for line in lines.with_done(month).order_by("client__sort_key", "client_id"):
        sums = PlanSums(
            1, line.planned_count, line.done, line.credited, line.planned_visits, line.done_visits
        )
        total += sums
        may_edit = permissions.can_edit_plan_line(user, manager.pk, line.client.org_unit_id)
        share = percent(line.credited, line.planned_count)
        tone, done_url = tone_of(sums, month, today), done_of_month(line.client_id, month)
        rows.append(ClientRow(line, share, tone, done_url, may_edit))
    return ManagerPlan(month, manager, Progress.of(month, today, total), rows)
