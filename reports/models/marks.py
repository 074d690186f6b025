"""Triggers of documents that tell which months are to be counted anew, and what came late.

The tables belong to earlier apps, which know nothing of reports; proxies carry the triggers. A
mark is written in the transaction of the document, so no change is lost; many rows of one
statement leave one mark for each client and month.

Who writes holds the lock of the month, shared with everybody else who writes, until the end of the
transaction; the closing takes it alone. So a document is either counted by the closing or noted as
late, whatever commits first.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pgtrigger

from clients.models import CategoryAssignment, Client, ClientAssignment, ContactLog, ContactResult
from crm.accounts.models import User
from deals.models import Payment, Product, Shipment

ZONE = "Europe/Moscow"
PATIENCE = "12s"
MONTH_LOCK = 1_700_206  # the first of two numbers of an advisory lock, the second is the month
MARKS = "INSERT INTO reports_factmark (client_id, month)"
LATE = (
    "INSERT INTO reports_latechange"
    " (month, client_id, source, document_id, changed_at, changed_by_id)"
)
WHO = "(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), '')::jsonb ->> 'user')::bigint"
Triggers = list[pgtrigger.Trigger]


def month_of(day: str) -> str:
    """SQL: the first day of the month of a date."""
    return f"date_trunc('month', {day}::timestamp)::date"


DONE_ON = f"(d.done_at AT TIME ZONE '{ZONE}')::date"
DONE_IN, THIS_MONTH = month_of(DONE_ON), month_of(f"(now() AT TIME ZONE '{ZONE}')")


def number_of(month: date) -> int:
    """The month in its lock, as `_held` counts it."""
    return month.year * 12 + month.month


def _held(rows: str, month: str) -> str:
    """Nobody closes these months until the transaction ends; who closes one is waited for.

    Longer than for a row, since a closing takes seconds. A statement of its own: the next one sees
    the closing that was waited for.
    """
    number = f"(extract(year FROM {month}) * 12 + extract(month FROM {month}))::int"
    months = f"(SELECT DISTINCT {number} AS number FROM {rows}) held"  # noqa: S608
    return f"""
        PERFORM set_config('lock_timeout', '{PATIENCE}', TRUE) FROM {months}
        WHERE held.number IS NOT NULL
          AND NOT pg_try_advisory_xact_lock_shared({MONTH_LOCK}, held.number);
        PERFORM pg_advisory_xact_lock_shared({MONTH_LOCK}, held.number) FROM {months}
        WHERE held.number IS NOT NULL;
    """


def _written(source: str, rows: str, day: str, spread: int) -> str:
    """Marks and late changes of the rows `d`; `spread`: days by which another clock may differ."""
    moved = month_of(f"({day} + n.days)")
    return f"""
        {_held(rows, day)}
        {MARKS} SELECT DISTINCT d.client_id, {moved}
        FROM {rows}, (VALUES (-1), (0), (1)) n (days)
        WHERE {day} IS NOT NULL AND abs(n.days) <= {spread};
        {LATE} SELECT DISTINCT c.month, d.client_id, '{source}', d.id, now(), {WHO}
        FROM {rows} JOIN reports_monthclosing c ON c.month = {month_of(day)};
        RETURN NULL;
    """  # noqa: S608


def of_documents(source: str, day: str, columns: tuple[str, ...], *, spread: int = 0) -> Triggers:
    """Triggers of a table of documents: `day` is SQL of `d`, `columns` are those that count."""
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)
    both = "(SELECT (OLD).* UNION ALL SELECT (NEW).*) d"
    return [
        pgtrigger.Trigger(
            name="facts_added",
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            level=pgtrigger.Statement,
            referencing=pgtrigger.Referencing(new="new_rows"),
            func=_written(source, "new_rows d", day, spread),
        ),
        pgtrigger.Trigger(
            name="facts_changed",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition(changed),
            func=_written(source, both, day, spread),
        ),
        pgtrigger.Trigger(
            name="facts_removed",
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            func=_written(source, "(SELECT (OLD).*) d", day, spread),
        ),
    ]


def _months_from(rows: str, since: str, source: str = "") -> str:
    """The months of clients that have figures from a day on; a hand-over may come late too."""
    late = f"""
        {LATE} SELECT DISTINCT m.month, m.client_id, '{source}', d.id, now(), {WHO}
        FROM {rows} JOIN reports_clientmonth m
          ON m.client_id = d.client_id AND m.month >= {month_of(since)}
        JOIN reports_monthclosing c ON c.month = m.month;
    """  # noqa: S608
    months = f"generate_series({month_of(since)}, {THIS_MONTH}, interval '1 month') n (month)"
    return f"""
        {_held(f"{rows}, {months}", "n.month") if source else ""}
        {MARKS} SELECT DISTINCT m.client_id, m.month FROM {rows} JOIN reports_clientmonth m
          ON m.client_id = d.client_id AND m.month >= {month_of(since)};
        {late if source else ""}
        RETURN NULL;
    """  # noqa: S608


def of_history(same: tuple[str, ...], source: str = "") -> Triggers:
    """Triggers of a half-open history of clients; `same`: only its end has changed."""
    kept = " AND ".join(f"OLD.{name} = NEW.{name}" for name in (*same, "client_id", "valid_from"))
    end = "LEAST(OLD.valid_to, NEW.valid_to)"
    since = f"CASE WHEN {kept} THEN {end} ELSE LEAST(OLD.valid_from, NEW.valid_from) END"
    changed = " OR ".join(
        f"OLD.{name} IS DISTINCT FROM NEW.{name}"
        for name in (*same, "client_id", "valid_from", "valid_to")
    )
    clients = "(VALUES (OLD.client_id), (NEW.client_id)) x (client_id)"
    both = f"(SELECT NEW.id, x.client_id, {since} AS since FROM {clients}) d"  # noqa: S608
    return [
        pgtrigger.Trigger(
            name="facts_added",
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            level=pgtrigger.Statement,
            referencing=pgtrigger.Referencing(new="new_rows"),
            func=_months_from("new_rows d", "d.valid_from", source),
        ),
        pgtrigger.Trigger(
            name="facts_changed",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition(changed),
            func=_months_from(both, "d.since", source),
        ),
        pgtrigger.Trigger(
            name="facts_removed",
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            func=_months_from("(SELECT (OLD).*) d", "d.valid_from", source),
        ),
    ]


class MarkedShipment(Shipment):
    """Documents of sale: the month of posting."""

    class Meta:
        proxy = True
        triggers: ClassVar = of_documents(
            "shipment",
            "d.posted_on",
            ("client_id", "posted_on", "amount", "state", "kind", "reverses_id"),
        )


class MarkedPayment(Payment):
    """Payments: the month in which the bank moved the money."""

    class Meta:
        proxy = True
        triggers: ClassVar = of_documents(
            "payment", "d.paid_on", ("client_id", "paid_on", "amount", "state", "kind", "direction")
        )


class MarkedContact(ContactLog):
    """Contacts: the month in which they were done, by the company's clock."""

    class Meta:
        proxy = True
        triggers: ClassVar = of_documents(
            "contact",
            DONE_ON,
            ("client_id", "done_at", "state", "result_id"),
            spread=1,
        )


class MarkedResult(ContactResult):
    """Whether a result of contacts counts: all months that have it."""

    class Meta:
        proxy = True
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="facts_counted",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.reached IS DISTINCT FROM NEW.reached"),
                func=(
                    f"{MARKS} SELECT DISTINCT d.client_id,"  # noqa: S608
                    f" {DONE_IN}"
                    " FROM clients_contactlog d WHERE d.result_id = NEW.id AND d.state = 'done';"
                    " RETURN NULL;"
                ),
            )
        ]


class MarkedAssignment(ClientAssignment):
    """Who answers for a client: the months since the day on which it changed."""

    class Meta:
        proxy = True
        triggers: ClassVar = of_history(("manager_id", "role"), "assignment")


class MarkedCategory(CategoryAssignment):
    """The category of a client: the months since the day on which it changed."""

    class Meta:
        proxy = True
        triggers: ClassVar = of_history(("category",))


class MarkedClient(Client):
    """The unit of a client for whom nobody answers."""

    class Meta:
        proxy = True
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="facts_moved",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.org_unit_id IS DISTINCT FROM NEW.org_unit_id"),
                func=(
                    f"{MARKS} SELECT client_id, month FROM reports_clientmonth"  # noqa: S608
                    " WHERE client_id = NEW.id AND manager_id IS NULL; RETURN NULL;"
                ),
            )
        ]


class MarkedProduct(Product):
    """The group of a product: the product alone, its months are found when they are counted."""

    class Meta:
        proxy = True
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="facts_grouped",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.group_id IS DISTINCT FROM NEW.group_id"),
                func=("INSERT INTO reports_productmark (product_id) VALUES (NEW.id); RETURN NULL;"),
            )
        ]


class MarkedPerson(User):
    """The unit of a manager: the months from this one on."""

    class Meta:
        proxy = True
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="facts_moved",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.org_unit_id IS DISTINCT FROM NEW.org_unit_id"),
                func=(
                    f"{MARKS} SELECT client_id, month FROM reports_clientmonth"  # noqa: S608
                    " WHERE manager_id = NEW.id AND month >="
                    f" {THIS_MONTH}; RETURN NULL;"
                ),
            )
        ]
