"""Reconciliations of the demo: a running half-year with its acts, the next one as a draft."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from clients.models import Client, Counterparty
from crm import calendar
from crm.accounts.models import User
from crm.copying import copy_values
from crm.numbering import format_number, take_numbers
from crm.work.registry import setting
from deals.actions.acts import PREFIX, words_of
from deals.actions.reconciliation_schedules import (
    Half,
    approve_schedule,
    generate_schedules,
    turn_schedules,
)
from deals.actions.reconciliations import Emergency, request_emergency
from deals.models import (
    ActLine,
    Discrepancy,
    Invoice,
    Payment,
    ReconciliationAct,
    ReconciliationItem,
    ReconciliationSchedule,
    Shipment,
)
from deals.receivables.settlements import NOT_IN_BOOKS, Documents, Entry
from reports.demo.people import Staff

CHUNK = 500  # clients whose documents are read at once
# What became of reconciliations in turn: of the last day that has come, and of those before it.
FRESH = (
    "signed", "sent", "discrepancy", "act_created", "signed", "resolved", "sent", "planned",
    "signed", "signed", "sent", "signed", "signed", "sent", "signed",
)  # fmt: skip
OLDER = ("signed",) * 14 + ("sent", "signed", "signed", "cancelled", "discrepancy", "signed")
UNSENT = ("planned", "cancelled", "act_created")
BEFORE_US = "Сверено до перехода отдела на Клиентуру"
CANCELLED = "Расчётов за период не было"
UPDATE = """
    UPDATE deals_reconciliationitem i
    SET state = n.state, sent_on = n.sent_on, signed_on = n.signed_on, version = i.version + 1,
        cancel_reason = CASE n.state WHEN 'cancelled' THEN %(why)s ELSE '' END,
        manager_id = CASE WHEN n.state IN ('signed', 'cancelled') THEN c.manager_id END
    FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(sent)s::date[], %(signed)s::date[])
        n (id, state, sent_on, signed_on), clients_client c
    WHERE i.id = n.id AND c.id = i.client_id
"""
ACT = (
    "item_id", "number", "client_id", "counterparty_id", "date_from", "date_to", "opening",
    "debit", "credit", "closing", "made_by_id", "made_at", "our_signatory_id", "channel", "sent_to",
    "sent_on", "returned_on", "signatory", "signatory_position", "signatory_authority",
    "authority_details",
)  # fmt: skip
LINE = (
    "act_id", "position", "day", "text", "number", "debit", "credit", "shipment_id", "invoice_id",
    "payment_id",
)  # fmt: skip
CHANNELS = (("email", "buh@client.example"), ("edo", "Диадок"), ("paper", "Курьер, бухгалтерия"))
# Who signs for the client: the last one has no authority, which limitation has to know.
SIGNATORIES = (
    ("Смирнов А. П.", "генеральный директор", "director", ""),
    ("Кузнецова Е. В.", "директор", "director", ""),
    ("Попов И. С.", "финансовый директор", "power_of_attorney", "№ 12 от 12.01.2026"),
    ("Васильева Н. Г.", "директор", "director", ""),
    ("Фёдорова О. Л.", "главный бухгалтер", "none", ""),
)
ZERO = Decimal(0)


@dataclass(frozen=True)
class Fate:
    """What became of one reconciliation."""

    item: int
    client: int
    manager: int | None
    as_of: date
    state: str
    sent_on: date | None
    signed_on: date | None


def add_schedules(staff: Staff, today: date) -> None:
    """This half-year's, approved, and drafts of the next one's."""
    running = Half.of(today)
    generate_schedules(running)
    generate_schedules(running.following)
    _approve(running, today)
    _before_us(staff, running, today)


def add_reconciliations(staff: Staff, today: date) -> None:
    """What became of the running half-year: acts of the head's department, emergencies."""
    running = Half.of(today)
    fates = list(_fates(staff, running, today))
    _write_fates(fates)
    _write_acts([fate for fate in fates if fate.state not in {"planned", "cancelled"}], running)
    _write_differences(today)
    _emergencies(staff, today)


def _approve(half: Half, today: date) -> None:
    """By the heads, in time."""
    day = half.approve_by
    rows = ReconciliationSchedule.objects.filter(year=half.year, half=half.half)
    for schedule in rows.filter(items__isnull=False).distinct().select_related("org_unit__head"):
        head = schedule.org_unit.head
        assert head
        approve_schedule(schedule.pk, by=head, version=schedule.version, today=day)
    at = timezone.make_aware(datetime.combine(day, time(11, 40)))
    rows.exclude(state="draft").update(approved_at=at)
    turn_schedules(today=today)


def _items(half: Half, today: date) -> Any:
    rows = ReconciliationItem.objects.filter(schedule__year=half.year, schedule__half=half.half)
    return rows.filter(as_of__lt=today)


def _before_us(staff: Staff, half: Half, today: date) -> None:
    """Other departments came later: what was before them is not in the books of acts."""
    head = staff.by_login["head"].org_unit_id
    rows = _items(half, today).exclude(schedule__org_unit=head)
    rows.update(state="cancelled", cancel_reason=BEFORE_US)


def _fates(staff: Staff, half: Half, today: date) -> Iterator[Fate]:
    """In turn, so that every state is there at every scale."""
    random = Random(f"{half}-reconciliations")  # noqa: S311 - demo data, no secrets
    rows = _items(half, today).filter(schedule__org_unit=staff.by_login["head"].org_unit_id)
    last = max(rows.order_by().values_list("as_of", flat=True).distinct(), default=today)
    turns = {True: cycle(FRESH), False: cycle(OLDER)}
    found = rows.order_by("as_of", "pk").values_list(
        "pk", "client", "client__manager", "as_of", "send_by", "sign_by"
    )
    for pk, client, manager, as_of, send_by, sign_by in found.iterator():
        state = next(turns[as_of == last])
        sent = signed = None
        if state not in UNSENT:
            sent = _near(random, as_of, send_by, today)
        if state == "signed" and sent is not None:
            signed = _near(random, sent, sign_by, today)
        yield Fate(pk, client, manager, as_of, state, sent, signed)


def _near(random: Random, first: date, last: date, today: date) -> date:
    """A working day from the first one to the last, one in eight some days too late."""
    late = random.randrange(2, 6) if random.random() < 0.12 else 0
    days = max(1, (last - first).days)
    day = first + timedelta(days=random.randrange(1, days + 1) + (days if late else 0) + late)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return max(first, min(day, today))


def _write_fates(fates: list[Fate]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            UPDATE,
            {
                "ids": [fate.item for fate in fates],
                "states": [fate.state for fate in fates],
                "sent": [fate.sent_on for fate in fates],
                "signed": [fate.signed_on for fate in fates],
                "why": CANCELLED,
            },
        )


def _write_acts(fates: list[Fate], half: Half) -> None:
    """Acts with their lines, as the product makes them, but many clients at once."""
    of_clients: dict[int, list[Fate]] = defaultdict(list)
    for fate in fates:
        of_clients[fate.client].append(fate)
    clients = sorted(of_clients)
    for start in range(0, len(clients), CHUNK):
        chunk = clients[start : start + CHUNK]
        _write_chunk({client: of_clients[client] for client in chunk}, half)


def _write_chunk(of_clients: dict[int, list[Fate]], half: Half) -> None:
    last = max(fate.as_of for fates in of_clients.values() for fate in fates)
    balances, entries = _settlements(list(of_clients), half.first, last)
    sides = dict(
        Counterparty.objects.filter(client__in=list(of_clients))
        .order_by("client", "-pk")
        .values_list("client", "pk")
    )
    acts, lines = [], []
    for client, fates in of_clients.items():
        first = half.first
        for fate in sorted(fates, key=lambda one: one.as_of):
            kept = [one for one in entries[client] if first <= one.day <= fate.as_of]
            before = (one for one in entries[client] if one.day < first)
            opening = balances[client] + sum((one.change for one in before), ZERO)
            acts.append(_act(fate, first, opening, kept, sides.get(client)))
            lines.append(kept)
            first = fate.as_of + timedelta(days=1) if fate.state == "signed" else first
    _copy(acts, lines, half)


def _copy(acts: list[list[Any]], lines: list[list[Entry]], half: Half) -> None:
    numbers = take_numbers("reconciliation_act", year=half.year, count=len(acts))
    for act, number in zip(acts, numbers, strict=True):
        act[1] = format_number(PREFIX, half.year, number)
    ids = copy_values(ReconciliationAct, ACT, acts)
    rows = [
        _line(act, place, entry)
        for act, entries in zip(ids, lines, strict=True)
        for place, entry in enumerate(entries, start=1)
    ]
    copy_values(ActLine, LINE, rows)


def _settlements(
    clients: list[int], first: date, last: date
) -> tuple[dict[int, Decimal], dict[int, list[Entry]]]:
    """What each client owed before the day, and its documents of the period in their order."""
    shipments = Shipment.objects.counted().filter(client__in=clients)
    invoices = Invoice.objects.debts().filter(client__in=clients, shipment=None)
    payments = Payment.objects.filter(client__in=clients, kind="customer", direction="in")
    payments = payments.exclude(state__in=NOT_IN_BOOKS)
    balances: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for rows, sign in (
        (shipments.filter(posted_on__lt=first), 1),
        (invoices.filter(issued_on__lt=first), 1),
        (payments.filter(paid_on__lt=first), -1),
    ):
        sums = rows.order_by().values("client").annotate(total=Sum("amount"))
        for client, total in sums.values_list("client", "total"):
            balances[client] += sign * total
    entries: dict[int, list[Entry]] = defaultdict(list)
    for entry in Documents(shipments, invoices, payments).entries(first, last):
        entries[entry.record.client_id or 0].append(entry)
    return balances, entries


def _act(
    fate: Fate, first: date, opening: Decimal, entries: Iterable[Entry], side: int | None
) -> list[Any]:
    debit = sum((entry.debit for entry in entries), ZERO)
    credit = sum((entry.credit for entry in entries), ZERO)
    made = timezone.make_aware(datetime.combine(fate.as_of + timedelta(days=1), time(10)))
    channel, sent_to = CHANNELS[fate.item % 3] if fate.sent_on else ("", "")
    signed = SIGNATORIES[fate.item % 5] if fate.signed_on else ("", "", "", "")
    closing = opening + debit - credit
    return [
        fate.item, "", fate.client, side, first, fate.as_of, opening, debit, credit, closing,
        fate.manager, made, fate.manager, channel, sent_to, fate.sent_on, fate.signed_on, *signed,
    ]  # fmt: skip


def _line(act: int, position: int, entry: Entry) -> tuple[Any, ...]:
    of = {type(entry.record): entry.record.pk}
    return (
        act, position, entry.day, words_of(entry)[:300], entry.number[:100], entry.debit,
        entry.credit, of.get(Shipment), of.get(Invoice), of.get(Payment),
    )  # fmt: skip


def _write_differences(today: date) -> None:
    """Disputed acts have one that is open, resolved ones one that was closed."""
    acts = ReconciliationAct.objects.filter(item__state__in=["discrepancy", "resolved"])
    lines = dict(
        ActLine.objects.filter(act__in=acts, debit__gt=0)
        .order_by("position")
        .values_list("act", "pk")
    )
    known = ActLine.objects.in_bulk(list(lines.values()))
    due = calendar.add_working_days(today, 5)
    for act in acts.select_related("item"):
        line = known.get(lines.get(act.pk, 0))
        closed = act.item.state == "resolved"
        Discrepancy.objects.create(
            act=act,
            kind="missing_with_them" if line else "objection",
            state="closed" if closed else "open",
            our_line=line,
            day=line.day if line else None,
            text=line.text if line else "Не согласны с начальным сальдо",
            our_amount=line.debit if line else None,
            responsible=act.our_signatory,
            due_on=due,
            resolution="Клиент нашёл накладную у себя" if closed else "",
            closed_at=timezone.now() if closed else None,
        )


def _long_overdue(today: date) -> Any:
    """Invoices whose debt speaks for a reconciliation by itself."""
    days = setting("reconciliation.overdue_days")
    return Invoice.objects.unpaid().filter(kind="postpay", due_on__lt=today - timedelta(days=days))


def _emergencies(staff: Staff, today: date) -> None:
    """One that waits for the head, one that the head has planned."""
    manager: User = staff.by_login["manager"]
    rows = Client.objects.filter(manager=manager, status="client", archived_at=None)
    disputed = rows.filter(category="C").order_by("pk").first()
    late = rows.filter(invoices__in=_long_overdue(today)).order_by("pk")
    if disputed is not None:
        late = late.exclude(pk=disputed.pk)
    clients = [client for client in (disputed, late.first()) if client is not None]
    asked = (
        (manager, "dispute", "Клиент не видит у себя две накладные за октябрь"),
        (staff.by_login["head"], "overdue", "Просрочка больше месяца, готовим претензию"),
    )
    for client, (by, reason, comment) in zip(clients, asked, strict=False):
        request_emergency(client.pk, Emergency(reason, today, comment), by=by, today=today)
