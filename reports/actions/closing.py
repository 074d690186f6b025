"""Closing a month: its figures are counted once more and kept; what comes later stands beside."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.accounts.scope import all_seeing
from crm.calendar import nth_working_day
from crm.errors import RuleViolation
from crm.history import verb
from crm.work.registry import setting
from reports import permissions
from reports.actions.rollup import count_month
from reports.actions.targets import close_tasks
from reports.models import ClientMonth, KpiSnapshot, MonthClosing
from reports.parameters import month_start
from reports.queries.receivables.turnover import DebtShare, debt_share
from reports.rollups.snapshots import FIGURES


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
    count_month(month, today=today)  # and nobody counts until this is over
    if MonthClosing.objects.filter(month=month).exists():
        raise RuleViolation(_("The month has been closed already."))
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
    _keep_levels(month, today)
    close_tasks(month)
    return closing


def _keep_levels(month: date, today: date) -> None:
    """The figures of managers, units and the company with their debts, as they stand now."""
    debts = _debts(month, today)
    rows = list(KpiSnapshot.objects.of_month(month))
    for row in rows:
        key = (row.level, row.org_unit_id if row.level == "unit" else row.manager_id)
        row.final = {name: _plain(getattr(row, name)) for name in FIGURES} | _told(debts.get(key))
    KpiSnapshot.objects.bulk_update(rows, ["final"], batch_size=1_000)


def _debts(month: date, today: date) -> dict[tuple[str, Any], DebtShare]:
    """KPI-2 of managers and of the company at the end of the month."""
    everybody = all_seeing()
    managers = debt_share(everybody, month, today=today, by="manager")
    whole = debt_share(everybody, month, today=today)
    found: dict[tuple[str, Any], DebtShare] = {("manager", one.key[0]): one for one in managers}
    if whole:
        found["company", None] = whole[0]
    return found


def _told(share: DebtShare | None) -> dict[str, str | None]:
    if share is None:
        return {"debt": "0.00", "debt_sales": "0.00"}
    return {"debt": _plain(share.receivables), "debt_sales": _plain(share.sales)}


def _plain(value: Any) -> Any:
    return format(value, ".2f") if isinstance(value, Decimal) else value
