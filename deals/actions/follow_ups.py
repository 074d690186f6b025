"""Following up debts by the ladder of the category (D.6, L258): work that a debt makes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from clients.heads import heads_by_client
from clients.models import ContactLog
from crm.history import verb
from crm.notices.actions import notify
from crm.shell.nav import address
from crm.work.registry import setting
from deals.models import FollowUp, FollowUpStep, Invoice

NO_CATEGORY = "-"


@dataclass(frozen=True)
class Overdue:
    """The oldest overdue invoice of a client, and the rung that it has reached."""

    client_id: int
    invoice_id: int
    step: FollowUpStep | None


@transaction.atomic
def follow_up_debts(*, today: date, now: datetime) -> int:
    """Open the highest reached rung of each debtor, close what is done, drop what is paid.

    Returns how many follow-ups changed. Twice a day changes nothing; after an outage the rung of
    the day is opened and those skipped are not.
    """
    count = finish_follow_ups(now=now)
    debts = {debt.client_id: debt for debt in _debts(today)}
    standing = FollowUp.objects.filter(done_at=None, dropped_at=None)
    reached = {(debt.invoice_id, debt.step.pk) for debt in debts.values() if debt.step is not None}
    old = [
        row.pk
        for row in standing.select_for_update(of=("self",)).order_by("pk")
        if (row.invoice_id, row.step_id) not in reached
    ]
    with verb("follow_up.dropped", by=None):
        dropped = FollowUp.objects.filter(pk__in=old)
        count += dropped.update(dropped_at=now, version=F("version") + 1)
    opened = _open(debts.values(), today)
    _tell_heads(opened, today)
    return count + len(opened)


@transaction.atomic
def finish_follow_ups(*, now: datetime) -> int:
    """A contact in which the client was reached, made after the rung was opened, is its answer."""
    made = ContactLog.objects.credited().filter(
        client=OuterRef("client"), done_at__gte=OuterRef("created_at")
    )
    first = Subquery(made.order_by("done_at", "pk").values("pk")[:1])
    rows = FollowUp.objects.filter(done_at=None, dropped_at=None).annotate(answer=first)
    answered = list(rows.filter(answer__isnull=False).select_for_update(of=("self",)))
    for row in answered:
        row.contact_id, row.done_at = row.answer, now
        row.version += 1
    with verb("follow_up.done", by=None):
        FollowUp.objects.bulk_update(answered, ["contact", "done_at", "version"])
    return len(answered)


def _debts(today: date) -> Iterable[Overdue]:
    """The oldest overdue invoice of every open client with what counts as a debt."""
    ladder = _ladder()
    rows = Invoice.objects.overdue(today).filter(
        open_amount__gte=setting("stop.least_open"), client__archived_at=None
    )
    oldest = rows.order_by("client_id", "due_on", "issued_on", "number", "pk").distinct("client_id")
    for client, invoice, due_on, category in oldest.values_list(
        "client_id", "pk", "due_on", "client__category"
    ):
        days = (today - due_on).days
        steps = ladder.get(category or NO_CATEGORY, [])
        reached = [step for step in steps if step.days_overdue <= days]
        yield Overdue(client, invoice, reached[-1] if reached else None)


def _ladder() -> dict[str, list[FollowUpStep]]:
    ladder: dict[str, list[FollowUpStep]] = {}
    for step in FollowUpStep.objects.filter(archived_at=None).order_by("days_overdue"):
        ladder.setdefault(step.category, []).append(step)
    return ladder


def _open(debts: Iterable[Overdue], today: date) -> list[FollowUp]:
    """Rungs that were never opened for these invoices; one that is done does not come again."""
    wanted = [debt for debt in debts if debt.step is not None]
    invoices = [debt.invoice_id for debt in wanted]
    known = set(FollowUp.objects.filter(invoice__in=invoices).values_list("invoice", "step"))
    made = [
        FollowUp(client_id=debt.client_id, invoice_id=debt.invoice_id, step=debt.step, due_on=today)
        for debt in wanted
        if debt.step is not None and (debt.invoice_id, debt.step.pk) not in known
    ]
    with verb("follow_up.opened", by=None):
        return FollowUp.objects.bulk_create(made)


def _tell_heads(opened: Iterable[FollowUp], today: date) -> None:
    """One notice a day to each head: how many debts have reached a rung of theirs."""
    clients = [row.client_id for row in opened if row.step.tells_head]
    for head_id, ids in heads_by_client(clients).items():
        notify(
            head_id,
            kind="debt.follow_up",
            params={"count": len(ids)},
            url=f"{address('reports:receivables')}?by=client",
            dedupe_key=f"debt.follow_up:{today.isoformat()}",
            email=False,
        )
