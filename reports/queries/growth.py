"""What grows and what falls: shipments of the last months against as many before (RP-07)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from crm.accounts.models import User
from crm.calendar import month_start
from crm.money import percent
from reports.days.months import Months
from reports.permissions import can_see_facts
from reports.queries.cuts import by_cut, names_of
from reports.queries.fact_rows import documents_url
from reports.registry import Params, Row

UP, DOWN = "up", "down"
NOTHING = Decimal(0)


def growth_rows(user: User, params: Params) -> list[Row]:
    """Rows of the cut by their change in roubles, the greatest first; falling first where these
    alone are asked for. The figures are those of “Plan vs actual” of the same months."""
    cut, last, count = params["by"] or "client", params["month"], params["months"]
    now = Months(month_start(last, 1 - count), last, "")
    before = Months(month_start(now.first, -count), month_start(now.first, -1), "")
    found, known = _ship(user, cut, now), _ship(user, cut, before)
    whole = sum(found.values(), NOTHING)
    rows = [
        _row(key, found.get(key, NOTHING), known.get(key, NOTHING), whole)
        for key in {*found, *known}
    ]
    wanted = [row for row in rows if _fits(row, params.get("direction") or "")]
    names = names_of(cut, [row["key"] for row in wanted])
    leads = can_see_facts(user)
    for row in wanted:
        name = names[row["key"]]
        row |= {"name": name.text, "url": name.url, "code": name.code}
        row["now_url"] = documents_url(now, "ship", {cut: row["key"]}) if leads else ""
        row["before_url"] = documents_url(before, "ship", {cut: row["key"]}) if leads else ""
    falling = params.get("direction") == DOWN
    sign = 1 if falling else -1
    return sorted(wanted, key=lambda row: (sign * row["change"], row["name"]))


def _ship(user: User, cut: str, months: Months) -> dict[Any, Decimal]:
    asked = {"month": months.first, "until": months.last, "by": cut}
    sums = by_cut(user, asked)
    return {key: one.fact["ship"] for key, one in sums.items() if one.fact["ship"]}


def _row(key: Any, now: Decimal, before: Decimal, whole: Decimal) -> dict[str, Any]:
    return {
        "key": key,
        "before": before,
        "now": now,
        "change": now - before,
        "change_pct": percent(now - before, before) if before > 0 else None,
        "share": percent(now, whole),
    }


def _fits(row: Row, direction: str) -> bool:
    if direction == UP:
        return bool(row["change"] > 0)
    return bool(row["change"] < 0) if direction == DOWN else True


def growth_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """The change of all rows in per cent."""
    now = sum((row["now"] for row in rows), NOTHING)
    before = sum((row["before"] for row in rows), NOTHING)
    return {"change_pct": percent(now - before, before) if before > 0 else None}


def last_full_month(today: date) -> date:
    """The first day of the month before this one."""
    return month_start(today, -1)
