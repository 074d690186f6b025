"""Ageing of receivables (AR-1, D.5): what is open by how long it is overdue.

Advances and credits of clients stand beside the debt and are never netted with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, overload

from django.db.models import F, QuerySet, Sum

from crm.accounts.models import User
from crm.money import percent
from deals.models import Allocation, Invoice, Payment, Shipment
from deals.receivables.ageing import HALF_FROM, HALF_TO, Interval, current_intervals
from reports.queries.receivables.grouping import (
    Figure,
    Key,
    grouped_with_total,
    keyed,
    narrowed,
    texts_of,
    total,
    totals,
)

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class AgeingRow:
    """One group; roubles with VAT. `advance` is money and returns that pay nothing yet."""

    key: Key
    by_interval: dict[str, Decimal]
    total: Decimal
    overdue: Decimal
    reserve: Decimal
    disputed: Decimal
    invoices: int
    worst_days: int
    advance: Decimal = NOTHING

    @property
    def overdue_percent(self) -> Decimal | None:
        """Share of the overdue; None without a debt."""
        return percent(self.overdue, self.total)


class AgeingRows(Sequence[AgeingRow]):
    """The debts in their order, then advances without a debt, the greatest first.

    Of twenty thousand clients only the rows that are shown are made.
    """

    def __init__(
        self,
        found: Mapping[Key, str],
        whole: str | None,
        spare: Mapping[Key, Decimal],
        intervals: Sequence[Interval],
        as_of: date,
    ) -> None:
        self.found, self.whole, self.spare = found, whole, spare
        self.intervals, self.as_of = intervals, as_of
        only_spare = ((amount, key) for key, amount in spare.items() if amount and key not in found)
        self.keys = [*found, *(key for _amount, key in sorted(only_spare, key=_by_amount))]

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, at: int) -> AgeingRow: ...

    @overload
    def __getitem__(self, at: slice) -> list[AgeingRow]: ...

    def __getitem__(self, at: int | slice) -> AgeingRow | list[AgeingRow]:
        if isinstance(at, slice):
            return [self._row(key) for key in self.keys[at]]
        return self._row(self.keys[at])

    def sum_up(self) -> AgeingRow:
        """The row of totals; shares are computed from sums."""
        advance = sum(self.spare.values(), NOTHING)
        return _row((), self.intervals, self.whole, advance, self.as_of)

    def _row(self, key: Key) -> AgeingRow:
        figures = self.found.get(key)
        return _row(key, self.intervals, figures, self.spare.get(key, NOTHING), self.as_of)


@dataclass(frozen=True)
class Ageing:
    """The report as of the end of a day, the greatest debt first."""

    as_of: date
    by: str
    intervals: list[Interval]
    rows: Sequence[AgeingRow]
    total: AgeingRow


def ageing(
    user: User,
    *,
    as_of: date,
    today: date,
    by: str = "client",
    intervals: Sequence[Interval] | None = None,
    where: Mapping[str, Any] | None = None,
    with_advances: bool = True,
) -> Ageing:
    """The debts that the person sees as they stood at the end of the day; `where` narrows them.

    From today on it asks for what is open now; for a day gone by payments count from the day they
    came (`Invoice.objects.open_on`).
    """
    columns = list(intervals or current_intervals())
    found, whole = _debts(user, as_of=as_of, today=today, by=by, columns=columns, where=where or {})
    spare = advances(user, as_of=as_of, by=by, where=where) if with_advances else {}
    made = AgeingRows(found, whole, spare, columns, as_of)
    return Ageing(as_of, by, columns, made, made.sum_up())


def open_invoices(user: User, *, as_of: date, today: date) -> QuerySet[Any]:
    """Visible debts of which something is open at the end of the day."""
    visible = Invoice.objects.visible_to(user)
    if as_of >= today:
        return visible.unpaid().filter(issued_on__lte=as_of)
    return visible.open_on(as_of)


def advances(
    user: User, *, as_of: date, by: str, where: Mapping[str, Any] | None = None
) -> dict[Key, Decimal]:
    """Clients' money and returns of goods that paid nothing at the end of the day.

    What has been spread since over invoices of a later day was still free then; what was given
    back is no advance any more, as in an act of reconciliation.
    """
    money = Payment.objects.visible_to(user).filter(paid_on__lte=as_of)
    payments, refunds = money.unspent(), narrowed(money.refunds(), where or {})
    returns = Shipment.objects.visible_to(user).counted().credits()
    returns = returns.filter(posted_on__lte=as_of, applied_amount__lt=-F("amount"))
    later = Allocation.objects.visible_to(user).advances_on(as_of)
    wanted = where or {}
    payments, returns = narrowed(payments, wanted), narrowed(returns, wanted)
    later = narrowed(later, wanted, "invoice__")
    parts = [
        totals(keyed(payments, by, value=F("free_amount")), by),
        totals(keyed(refunds, by, value=-F("amount")), by),
        totals(keyed(returns, by, value=-F("amount") - F("applied_amount")), by),
        totals(keyed(later, by, "invoice__", value=F("amount")), by),
    ]
    summed: dict[Key, Decimal] = {}
    for part in parts:
        for key, amount in part.items():
            summed[key] = summed.get(key, NOTHING) + amount
    return summed


def _debts(
    user: User,
    *,
    as_of: date,
    today: date,
    by: str,
    columns: Sequence[Interval],
    where: Mapping[str, Any],
) -> tuple[dict[Key, str], str | None]:
    """The figures of each group and of all; on a day gone by with what has been paid since."""
    read: dict[str, Any] = {"due": F("due_on"), "disputed": F("is_disputed")}
    figures = _figures(columns, as_of)
    if as_of >= today:
        rows = narrowed(open_invoices(user, as_of=as_of, today=today), where)
        chosen = keyed(rows, by, value=F("open_amount"), **read)
        return grouped_with_total(chosen, by, figures, greatest="total")
    rows = narrowed(Invoice.objects.visible_to(user).unsettled_on(as_of), where)
    chosen = keyed(rows, by, kept=F("open_amount"), row=F("pk"), **read)
    later = narrowed(Allocation.objects.visible_to(user).after(as_of), where, "invoice__")
    since = later.order_by().values(row=F("invoice_id")).annotate(amount=Sum("amount"))
    return grouped_with_total(chosen, by, figures, greatest="total", added=since)


def _figures(intervals: Sequence[Interval], as_of: date) -> dict[str, Figure]:
    """A sum of nothing is null: most are, and a null is not turned into a number and back."""
    figures = {interval.code: _within(interval, as_of) for interval in intervals}
    half_from, half_to = as_of - timedelta(days=HALF_TO), as_of - timedelta(days=HALF_FROM)
    return figures | {
        "total": total(),
        "overdue": Figure("sum(q.value) FILTER (WHERE q.due < %s)", (as_of,)),
        # Each invoice is rounded, so that every grouping adds up to the same reserve.
        "reserve": Figure(
            "sum(CASE WHEN q.due < %s THEN q.value ELSE round(q.value * 0.5, 2) END)"
            " FILTER (WHERE q.due <= %s)",
            (half_from, half_to),
        ),
        "disputed": Figure("sum(q.value) FILTER (WHERE q.disputed)"),
        "invoices": Figure("count(*)"),
        "oldest": Figure("min(q.due)"),
    }


def _by_amount(spare: tuple[Decimal, Key]) -> tuple[Decimal, str]:
    return -spare[0], str(spare[1])


def _within(interval: Interval, as_of: date) -> Figure:
    earliest, latest = interval.due_days(as_of)
    conditions = [
        (f"q.due {sign} %s", day)
        for sign, day in ((">=", earliest), ("<=", latest))
        if day is not None
    ]
    where = " AND ".join(text for text, _day in conditions)
    days = tuple(day for _text, day in conditions)
    return Figure(f"sum(q.value) FILTER (WHERE {where})", days)


def _row(
    key: Key,
    intervals: Sequence[Interval],
    found: str | None,
    advance: Decimal,
    as_of: date,
) -> AgeingRow:
    if found is None:
        empty = {interval.code: NOTHING for interval in intervals}
        return AgeingRow(key, empty, NOTHING, NOTHING, NOTHING, NOTHING, 0, 0, advance)
    *texts, count, oldest = texts_of(found)
    sums = [Decimal(text) if text else NOTHING for text in texts]
    size = len(intervals)
    by_interval = dict(zip((i.code for i in intervals), sums[:size], strict=True))
    whole, overdue, reserve, disputed = sums[size:]
    worst = max(0, (as_of - date.fromisoformat(oldest)).days) if oldest else 0
    counted = int(count)
    return AgeingRow(key, by_interval, whole, overdue, reserve, disputed, counted, worst, advance)
