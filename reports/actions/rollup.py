"""Counting the facts: what changed each hour, the months that are open each night, any on demand.

Each step is one transaction under one advisory lock: a killed process leaves the figures and the
marks as they were, two at once wait for each other, and counting twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import ContactLog
from crm.errors import RuleViolation
from crm.work.registry import setting
from deals.models import Payment, Shipment
from reports.models import ClientMonth, FactMark, KpiSnapshot, MonthClosing, ProductMark
from reports.parameters import EARLIEST, month_start
from reports.rollups import groups
from reports.rollups import months as counting
from reports.rollups.snapshots import add_up

LOCK = 1_700_206_001
AT_ONCE = 6  # months whose documents are read together: what they are hashed by stays in memory


@dataclass(frozen=True)
class Counted:
    """The months that were looked at and how many rows changed."""

    months: list[date]
    changed: int = 0


@transaction.atomic
def count_changes(*, today: date) -> Counted:
    """Count anew the clients' months that documents have marked since; nothing else is read."""
    _wait_for_turn()
    marks = _taken()
    pairs = sorted((month, client) for client, month in marks if client is not None)
    alone = sorted({month for client, month in marks if client is None})
    changed = 0
    if pairs:
        months, clients = zip(*pairs, strict=True)
        changed += counting.count_clients(list(clients), list(months))
        changed += groups.count_clients(list(clients), list(months))
    if alone:
        changed += counting.count_without_client(alone) + groups.count_without_client(alone)
    changed += sum(groups.count_month(month) for month in groups.months_of(_taken_products()))
    touched = sorted({month for _client, month in marks})
    changed += _add_up(touched, today)
    return Counted(touched, changed)


@transaction.atomic
def count_month(month: date, *, today: date) -> Counted:
    """Count a whole month anew, with the levels of it and of the months whose base it is in."""
    first = month.replace(day=1)
    _wait_for_turn()
    _forget_marks([first])
    changed = counting.count_months([first]) + groups.count_month(first)
    return Counted([first], changed + _add_up([first], today))


def count_marked(month: date, *, today: date) -> None:
    """Count the month anew where something marked it since; nobody else counts until the end."""
    _wait_for_turn()
    if FactMark.objects.filter(month=month.replace(day=1)).exists() or ProductMark.objects.exists():
        count_month(month, today=today)


def count_all(*, today: date) -> Counted:
    """Every month that has documents or figures, half a year in a transaction."""
    changed, months = 0, known_months(today)
    for start in range(0, len(months), AT_ONCE):
        portion = months[start : start + AT_ONCE]
        with transaction.atomic():
            _wait_for_turn()
            _forget_marks(portion)
            changed += counting.count_months(portion)
            changed += sum(groups.count_month(month) for month in portion)
    with transaction.atomic():
        _wait_for_turn()
        changed += _add_up(months, today)
    return Counted(months, changed)


def count_open(*, today: date) -> Counted:
    """The running month, the ones before it that are not closed, and what is marked."""
    found = count_changes(today=today)
    first = month_start(today)
    closed = set(MonthClosing.objects.values_list("month", flat=True))
    last = month_start(today, -1)
    wanted = [month for month in (last, first) if month not in closed or month == first]
    changed = found.changed + sum(count_month(month, today=today).changed for month in wanted)
    return Counted(sorted({*found.months, *wanted}), changed)


def known_months(today: date) -> list[date]:
    """From the first document or figure to the last one, this month at least."""
    days = [*_ends(Shipment.objects.counted(), "posted_on"), *_ends(Payment.objects, "paid_on")]
    days += _ends(ClientMonth.objects, "month") + _ends(KpiSnapshot.objects, "month")
    moments = _ends(ContactLog.objects.filter(state="done"), "done_at")
    days += [timezone.localdate(moment) for moment in moments]
    if not days:
        return []
    month, last, found = month_start(min(days)), month_start(max([*days, today])), []
    while month <= last:
        found.append(month)
        month = month_start(month, 1)
    return found


def _ends(rows: Any, name: str) -> list[Any]:
    """The first and the last value of a column."""
    ends = rows.aggregate(first=Min(name), last=Max(name))
    return [one for one in ends.values() if one is not None]


def check_month(month: date, *, today: date) -> date:
    """The first day of the month; raises RuleViolation for one that cannot have figures."""
    if month > today or month < EARLIEST:
        raise RuleViolation(_("There is nothing to count in this month."))
    return month.replace(day=1)


def _wait_for_turn() -> None:
    """Until the transaction ends nobody else counts; it may take more than a page may."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'; SET LOCAL work_mem = '64MB'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _taken() -> list[tuple[int | None, date]]:
    """Marks that this transaction takes; who posts in the meantime leaves new ones."""
    table = FactMark._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH taken AS (DELETE FROM {table} RETURNING client_id, month)"  # noqa: S608
            " SELECT DISTINCT client_id, month FROM taken"
        )
        return cursor.fetchall()


def _taken_products() -> list[int]:
    """Products of another group now, whose marks this transaction takes."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {ProductMark._meta.db_table} RETURNING product_id"  # noqa: S608
        )
        return sorted({row[0] for row in cursor.fetchall()})


def _forget_marks(months: list[date]) -> None:
    """Those of months that are counted as a whole; new ones stay, as above."""
    FactMark.objects.filter(month__in=months).delete()


def _add_up(months: Iterable[date], today: date) -> int:
    """The levels of the months and of the later ones whose active base looks back at them."""
    window: int = setting("receivables.active_base_months")
    last = ClientMonth.objects.aggregate(last=Max("month"))["last"] or today.replace(day=1)
    horizon = max(last, today.replace(day=1))
    wanted = {month_start(month, ahead) for month in months for ahead in range(window)}
    KpiSnapshot.objects.filter(month__gt=horizon, final=None).delete()
    kept = sorted(month for month in wanted if month <= horizon)
    return add_up(kept, base_months=window)
