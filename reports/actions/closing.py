"""Closing a month: its figures are counted once more and kept; what comes later stands beside."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, User
from crm.accounts.scope import all_seeing
from crm.calendar import nth_working_day
from crm.errors import RuleViolation
from crm.history import verb
from crm.work.registry import setting
from reports import permissions
from reports.actions.rollup import count_marked, count_month
from reports.actions.targets import close_tasks
from reports.models import ClientMonth, GroupMonth, KpiSnapshot, MonthClosing
from reports.models.marks import MONTH_LOCK, number_of
from reports.parameters import month_start
from reports.queries.receivables.held import held
from reports.rollups.snapshots import FIGURES

LOCK_NOT_AVAILABLE = "55P03"
Level = tuple[str, int | None, int | None]  # the level, the manager and the unit of a snapshot


@dataclass
class Debt:
    """What a level owes at the end of the month, what of it is overdue, what it was shipped."""

    owed: Decimal = Decimal(0)
    overdue: Decimal = Decimal(0)
    sales: Decimal = Decimal(0)


def close_due_month(*, today: date) -> int:
    """Close the month before, from the first working day of this one on; nothing the second time.

    It waits for a month that has figures: an empty company closes nothing.
    """
    month = month_start(today, -1)
    if today < nth_working_day(today.year, today.month, 1):
        return 0
    if MonthClosing.objects.filter(month=month).exists():
        return 0
    count_month(month, today=today)
    if not ClientMonth.objects.of_month(month).exists():
        return 0
    _close(month, by=None, today=today)
    return 1


@transaction.atomic
def close_month(month: date, *, by: User, today: date) -> MonthClosing:
    """Close a month that is over; raises RuleViolation for a running or a closed one."""
    if not permissions.can_close_month(by):
        raise PermissionDenied
    first = month.replace(day=1)
    if first >= today.replace(day=1):
        raise RuleViolation(_("The month is not over yet."))
    return _close(first, by=by, today=today)


@transaction.atomic
def _close(month: date, *, by: User | None, today: date) -> MonthClosing:
    """The month is counted before it is shut, and again: then there is little to be written.

    Again as a whole: a client handed over meanwhile leaves no mark for a month counted just now.
    """
    count_marked(month, today=today)  # and nobody counts until this is over
    if MonthClosing.objects.filter(month=month).exists():
        raise RuleViolation(_("The month has been closed already."))
    debts = _debts(month, today)
    _shut(month)
    if count_month(month, today=today).changed:  # somebody has written in the meantime
        debts = _debts(month, today)
    with verb("month.closed", by=by):
        closing = MonthClosing.objects.create(
            month=month,
            closed_at=timezone.now(),
            closed_by=by,
            norm_percent=setting("receivables.norm_percent"),
            base_months=setting("receivables.active_base_months"),
        )
    ClientMonth.objects.of_month(month).update(
        **{f"final_{name}": F(name) for name in ("ship", "cash", "sales", "contacts")}
    )
    GroupMonth.objects.of_month(month).update(final_ship=F("ship"))
    _keep_levels(month, debts)
    close_tasks(month)
    return closing


def _shut(month: date) -> None:
    """Wait for whoever writes into the month; until the transaction ends nobody else does.

    Raises RuleViolation when somebody writes for longer than locks are waited for: those who come
    to write would wait behind us.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [MONTH_LOCK, number_of(month)])
    except OperationalError as failure:
        if getattr(failure.__cause__, "pgcode", None) != LOCK_NOT_AVAILABLE:
            raise
        raise RuleViolation(
            _("Documents of this month are being written just now. Close it a little later.")
        ) from failure


def _keep_levels(month: date, debts: dict[Level, Debt]) -> None:
    """The figures of managers, units and the company with their debts, as they stand now."""
    rows = list(KpiSnapshot.objects.of_month(month))
    for row in rows:
        debt = debts.get((row.level, row.manager_id, row.org_unit_id), Debt())
        row.final = {name: _plain(getattr(row, name)) for name in FIGURES} | {
            "debt": _plain(debt.owed),
            "overdue": _plain(debt.overdue),
            "debt_sales": _plain(debt.sales),
        }
    KpiSnapshot.objects.bulk_update(rows, ["final"], batch_size=1_000)


def _debts(month: date, today: date) -> dict[Level, Debt]:
    """KPI-2 of managers, of units with all below them and of the company: two queries."""
    paths = dict(OrgUnit.objects.values_list("pk", "path"))
    found: dict[Level, Debt] = defaultdict(Debt)
    for one in held(all_seeing(), month, today=today, by="pair"):
        manager, unit = one.key
        path = paths.get(unit, "")
        above = [pk for pk, its in paths.items() if path.startswith(its)]
        levels: list[Level] = [("manager", manager, unit), ("company", None, None)]
        for level in [*levels, *(("unit", None, pk) for pk in above)]:
            found[level].owed += one.owed
            found[level].overdue += one.overdue
            found[level].sales += one.sales
    return found


def _plain(value: Any) -> Any:
    return format(value, ".2f") if isinstance(value, Decimal) else value
