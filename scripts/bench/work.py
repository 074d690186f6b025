"""Work without a page that has a budget: ABC, ageing, the matching of a statement; sales by file.

What it writes is taken back, so that the volume stays as it was built.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

ROUNDS = 3
DOCUMENTS = 10_000
LINES = 1_000
ACTS = 200
CHANGES = 1_000


@dataclass(frozen=True)
class Work:
    """What is done and its budget in milliseconds."""

    name: str
    run: Callable[[], object]
    budget: float | None = None


def works() -> list[Work]:
    """All of them."""
    from crm.accounts.models import User
    from deals.actions.abc import run_abc

    director, manager = (User.objects.get(username=name) for name in ("director", "manager"))
    today = timezone.localdate()
    month_ago = today - timedelta(days=30)
    return [
        Work("ABC over 12 months", lambda: run_abc(by=None, last=today), 2_000),
        Work("ageing by manager, company", lambda: _ageing(director, "manager", today), 300),
        Work("ageing by client, company", lambda: _ageing(director, "client", today), 300),
        Work("ageing by client, one manager", lambda: _ageing(manager, "client", today), 300),
        Work(
            "ageing by manager, a month ago", lambda: _ageing(director, "manager", month_ago), 300
        ),
        Work("ageing by client, a month ago", lambda: _ageing(director, "client", month_ago), 300),
        Work(f"matching of {DOCUMENTS:,} payments", _matching),
        Work(f"comparing of {LINES:,} × {LINES:,} lines", _comparing(), 5_000),
        Work("half-year schedule, all clients", _schedule, 10_000),
        Work(f"{ACTS} acts formed", _acts, ACTS * 60),  # 1,000 a minute
        Work("PDF of an act of 3,000 lines", _act_pdf, 3_000),
        Work("terms of all acts told, the worst day", _alerts, 10_000),
        Work(f"hand-over of {ACTS} clients", lambda: _handover(manager), ACTS * 60),
        Work("facts of all months", lambda: _all_facts(today), 60_000),
        Work(f"facts of an hour, {CHANGES:,} documents", lambda: _facts_of_an_hour(today), 3_000),
    ]


def _ageing(user: Any, by: str, as_of: date) -> object:
    from reports.queries.receivables.ageing import ageing

    return ageing(user, as_of=as_of, today=timezone.localdate(), by=by)


def _matching() -> object:
    """A statement of payments that name an open invoice or only their payer."""
    from crm.copying import copy_values
    from deals.models import Invoice, Payment
    from deals.receipts.matching import match_payments

    rows = Invoice.objects.unpaid().exclude(client__counterparties=None).order_by("pk")
    facts = rows.values_list("number", "open_amount", "client__counterparties__inn")[:DOCUMENTS]
    day = timezone.localdate()
    made = [
        (
            str(place),
            day,
            day,
            Decimal(amount),
            inn,
            f"Оплата по счету № {number}" if place % 2 else "Оплата за товар",
        )
        for place, (number, amount, inn) in enumerate(facts)
    ]
    names = ("number", "dated_on", "paid_on", "amount", "party_inn", "purpose")
    ids = copy_values(Payment, names, made, direction="in", state="unmatched")
    return match_payments(ids, by=None)


def _comparing() -> Callable[[], object]:
    """An act and the client's statement with the noise of the tests; making them is not counted."""
    from deals.comparing.pairing import compare
    from tests.deals.noisy_statements import noisy

    made = noisy(1, size=LINES)
    return lambda: compare(made.ours, made.theirs, days=3)


def _all_facts(today: date) -> object:
    """Every month from its documents, and all levels."""
    from reports.actions.rollup import count_all

    return count_all(today=today)


def _facts_of_an_hour(today: date) -> object:
    """As many clients of this month and the one before have new documents."""
    from clients.models import Client
    from reports.actions.rollup import count_changes
    from reports.models import FactMark
    from reports.parameters import month_start

    ids = Client.objects.order_by("pk").values_list("pk", flat=True)[:CHANGES]
    FactMark.objects.bulk_create(
        FactMark(client_id=pk, month=month_start(today, -(place % 2)))
        for place, pk in enumerate(ids)
    )
    return count_changes(today=today)


def _schedule() -> object:
    """The reconciliations of the half-year after the next: nobody has planned it."""
    from deals.actions.reconciliation_schedules import Half, generate_schedules

    return generate_schedules(Half.of(timezone.localdate()).following.following)


def _acts() -> object:
    """Acts of as many clients, asked for and formed as the worker does it."""
    from clients.models import Client
    from crm.accounts.models import User
    from deals.actions.act_batches import run_waiting_batches, start_batch
    from deals.actions.reconciliation_schedules import days_of
    from deals.models import ActBatchRow, ReconciliationItem

    by, today = User.objects.get(username="accountant"), timezone.localdate()
    days = days_of(today - timedelta(days=1))
    free = Client.objects.exclude(reconciliations__as_of=days.as_of)
    clients = free.filter(archived_at=None, status="client").order_by("pk")[:ACTS]
    items = ReconciliationItem.objects.bulk_create(
        ReconciliationItem(
            client=client,
            as_of=days.as_of,
            send_by=days.send_by,
            sign_by=days.sign_by,
            kind="emergency",
            reason="dispute",
        )
        for client in clients
    )
    batch = start_batch([item.pk for item in items], by=by)
    done = run_waiting_batches(today=today)
    refused = ActBatchRow.objects.filter(batch=batch, state="refused").count()
    assert (done, refused) == (len(items), 0)
    return done


def _alerts() -> object:
    """The first day after the one on which all clients' acts of the half-year were to be sent."""
    from deals.actions.reconciliation_alerts import alert_deadlines
    from deals.actions.reconciliation_schedules import Half, days_of

    half = Half.of(timezone.localdate())
    last = days_of(half.following.first - timedelta(days=1))
    return alert_deadlines(today=last.send_by + timedelta(days=1))


def _handover(by: Any) -> object:
    """Reconciliations asked for by a person who does not decide on them."""
    from clients.hooks import Taken
    from clients.models import Client
    from deals.actions.reconciliation_handovers import ask_on_handover

    clients = Client.objects.filter(archived_at=None, org_unit=by.org_unit).order_by("pk")
    today = timezone.localdate()
    ids = clients.values_list("pk", flat=True)[:ACTS]
    return ask_on_handover([Taken(pk, by.pk, by.pk, today, by.pk) for pk in ids], today)


def _act_pdf() -> object:
    """Typesetting alone, of lines as they stand in acts."""
    from clients.models import Client
    from deals.papers.act import ActPaper, PaperLine, Signer, pdf_of

    one, day = Decimal("12345.67"), timezone.localdate()
    lines = [
        PaperLine(day, f"Реализация (УПД) № РТ-2026-{number:06}", one, Decimal(0))
        for number in range(3_000)
    ]
    client = Client.objects.order_by("pk")[0]
    debit = one * len(lines)
    paper = ActPaper(
        client=client,
        counterparty=None,
        contract=None,
        first=day,
        last=day,
        opening=Decimal(0),
        debit=debit,
        credit=Decimal(0),
        closing=debit,
        lines=lines,
        ours=Signer(),
        theirs=Signer(),
        number="ACT",
    )
    return pdf_of(paper, mirrored=True)


def measured() -> list[dict[str, Any]]:
    """The best of a few rounds of each, milliseconds; prints a line of each."""
    rows = []
    for work in works():
        laps = []
        for _round in range(ROUNDS):
            with transaction.atomic():
                started = time.perf_counter()
                work.run()
                laps.append((time.perf_counter() - started) * 1000)
                transaction.set_rollback(True)
        best = round(min(laps), 1)
        over = work.budget is not None and best > work.budget
        limit = f"budget {work.budget:.0f} ms" if work.budget else ""
        print(f"{work.name:36} {best:>10} ms  {limit}{'  OVER' if over else ''}")
        rows.append({"name": work.name, "ms": best, "budget": work.budget, "over": over})
    return rows
