"""Contracts of the demo: those in force by COPY, those on their way by the product's actions."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from clients.models import Client
from crm.accounts.models import User
from crm.approvals.actions import decide
from crm.approvals.models import Approval
from crm.copying import copy_values
from crm.numbering import format_number, take_numbers
from deals.actions import contract_parts as parts
from deals.actions.contracts import draft_contract, submit_contract
from deals.models import Contract, ContractState, PowerOfAttorney
from reports.demo.people import Staff

# Share of the clients of a category that buy by a contract, its usual sum and its deferral.
SHARES = {"A": 0.97, "B": 0.85, "C": 0.35}
SUMS = {"A": (2_000_000, 5_000_000), "B": (600_000, 3_000_000), "C": (100_000, 900_000)}
DEFERRAL = {"A": 45, "B": 21, "C": 14}
COLUMNS = (
    "client_id", "number", "state", "kind", "subject", "amount", "starts_on", "ends_on",
    "auto_renew", "deferral_days", "author_id", "negotiator_id", "signed_by_id",
    "signed_by_us_on", "signed_by_client_on", "signed_on", "client_signatory",
    "client_authority", "ended_on",
)  # fmt: skip
# What waits in the register of the first managers: the way and how far it has gone.
ON_THEIR_WAY = (
    ("draft", True), ("standard", True), ("standard", True), ("own", False), ("endorsed", False),
    ("approved", True),
)  # fmt: skip
TERMS: dict[str, Any] = {
    "number": "", "kind": "supply", "subject": "Поставка товаров по заявкам", "auto_renew": False,
    "deferral_day_type": "calendar", "penalty_pct_day": Decimal("0.1"),
    "penalty_cap_pct": Decimal(10), "claim_response_days": 30, "claim_day_type": "calendar",
    "note": "",
}  # fmt: skip


def add_contracts(staff: Staff, random: Random, today: date) -> None:
    """Contracts in force and ended, powers of attorney, talks, obligations."""
    heads = {manager.pk: staff.head_of(manager).pk for manager in staff.managers}
    found = Client.objects.filter(kind__in=["legal", "ip"], manager__in=heads)
    facts = found.order_by("pk").values_list("pk", "category", "manager_id")
    rows = list(_rows(facts.iterator(5_000), heads, random, today))
    numbers = take_numbers("contract", year=today.year - 1, count=len(rows))
    named = [
        (row[0], format_number("Д", today.year - 1, number), *row[1:])
        for number, row in zip(numbers, rows, strict=True)
    ]
    copy_values(Contract, COLUMNS, named, penalty_pct_day=Decimal("0.1"))
    _powers(staff, today)
    _obligations(staff, today)
    _talks(staff, today)


def _rows(
    clients: Iterator[Any], heads: dict[int, int], random: Random, today: date
) -> Iterator[tuple[Any, ...]]:
    for pk, category, manager in clients:
        if random.random() > SHARES.get(category, 0.2):
            continue
        least, most = SUMS.get(category, SUMS["C"])
        amount = Decimal(random.randrange(least, most, 50_000))
        starts = today - timedelta(days=random.randrange(20, 700))
        ends = starts + timedelta(days=364)
        prolongs = random.random() < 0.4
        if ends < today and prolongs:
            ends += timedelta(days=365)
        over = ends < today
        yield (
            pk,
            ContractState.EXPIRED if over else ContractState.ACTIVE,
            "services" if random.random() < 0.06 else "supply",
            "Поставка товаров по заявкам",
            amount,
            starts,
            ends,
            prolongs,
            DEFERRAL.get(category, 0),
            manager,
            manager,
            heads[manager],
            starts,
            starts,
            starts,
            "Генеральный директор",
            "устав",
            ends if over else None,
        )


def _powers(staff: Staff, today: date) -> None:
    """Heads up to their limit, the first managers too; one ends in three weeks."""
    agents: list[tuple[User, int]] = [(head, 5_000_000) for head in staff.department_heads]
    agents += [(head, 1_000_000) for head in staff.sector_heads[:4]]
    agents += [(staff.by_login[login], 500_000) for login in ("manager", "manager2")]
    PowerOfAttorney.objects.bulk_create(
        PowerOfAttorney(
            number=f"{number}/{today.year}",
            agent=agent,
            issued_on=today - timedelta(days=200),
            valid_to=today + timedelta(days=21 if number == 2 else 165),
            limit=Decimal(limit),
            issued_by="Генеральный директор",
        )
        for number, (agent, limit) in enumerate(agents, start=1)
    )


def _obligations(staff: Staff, today: date) -> None:
    """What contracts of the first manager promise; one is overdue."""
    manager = staff.by_login["manager"]
    rows = Contract.objects.in_force().filter(client__manager=manager, client__category="A")
    if manager.org_unit is None:
        return
    promised = (
        ("training", "Обучить продавцов по новой линейке", -4),
        ("delivery", "Поставить стойки для выкладки", 9),
        ("docs", "Передать сертификаты на первый квартал", 24),
    )
    for contract, (kind, text, days) in zip(rows.order_by("pk")[:3], promised, strict=False):
        parts.add_obligation(
            contract.pk,
            by=manager,
            kind=kind,
            text=text,
            org_unit=manager.org_unit,
            due_on=today + timedelta(days=days),
        )


def _talks(staff: Staff, today: date) -> None:
    """Contracts on their way: drafts, waiting for visas, with a disagreement, to be signed."""
    manager = staff.by_login["manager"]
    free = Client.objects.filter(manager=manager, kind__in=["legal", "ip"], archived_at=None)
    rows = list(free.exclude(contracts__state="active").order_by("pk")[: len(ON_THEIR_WAY)])
    for number, (client, (far, standard)) in enumerate(zip(rows, ON_THEIR_WAY, strict=False)):
        contract = draft_contract(
            client.pk,
            by=manager,
            today=today,
            key=UUID(int=number + 1),
            is_standard=standard,
            amount=Decimal(400_000 + 150_000 * number),
            starts_on=today + timedelta(days=7),
            ends_on=today + timedelta(days=371),
            **TERMS,
        )
        if far == "own":
            parts.add_disagreement(
                contract.pk,
                by=manager,
                clause="5.2",
                ours="Оплата в течение 21 календарного дня с даты отгрузки.",
                theirs="Оплата в течение 60 календарных дней с даты приёмки.",
                proposed="30 календарных дней при объёме от 500 000 ₽ в месяц.",
            )
        if far != "draft":
            approval = submit_contract(
                contract.pk, by=manager, version=contract.version, today=today
            )
            _go_on(approval, far, staff, today)


def _go_on(approval: Approval, far: str, staff: Staff, today: date) -> None:
    """One visa, or all of them."""
    if far == "endorsed":
        _say_yes(approval, staff.by_login["lawyer"], today)
    elif far == "approved":
        _say_yes(approval, staff.by_login["head"], today)


def _say_yes(approval: Approval, by: User, today: date) -> None:
    shown = Approval.objects.get(pk=approval.pk)
    decide(
        shown.pk,
        by=by,
        decision="approve",
        comment="Согласовано.",
        version=shown.version,
        target_version=Contract.objects.get(pk=shown.object_id).version,
        today=today,
    )
