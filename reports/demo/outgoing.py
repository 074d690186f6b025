"""Claims against clients of the demo: one of each step, a lawsuit, debts that run out of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from claims.actions import lawsuits, outgoing_moves
from claims.actions import outgoing as actions
from claims.actions.limitation_alerts import watch_limitation
from claims.actions.outgoing import Sending, Wanted
from claims.actions.outgoing_alerts import turn_terms
from claims.actions.outgoing_moves import Answer
from claims.models import OutgoingClaim
from clients.models import Client
from crm.accounts.models import User
from deals.models import Contract, Invoice, ReconciliationAct
from deals.receivables.limitation import YEARS
from reports.demo.people import Staff

DAY = timedelta(days=1)
COURT = "Арбитражный суд города Москвы"
NOTE = "Обещали оплатить трижды, на звонки больше не отвечают"
# How far each has come, and how many days ago it was drawn up and sent.
STEPS = (
    ("filed", 75), ("prepared", 60), ("answered", 48), ("over", 42), ("over", 38), ("soon", 27),
    ("sent", 12), ("review", 2), ("asked", 1), ("draft", 0),
)  # fmt: skip
OLD = Decimal("186400.00")


@dataclass(frozen=True)
class People:
    """Who draws up, initiates and sends."""

    manager: User
    head: User
    lawyer: User


def add_outgoing(staff: Staff, today: date) -> None:
    """Claims of the head's department by the product's own actions, on their days."""
    people = People(staff.by_login["manager"], staff.by_login["head"], staff.by_login["lawyer"])
    debtors = _debtors(people.head)
    for number, (step, ago) in enumerate(STEPS):
        day = today - ago * DAY
        found = next((pk for pk in debtors if _bills(pk, day)), None)
        if found is not None:
            debtors.remove(found)
            _claim(Client.objects.get(pk=found), step, day, people, UUID(int=number))
    turn_terms(today=today, tells=False)
    _old_debts(today)
    watch_limitation(today=today)


def _debtors(head: User) -> list[int]:
    """Clients of the department by their oldest debt."""
    rows = Invoice.objects.unpaid().filter(client__in=Client.objects.visible_to(head))
    return list(dict.fromkeys(rows.order_by("due_on", "pk").values_list("client", flat=True)))


def _bills(client: int, day: date) -> list[int]:
    """Invoices that were overdue for a week on the day, the oldest three."""
    rows = Invoice.objects.unpaid().filter(client=client, due_on__lt=day - 7 * DAY)
    return list(rows.order_by("due_on", "pk").values_list("pk", flat=True)[:3])


def _claim(client: Client, step: str, day: date, people: People, key: UUID) -> None:
    asked = step in {"draft", "asked"}
    by = client.manager if asked and client.manager else people.head
    _by_contract(client, day)
    wanted = Wanted(tuple(_bills(client.pk, day)), day, note=NOTE)
    claim = actions.draft_outgoing(client.pk, wanted, by=by, today=day, key=key)
    if asked:
        if step == "asked":
            actions.request_outgoing(claim.pk, by=by, version=claim.version, today=day)
        return
    claim = actions.initiate_outgoing(claim.pk, by=people.head, version=claim.version)
    if step != "review":
        _send(claim, step, day, people)
    at = timezone.make_aware(datetime.combine(day, time(10, 20)))
    OutgoingClaim.objects.filter(pk=claim.pk).update(created_at=at, initiated_at=at)


def _by_contract(client: Client, day: date) -> None:
    """Bills are those of the contract, where there is one: it has a penalty."""
    rows = Contract.objects.filter(client=client, state="active", parent=None)
    contract = rows.order_by("pk").first()
    if contract is not None:
        Contract.objects.filter(pk=contract.pk).update(penalty_cap_pct=Decimal(10))
        Invoice.objects.filter(pk__in=_bills(client.pk, day)).update(contract=contract)


def _send(claim: OutgoingClaim, step: str, day: date, people: People) -> None:
    proof = Sending(day, "post", f"80080{claim.pk:09d}") if claim.pk % 3 else Sending(
        day, "edi", f"DIADOC-{claim.pk:06d}"
    )  # fmt: skip
    claim = actions.send_outgoing(
        claim.pk, proof, by=people.lawyer, version=claim.version, today=day
    )
    if step == "answered":
        on = day + 20 * DAY
        answer = Answer(on, "partly", "Долг признаём, пени просим не начислять", acknowledged=True)
        outgoing_moves.answer_outgoing(
            claim.pk, answer, by=people.lawyer, version=claim.version, today=on
        )
    if step in {"filed", "prepared"}:
        _sue(claim, step, people)


def _sue(claim: OutgoingClaim, step: str, people: People) -> None:
    assert claim.lawsuit_from
    on = claim.lawsuit_from + DAY
    lawsuit = lawsuits.prepare_lawsuit(
        claim.pk, by=people.lawyer, version=claim.version, court=COURT, to=on, today=on
    )
    if step == "filed":
        lawsuit = lawsuits.edit_lawsuit(
            lawsuit.pk, by=people.lawyer, version=lawsuit.version, court=COURT, case_number="",
            state_duty=Decimal(10000),
        )  # fmt: skip
        stage = lawsuits.Stage("filed", on + 3 * DAY, case_number="А40-184211/2026")
        lawsuits.move_lawsuit(
            lawsuit.pk, stage, by=people.lawyer, version=lawsuit.version, today=on + 3 * DAY
        )


def _old_debts(today: date) -> None:
    """What was left of the years before, of clients whose acts are not in the books."""
    steps = (25, 70, 150)
    for client, days in zip(_without_acts(len(steps)), steps, strict=False):
        last = today + days * DAY
        due = last.replace(year=last.year - YEARS, day=min(last.day, 28))
        Invoice.objects.create(
            client_id=client,
            number=f"РТ-{due:%y%m}-{client}",
            issued_on=due - 14 * DAY,
            due_on=due,
            amount=OLD + days * 1000,
            note="Остаток прежней базы",
        )


def _without_acts(most: int) -> Iterator[int]:
    known = ReconciliationAct.objects.values("client")
    rows = Client.objects.filter(status="client", archived_at=None, manager__is_active=True)
    yield from rows.exclude(pk__in=known).order_by("pk").values_list("pk", flat=True)[:most]
