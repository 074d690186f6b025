"""Drafts of monthly plans: what the last months and the season let expect (RP-01, FCST-1).

Shipments and receipts are forecast alike, each by its own history and season; both are read from
the rollups, so a draft is the average of what the fact column shows. Invoices that fall due would
say too little of receipts: in the middle of a month half of what will be paid in the next one has
not been shipped yet (ADR 0022).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from clients.contacting.norms import contact_norms, norm_key
from clients.models import ContactPlanLine
from crm.accounts.models import OrgUnit, User
from crm.copying import copy_values
from crm.errors import RuleViolation
from crm.history import verb
from crm.sql import any_of
from crm.work.registry import setting
from reports import permissions
from reports.actions.plan_locks import lock_plan
from reports.days.plans import days_of_plan, first_of, following, months_before
from reports.formulas.forecasts import Season, forecast
from reports.models import ClientMonth, MonthlyPlan, PlanLine, PlanPart
from reports.queries.plan_owners import Owned, owned_on, plan_units, units_of
from reports.queries.season import company_season

BATCH = 2000
LINE = (
    *("plan_id", "client_id", "manager_id", "org_unit_id", "contacts"),
    *("ship", "suggested_ship", "cash", "suggested_cash", "active"),
)


@dataclass(frozen=True)
class History:
    """What clients brought in the last full months, and the season of such money."""

    by_client: dict[int, Decimal]
    season: Season


@transaction.atomic
def draft_plans(*, month: date, today: date) -> int:
    """Draw up the plans of the month that departments lack; returns how many lines were made.

    A department that has a plan of the month, in whatever state, is left alone: a second run, or
    two at once, add nothing.
    """
    tops = plan_units()
    written = 0
    for unit in OrgUnit.objects.open().filter(pk__in=set(tops.values())).order_by("pk"):
        units = [one for one, top in tops.items() if top == unit.pk]
        written += _draft(unit, units, first_of(month), by=None, today=today)
    return written


@transaction.atomic
def draw_up_plan(unit_id: int, *, month: date, by: User, today: date) -> MonthlyPlan:
    """The head draws up the department's plan of this month or the next one by hand."""
    unit = OrgUnit.objects.visible_to(by).get(pk=unit_id)
    if not permissions.can_draw_up_plan(by, unit) or plan_units().get(unit.pk) != unit.pk:
        raise PermissionDenied
    if first_of(month) not in {first_of(today), following(today)}:
        raise RuleViolation(_("Plans are drawn up for this month and the next one."))
    if not _draft(unit, units_of(unit.pk), first_of(month), by=by, today=today):
        raise RuleViolation(_("There is a plan already, or nobody has a client."))
    plan: MonthlyPlan = MonthlyPlan.objects.in_work().get(org_unit=unit, month=first_of(month))
    return plan


@transaction.atomic
def follow_owners(plan_id: int, *, by: User, today: date) -> int:
    """Bring the clients up to date: those of the first of the month that the plan lacks come in,
    lines go to whoever answers for the client on that day, with what was typed.

    The head of the department does it any time before the plan is sent. How many lines.
    """
    plan = lock_plan(plan_id, by)
    if not plan.is_editable or not permissions.heads_unit(by, plan.org_unit_id):
        raise PermissionDenied
    lines = {line.client_id: line for line in plan.lines.select_for_update().order_by("pk")}
    owned = owned_on(plan.month, units_of(plan.org_unit_id))
    missing = [row for row in owned if row.client_id not in lines]
    moved = [(lines[row.client_id], row) for row in owned if _has_moved(lines, row)]
    with verb("plan.clients_added", by=by):
        _add_parts(plan, owned)
        _add_lines(plan, missing, today)
        for line, row in moved:
            line.manager_id, line.org_unit_id = row.manager_id, row.unit_id
            line.version += 1
        changed = [line for line, _row in moved]
        PlanLine.objects.bulk_update(changed, ["manager", "org_unit", "version"], batch_size=BATCH)
    return len(missing) + len(moved)


def _has_moved(lines: dict[int, PlanLine], row: Owned) -> bool:
    line = lines.get(row.client_id)
    now = (row.manager_id, row.unit_id)
    return line is not None and (line.manager_id, line.org_unit_id) != now


def _draft(unit: OrgUnit, units: list[int], month: date, *, by: User | None, today: date) -> int:
    owned = owned_on(month, units)
    if not owned:
        return 0
    days = days_of_plan(month, unit)
    with verb("plan.drawn_up", by=by):
        plan, made = MonthlyPlan.objects.get_or_create(
            org_unit=unit,
            month=month,
            revision=1,
            defaults={
                "submit_by": days.submit_by,
                "approve_by": days.approve_by,
                "created_by": by,
            },
        )
        if made:
            _add_parts(plan, owned)
            _add_lines(plan, owned, today)
    return len(owned) if made else 0


def _add_parts(plan: MonthlyPlan, owned: list[Owned]) -> None:
    pairs = sorted({(row.unit_id, row.manager_id) for row in owned})
    parts = (PlanPart(plan=plan, org_unit_id=unit, manager_id=who) for unit, who in pairs)
    PlanPart.objects.bulk_create(parts, ignore_conflicts=True)


def _add_lines(plan: MonthlyPlan, owned: list[Owned], today: date) -> None:
    """Lines with what the last months and the norms let expect."""
    months = months_before(min(today, plan.month), setting("plan.average_months"))
    clients = [row.client_id for row in owned]
    ship, cash = (_history(name, clients, months, plan.month) for name in ("ship", "cash"))
    known = _ever_bought(clients)
    contacts = _contacts(owned, plan.month)
    numbers = [month.month for month in months]

    def line(row: Owned) -> tuple[Any, ...]:
        own = (plan.pk, row.client_id, row.manager_id, row.unit_id, contacts[row.client_id])
        if row.client_id not in known:
            return (*own, None, None, None, None, None)
        shipped = _expected(ship, row, numbers, plan.month)
        received = _expected(cash, row, numbers, plan.month)
        return (*own, shipped, shipped, received, received, 1 if shipped > 0 else 0)

    copy_values(PlanLine, LINE, [line(row) for row in owned])


def _expected(money: History, row: Owned, months: list[int], month: date) -> Decimal:
    total = money.by_client.get(row.client_id, Decimal(0))
    return forecast(total, months, month.month, money.season)


def _history(name: str, clients: Sequence[int], months: list[date], month: date) -> History:
    """What the fact column of the months shows, whoever answered then: net of returns, of refunds.

    The season is that of the whole company.
    """
    rows = ClientMonth.objects.of_months(months).filter(any_of("client", clients)).order_by()
    found = dict(rows.values_list("client").annotate(total=Sum(name)))
    return History(found, company_season(name, month))


def _ever_bought(clients: Sequence[int]) -> set[int]:
    """Clients that brought something: nothing can be expected of others, people have to say."""
    rows = ClientMonth.objects.filter(any_of("client", clients)).with_trade().order_by()
    return set(rows.values_list("client", flat=True).distinct())


def _contacts(owned: list[Owned], month: date) -> dict[int, int]:
    """What the contact plan of the month says already, else the norm of the category."""
    norms = contact_norms()
    found = {row.client_id: norms[norm_key(row.category, row.status)].contacts for row in owned}
    planned = ContactPlanLine.objects.of_month(month).filter(any_of("client", list(found)))
    return found | dict(planned.values_list("client_id", "planned_count"))
