"""Proposals of the demo: a price list, offers in every state, two that wait for the heads."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from clients.models import Client
from crm.accounts.models import User
from deals.actions.proposals import ProposalHead, create_proposal, submit_proposal
from deals.models import Proposal
from deals.ordering.order_goods import Goods
from reports.demo.goods import priced
from reports.demo.people import Staff

HOLDS = 14
# State, days since it was written, days from sending to the answer.
STATES = (
    ("accepted", 75, 6), ("declined", 61, 9), ("expired", 52, None), ("accepted", 40, 3),
    ("accepted", 33, 11), ("expired", 30, None), ("declined", 26, 4), ("accepted", 19, 5),
    ("sent", 12, None), ("sent", 8, None), ("sent", 3, None), ("draft", 1, None),
)  # fmt: skip
REFUSALS = ("Дорого, у конкурента ниже", "Закупка отложена до следующего квартала")
TERMS = (
    "Доставка нашим транспортом, отсрочка по договору.",
    "Самовывоз со склада, оплата в течение 14 календарных дней.",
    "Доставка в распределительный центр, паллетирование за наш счёт.",
)
# Percent off; the lowest price is 15 % below the list: one for the head, one for the director.
DEEP = (Decimal("18"), Decimal("22"))
# Every third one promises a bonus for the quarter too.
RETRO: dict[str, Any] = {
    "retro_pct": Decimal(2),
    "retro_terms": "За квартал при закупке от 300 000 ₽ без НДС и без просрочки оплаты.",
}


def add_proposals(staff: Staff, random: Random, today: date) -> None:
    """A dozen for each of three managers; two of the first one are below the lowest price."""
    managers = [staff.by_login[login] for login in ("manager", "manager2")]
    managers += [one for one in staff.managers if one not in managers][:1]
    for place, manager in enumerate(managers):
        found = Client.objects.filter(manager=manager, kind__in=["legal", "ip"], archived_at=None)
        clients = list(found.order_by("pk")[: len(STATES)])
        for number, (client, fate) in enumerate(zip(clients, STATES, strict=False)):
            _offer(client, manager, random, today, fate, UUID(int=5_000 + 100 * place + number))
    _waiting(managers[0], random, today)


def _offer(
    client: Client, manager: User, random: Random, today: date, fate: Any, key: UUID
) -> None:
    state, ago, answer = fate
    day = today - timedelta(days=ago)
    discounts = [Decimal(0), Decimal(3), Decimal(5), Decimal("7.5")]
    made = _written(client, manager, random, day, discounts, key)
    if state == "draft":
        return
    changes: dict[str, Any] = {"state": state, "sent_on": day, "sent_by_channel": "email"}
    if answer is not None:
        changes["answered_on"] = day + timedelta(days=answer)
    if state == "declined":
        changes["decline_reason"] = random.choice(REFUSALS)
    Proposal.objects.filter(pk=made.pk).update(**changes)


def _waiting(manager: User, random: Random, today: date) -> None:
    """For the heads to decide."""
    found = Client.objects.filter(manager=manager, kind__in=["legal", "ip"], archived_at=None)
    for number, (client, percent) in enumerate(zip(found.order_by("-pk")[:2], DEEP, strict=False)):
        made = _written(client, manager, random, today, [percent], UUID(int=5_900 + number))
        submit_proposal(made.pk, by=manager, version=made.version, today=today)


def _written(
    client: Client, manager: User, random: Random, day: date, discounts: list[Decimal], key: UUID
) -> Proposal:
    chosen = random.sample(priced(), random.randint(2, 6))
    goods = [
        Goods(product, Decimal(random.randrange(10, 200, 5)), None, random.choice(discounts))
        for product, _price in chosen
    ]
    head = ProposalHead(
        client,
        day + timedelta(days=HOLDS),
        terms=random.choice(TERMS),
        **(RETRO if key.int % 3 == 0 else {}),
    )
    return create_proposal(by=manager, head=head, goods=goods, key=key, today=day)
