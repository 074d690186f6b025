"""Debts without a lawsuit that run out of time: watched daily, told at each step (D.18)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from django.db import transaction

from claims.models import LimitationWatch
from crm.accounts.models import Role, User
from crm.money import format_number
from crm.notices.actions import notify
from crm.shell.nav import address
from crm.work.registry import setting
from deals.models import Invoice
from deals.receivables.ageing import parse_steps
from deals.receivables.limitation import YEARS, limitations

CHUNK = 500
NAMED = 3
LEAP = 1  # 29 February is taken for 28


@transaction.atomic
def watch_limitation(*, today: date) -> int:
    """Keep the list of debts whose limitation ends within the longest alert; tell of new steps.

    A step is told once: to the manager and the lawyers, in one digest a day each. Debts that were
    paid, acknowledged or sued leave the list. Returns how many debts came to a step.
    """
    steps = sorted(parse_steps(setting("limitation.alerts")))
    known = {row.invoice_id: row for row in LimitationWatch.objects.select_for_update()}
    near = dict(_near(today, steps))
    LimitationWatch.objects.filter(invoice__in=known.keys() - near.keys()).delete()
    news = []
    for invoice_id, (invoice, last_day, step) in near.items():
        row = known.get(invoice_id)
        if row is not None and (row.last_day, row.step) == (last_day, step):
            continue
        news.append((invoice, last_day))
        LimitationWatch.objects.update_or_create(
            invoice_id=invoice_id,
            defaults={"last_day": last_day, "step": step, "told_on": today},
        )
    _tell(news, today)
    return len(news)


def _near(today: date, steps: list[int]) -> Iterator[tuple[int, tuple[Invoice, date, int]]]:
    """Debts whose last day comes within the longest step, with the nearest step that has come."""
    due = today + timedelta(days=steps[-1] + LEAP)
    latest = _years_before(due)
    rows = Invoice.objects.unpaid().filter(due_on__lte=latest).select_related("client")
    for chunk in _chunks(rows.order_by("pk").iterator(chunk_size=CHUNK)):
        terms = limitations(chunk)
        for invoice in chunk:
            term = terms[invoice.pk]
            left = term.days_left(today)
            if term.sued_on is None and 0 <= left < steps[-1]:
                step = next(step for step in steps if left < step)
                yield invoice.pk, (invoice, term.last_day, step)


def _years_before(day: date) -> date:
    try:
        return day.replace(year=day.year - YEARS)
    except ValueError:  # 29 February
        return day.replace(year=day.year - YEARS, day=28)


def _chunks(rows: Iterator[Invoice]) -> Iterator[list[Invoice]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _tell(news: Iterable[tuple[Invoice, date]], today: date) -> None:
    """One digest for each manager and each lawyer."""
    lawyers = list(User.objects.working().filter(role=Role.LAWYER).values_list("pk", flat=True))
    managers = set(User.objects.working().values_list("pk", flat=True))
    theirs: dict[int, list[tuple[Invoice, date]]] = defaultdict(list)
    for invoice, last_day in news:
        manager = invoice.client.manager_id
        people = {*lawyers, manager} if manager in managers else set(lawyers)
        for person in people:
            theirs[person or 0].append((invoice, last_day))
    for person, rows in sorted(theirs.items()):
        rows.sort(key=lambda row: (row[1], row[0].pk))
        names = ", ".join(f"{row.number} ({last:%d.%m.%Y})" for row, last in rows[:NAMED])
        notify(
            person,
            kind="limitation.near",
            params={
                "count": len(rows),
                "amount": format_number(sum((row.open_amount for row, _ in rows), Decimal(0))),
                "which": names if len(rows) <= NAMED else f"{names}, …",
            },
            url=address("claims:limitation_list"),
            dedupe_key=f"limitation.near:{today.isoformat()}:{rows[0][0].pk}",
        )
