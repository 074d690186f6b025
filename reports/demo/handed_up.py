"""Escalations in bulk: a few per cent of contracts, claims and debts went up the ladder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from typing import Any

from django.db.models import F, Q

from claims.ladder import LEVELS
from claims.models import Claim, ClaimState, Escalation
from clients.heads import chains_of_units
from clients.models import Client
from crm.accounts.models import Role, User
from crm.calendar import add_working_days, previous_working_day
from crm.copying import copy_records
from crm.work.registry import setting
from deals.models import Contract, ContractState, Invoice

# One in so many went up.
CONTRACTS, TALKS, CLAIMS, DEBTORS, CLIENTS = 30, 2, 40, 25, 300
# What became of it, level by level: a level failed by its own word or its time ran out, and the
# next one has it. Of what is being looked into, and of what is over.
RUNNING = (
    ("open",), ("in_work",), ("open",), ("fiasco", "open"), ("time", "in_work"), ("in_work",),
    ("fiasco", "late"), ("time", "fiasco", "open"), ("fiasco", "in_work"),
    ("fiasco", "fiasco", "late"),
)  # fmt: skip
OVER = (
    ("resolved",), ("resolved",), ("fiasco", "resolved"), ("resolved",), ("time", "resolved"),
    ("resolved",), ("fiasco", "fiasco", "resolved"),
)  # fmt: skip
STATES = {"late": "open", "time": "fiasco"}
SUBJECTS = {
    "contract": (
        "Клиент не принимает нашу редакцию ответственности за просрочку",
        "Третий раз меняют условия отсрочки перед подписанием",
    ),
    "claim": (
        "Не согласны с выводами склада по претензии",
        "Требуют списать всю партию, а не бракованную часть",
    ),
    "receivables": (
        "Не платят второй месяц, ссылаются на свой кассовый разрыв",
        "Обещали оплатить трижды, на звонки не отвечают",
    ),
    "conflict": (
        "Требуют сменить перевозчика, иначе уйдут",
        "Отказываются принимать машину без предварительного звонка",
    ),
}
TRIED = "Два звонка и встреча; предложили замену и отсрочку, не согласились"
FAILED = "Предложили скидку на следующую партию, клиент настаивает на своём"
SETTLED = "Встретились с руководителем клиента, договорённость записана в карточке"
DAYS_AGO = 300  # what is over ended within so many days


@dataclass(frozen=True)
class Matter:
    """What went up: of whom, about which record."""

    kind: str
    number: int
    is_over: bool
    record: int | None
    client: int
    category: str | None
    unit: int
    manager: int


class Ladder:
    """Who is above whom, and how long each level has."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.heads = {unit: heads for unit, heads in chains_of_units().items() if len(heads) == 2}
        directors = User.objects.filter(role=Role.DIRECTOR, is_active=True)
        self.director = directors.order_by("pk").values_list("pk", flat=True).first()
        names = ("sector", "department", "director")
        self.days = [setting(f"escalation.{name}_days") for name in names]
        self.days_of_a = setting("escalation.department_days_a")

    def rungs(self, matter: Matter, way: tuple[str, ...]) -> list[Escalation]:
        """One row a level, counted back from the day on which the last one began or ended."""
        people = [*self.heads[matter.unit], self.director]
        made: list[Escalation] = []
        ended = previous_working_day(self.today - timedelta(days=matter.number % DAYS_AGO + 1))
        for place in reversed(range(len(way))):
            row = self._rung(matter, place, way[place], ended)
            row.to_user_id = people[place]
            before = people[place - 1] if place else matter.manager
            row.from_user_id = None if place and way[place - 1] == "time" else before
            made.append(row)
            ended = row.opened_on
        return made[::-1]

    def _rung(self, matter: Matter, place: int, end: str, ended: date) -> Escalation:
        personally = place == 1 and matter.category == "A"
        days: int = self.days_of_a if personally else self.days[place]
        opened = self._opened(matter.number, end, days, ended)
        texts = SUBJECTS[matter.kind]
        is_over = STATES.get(end, end) not in {"open", "in_work"}
        return Escalation(
            kind=matter.kind,
            client_id=matter.client,
            claim_id=matter.record if matter.kind == "claim" else None,
            contract_id=matter.record if matter.kind == "contract" else None,
            level=LEVELS[place],
            personally=personally,
            subject=texts[matter.number % len(texts)],
            tried=FAILED if place else TRIED,
            opened_on=opened,
            due_on=add_working_days(opened, days),
            state=STATES.get(end, end),
            outcome={"resolved": SETTLED, "fiasco": FAILED}.get(end, ""),
            ended_on=ended if is_over else None,
            by_time=end == "time",
        )

    def _opened(self, number: int, end: str, days: int, ended: date) -> date:
        if end in {"open", "in_work"}:
            return previous_working_day(self.today)
        if end == "late":
            return add_working_days(self.today, -days - 1 - number % 4)
        if end == "time":  # the working day after its last one
            return add_working_days(ended, -days - 1)
        return add_working_days(ended, -(number % days + 1) if days > 1 else -1)


def add_handed_up(today: date) -> int:
    """Matters with all levels that had them; how many rows."""
    ladder = Ladder(today)
    ways = {True: cycle(OVER), False: cycle(RUNNING)}
    ladders = [
        ladder.rungs(matter, next(ways[matter.is_over]))
        for matter in _matters(today)
        if matter.unit in ladder.heads
    ]
    below: dict[int, Escalation] = {}
    written = 0
    for place in range(len(LEVELS)):
        level = {number: rungs[place] for number, rungs in enumerate(ladders) if len(rungs) > place}
        for number, row in level.items():
            row.parent_id = below[number].pk if place else None
        written += len(copy_records(list(level.values())))
        below = level
    _hand_up([row for rungs in ladders for row in rungs if row.is_open])
    return written


def _hand_up(rows: list[Escalation]) -> None:
    """Claims wait for the heads; talks about a contract are led by who has it now."""
    claims = [row.claim_id for row in rows if row.claim_id]
    waiting = Claim.objects.filter(pk__in=claims)
    waiting.update(state=ClaimState.ESCALATED, version=F("version") + 1)
    for row in rows:
        if row.contract_id:
            Contract.objects.filter(pk=row.contract_id).update(
                negotiator=row.to_user_id, version=F("version") + 1
            )


def _matters(today: date) -> Iterator[Matter]:
    """Records in turn; those that went up already are left alone."""
    clients = Client.objects.filter(archived_at=None, manager__is_active=True, status="client")
    known = set(Escalation.objects.values_list("client", flat=True))
    yield from _of_claims(known)
    yield from _of_contracts(known)
    owing = Invoice.objects.overdue(today).values("client")
    for kind, rows, every in (
        ("receivables", clients.filter(pk__in=owing), DEBTORS),
        ("conflict", clients, CLIENTS),
    ):
        columns = ("pk", "category", "org_unit", "manager")
        facts: list[tuple[Any, ...]] = list(rows.order_by("pk").values_list(*columns))
        for number, (pk, *rest) in enumerate(facts[::every]):
            if pk not in known:
                yield Matter(kind, number, number % 3 > 0, None, pk, *rest)


def _of_claims(known: set[int]) -> Iterator[Matter]:
    """While a claim is looked into it may be with a head; what is decided was."""
    rows = Claim.objects.filter(client__manager__is_active=True).exclude(client__in=known)
    facts = rows.order_by("pk").values_list(
        "pk", "state", "client", "client__category", "client__org_unit", "client__manager"
    )
    running = {ClaimState.IN_REVIEW, ClaimState.REGISTERED}
    for number, (pk, state, *rest) in enumerate(list(facts)[::CLAIMS]):
        yield Matter("claim", number, state not in running, pk, *rest)


def _of_contracts(known: set[int]) -> Iterator[Matter]:
    """Talks that go on, of which there are few, and how those about older contracts went."""
    rows = Contract.objects.filter(parent=None, client__manager__is_active=True)
    rows = rows.exclude(client__in=known).order_by("pk")
    negotiated = Q(state__in=[ContractState.DRAFT, ContractState.RETURNED])
    concluded = rows.exclude(negotiated | Q(state=ContractState.ON_APPROVAL))
    for found, every, is_over in (
        (rows.filter(negotiated), TALKS, False),
        (concluded, CONTRACTS, True),
    ):
        facts = found.values_list(
            "pk", "client", "client__category", "client__org_unit", "client__manager"
        )
        for number, (pk, *rest) in enumerate(list(facts)[::every]):
            yield Matter("contract", number, is_over, pk, *rest)
