"""Debts beside shipments of a month by who answered (KPI-2): one statement for every page.

Shipments are those of the rollups, so they are the fact of KPI 1; an imported invoice without its
shipment stands for it. A debt belongs to who answered for the client at the end of the day, to the
unit of that person at the end of the month. Owed is what is open on invoices, and money that was
given back beyond what the client had free: it had paid for goods that the client has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import F

from crm.accounts.models import OrgUnit, User
from crm.accounts.scope import scope_of
from crm.calendar import month_end
from crm.sql import Statement, joined
from deals.models import Allocation, Invoice, Payment, Shipment
from reports.parameters import month_start
from reports.queries.receivables.grouping import Key
from reports.rollups.months import PLACES

NOTHING = Decimal(0)
KEYS = {
    "all": (),
    "manager": ("h.manager_id",),
    "unit": ("h.org_unit_id",),
    "pair": ("h.manager_id", "h.org_unit_id"),
    "client": ("h.client_id",),
    "territory": ("c.territory",),
    "category": ("h.category",),
}
_ONE_UNIT = "CASE WHEN min(h.org_unit_id) = max(h.org_unit_id) THEN min(h.org_unit_id) END"
_OF_CLIENT = {"client": "h.client_id", "territory": "c.territory", "category": "h.category"}
# `line` is what one document owes or shipped and the day of who answers for it.
_HELD = """
    {places}, line AS ({lines}), named AS (
        SELECT l.client_id, l.owed, l.overdue, l.sales, a.manager_id,
               CASE WHEN a.manager_id IS NULL THEN c.org_unit_id ELSE p.org_unit_id END
               AS org_unit_id, g.category
        FROM (SELECT client_id, on_day, sum(owed) AS owed, sum(overdue) AS overdue,
                     sum(sales) AS sales FROM line GROUP BY 1, 2) l
        LEFT JOIN clients_client c ON c.id = l.client_id
        LEFT JOIN clients_clientassignment a ON a.client_id = l.client_id AND a.role = 'primary'
             AND a.valid_from <= l.on_day AND (a.valid_to IS NULL OR a.valid_to > l.on_day)
        LEFT JOIN place p ON p.manager_id = a.manager_id
        LEFT JOIN clients_categoryassignment g ON g.client_id = l.client_id
             AND g.valid_from < %(after)s AND (g.valid_to IS NULL OR g.valid_to >= %(after)s)
    ), held AS (
        SELECT client_id, manager_id, org_unit_id, category, owed, overdue, sales FROM named
        UNION ALL
        SELECT client_id, manager_id, org_unit_id, category, 0, 0, ship
        FROM reports_clientmonth WHERE month = %(month)s
    )
"""


@dataclass(frozen=True)
class Held:
    """What a group owed at the end of the day, what of it was overdue, what it was shipped.

    Roubles with VAT; `unit_id` is the unit of the group where all of it is of one.
    """

    key: Key
    owed: Decimal
    overdue: Decimal
    sales: Decimal
    unit_id: int | None = None


def held(
    user: User, month: date, *, today: date, by: str = "all", where: Mapping[str, Any] | None = None
) -> list[Held]:
    """The debts at the end of the month, in the running one now, and its shipments: one query.

    `where` narrows by client, manager, unit with all below it, units, territory or category. Seen
    are the months that `ClientMonth.visible_to` shows.
    """
    seen = _seen(user)
    if seen is None:
        return []
    first, keys = month.replace(day=1), KEYS[by]
    day = min(month_end(first.year, first.month), today)
    conditions = joined(" AND ", [Statement("TRUE"), *seen, *_narrowed(where or {})])
    lines = _lines(first, day, today)
    sql = _HELD.format(places=PLACES, lines="%(lines)s")
    head, tail = sql.split("%(lines)s")
    known = {"months": [first], "zone": settings.TIME_ZONE, "month": first}
    known["after"] = month_start(first, 1)
    chosen = ", ".join([*keys, "sum(h.owed)", "sum(h.overdue)", "sum(h.sales)", _ONE_UNIT])
    asked = Statement(
        f" SELECT {chosen} FROM held h"  # noqa: S608
        f" LEFT JOIN clients_client c ON c.id = h.client_id WHERE {conditions.sql}"
        + (f" GROUP BY {', '.join(keys)}" if keys else ""),
        conditions.params,
    )
    before, after = (Statement.named(part, **known) for part in (head, tail))
    whole = joined("", [Statement("WITH "), before, lines, after, asked])
    found = []
    for row in whole.rows():
        key, (owed, overdue, sales, unit_id) = row[: len(keys)], row[len(keys) :]
        if owed is not None or sales is not None:
            figures = (owed or NOTHING, overdue or NOTHING, sales or NOTHING)
            found.append(Held(key, *figures, unit_id))
    return found


def _seen(user: User) -> list[Statement] | None:
    """The condition of `ClientMonth.visible_to` in SQL; None for somebody who sees nothing."""
    scope = scope_of(user)
    if scope.limited_fields or not user.is_active:
        return None
    if scope.everything:
        return []
    people, units = sorted(scope.manager_ids), sorted(scope.unit_ids)
    sql = "(h.manager_id = ANY(%s::bigint[]) OR h.org_unit_id = ANY(%s::bigint[]))"
    return [Statement(sql, (people, units))]


def _narrowed(where: Mapping[str, Any]) -> list[Statement]:
    found = []
    for name, value in where.items():
        if name in {"unit", "units"} and value is not None:
            ids = list(value) if name == "units" else _inside(value)
            found.append(Statement("h.org_unit_id = ANY(%s::bigint[])", (ids,)))
        else:
            column = _OF_CLIENT.get(name, "h.org_unit_id" if name == "unit" else "h.manager_id")
            found.append(Statement(f"{column} IS NOT DISTINCT FROM %s", (value,)))
    return found


def _inside(unit_id: int) -> list[int]:
    return list(OrgUnit.objects.subtree_of({unit_id}).values_list("pk", flat=True))


def _lines(first: date, day: date, today: date) -> Statement:
    """Client, the day of who answers, owed, overdue and sales of each document."""
    is_now = day >= today
    invoices = Invoice.objects.unpaid().filter(issued_on__lte=day) if is_now else None
    rows = Invoice.objects.open_on(day) if invoices is None else invoices
    amount = "open_amount" if is_now else "open_then"
    owed = Statement.of(rows.order_by().values(of=F("client_id"), value=F(amount), due=F("due_on")))
    alone = Invoice.objects.debts().filter(shipment=None, issued_on__gte=first, issued_on__lte=day)
    billed = Statement.of(alone.order_by().values("client_id", "issued_on", "amount"))
    return joined(
        " UNION ALL ",
        [
            Statement(
                "SELECT of AS client_id, %s::date AS on_day, value AS owed,"  # noqa: S608
                " CASE WHEN due < %s::date THEN value ELSE 0 END AS overdue, 0 AS sales"
                f" FROM ({owed.sql}) o",
                (day, day, *owed.params),
            ),
            Statement(
                f"SELECT client_id, issued_on, 0, 0, amount FROM ({billed.sql}) b",  # noqa: S608
                billed.params,
            ),
            _given_back(day),
        ],
    )


def _given_back(day: date) -> Statement:
    """Money given back by the day beyond what the client had free and returned: its debt again.

    Like the advances of the ageing, which it is below nought.
    """
    refunds = Payment.objects.refunds().filter(paid_on__lte=day)
    refunded = refunds.order_by().values("client")
    unspent = Payment.objects.unspent().filter(paid_on__lte=day, client__in=refunded)
    returns = Shipment.objects.counted().credits().filter(posted_on__lte=day, client__in=refunded)
    later = Allocation.objects.advances_on(day).filter(invoice__client__in=refunded)
    parts = [
        refunds.order_by().values_list("client_id", "amount"),
        unspent.order_by().values_list("client_id", -F("free_amount")),
        returns.order_by().values_list("client_id", F("amount") + F("applied_amount")),
        later.order_by().values_list("invoice__client_id", -F("amount")),
    ]
    given = joined(" UNION ALL ", [Statement.of(rows) for rows in parts])
    return Statement(
        "SELECT client_id, %s::date, sum(amount), 0, 0"  # noqa: S608
        f" FROM ({given.sql}) g (client_id, amount) GROUP BY 1 HAVING sum(amount) > 0",
        (day, *given.params),
    )
