"""A claim of the demo: what it is about, whose fault it was and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from random import Random
from typing import Any, NamedTuple

from claims.models import DECIDED_CLAIM, ClaimReason, ClaimState
from crm import calendar
from crm.money import round_half_up
from deals.models import Product

DAYS = 365
FRESH_DAYS = 14  # younger claims are mostly not decided
RECENT_DAYS = 60  # older ones are over
# code, how often of a hundred, whose fault mostly, what the client says, what was found out
REASONS = (
    ("quality", 18, "supplier", "Часть товара с браком, упаковка вздулась.",
     "Брак подтверждён по фото и акту, партия поставщика."),
    ("shortage", 22, "warehouse", "Недовоз: в накладной больше, чем приняли.",
     "По видео сборки коробка не погружена."),
    ("misgrade", 14, "warehouse", "Привезли другую фасовку.", "Пересорт при сборке заказа."),
    ("breakage", 16, "carrier", "Бой при перевозке, акт с водителем.",
     "Повреждено в пути, крепление груза слабое."),
    ("expiry", 8, "supplier", "Остаточный срок годности меньше трети.",
     "Срок годности не проверен при приёмке от поставщика."),
    ("late_delivery", 9, "logistics", "Машина пришла на день позже.",
     "Рейс перенесён без предупреждения клиента."),
    ("documents", 5, "office", "Нет второго экземпляра накладной.", "Документы ушли не туда."),
    ("price", 4, "manager", "Цена в накладной выше согласованной.",
     "Скидка не внесена в заказ."),
    ("service", 3, "manager", "Не перезвонили в обещанный срок.", "Менеджер был в отпуске."),
    ("other", 1, "none", "Просят проверить поставку.", "Нарушений не найдено."),
)  # fmt: skip
CUMULATED = list(accumulate(row[1] for row in REASONS))
SERVICE = {"late_delivery", "documents", "service"}
CHANNELS = ("phone", "phone", "email", "email", "letter", "visit", "edi")
COMPENSATION = {
    "shortage": "goods", "breakage": "credit", "misgrade": "replacement", "quality": "credit",
    "expiry": "replacement", "price": "credit",
}  # fmt: skip
OLD = ("closed",) * 30 + ("withdrawn",)
RECENT = ("closed",) * 12 + ("compensated", "decided", "decided", "withdrawn", "in_review")
FRESH = ("registered",) * 4 + ("in_review",) * 6 + ("decided", "compensated", "closed")
OBJECTION = "Клиент не согласен с суммой, просит пересчитать"


@dataclass(slots=True)
class Draft:
    """A claim before it is written, by its columns: a record would cost more than the rest."""

    client_id: int
    shipment_id: int | None
    order_id: int | None
    sold_on: date | None
    kind: str
    reason_id: int
    code: str  # of the reason
    channel: str
    client_number: str
    registered_on: date
    manager_id: int
    org_unit_id: int | None
    created_by_id: int
    number: str = ""
    state: str = ""
    response_due: date | None = None
    claimed_amount: Decimal = Decimal(0)
    description: str = ""
    objection: str = ""
    assigned_to_id: int | None = None
    findings: str = ""
    guilty_party: str = ""
    guilty_person_id: int | None = None
    decided_on: date | None = None
    decided_by_id: int | None = None
    satisfied_amount: Decimal | None = None
    decision: str = ""
    compensation: str = ""
    compensated_on: date | None = None
    answered_on: date | None = None
    times_reopened: int = 0


COLUMNS = tuple(column.name for column in fields(Draft) if column.name != "code")


class Goods(NamedTuple):
    """A line of a claim."""

    shipment_line_id: int | None
    product_id: int | None
    name: str
    quantity: Decimal
    price: Decimal
    amount: Decimal


class Line(NamedTuple):
    """A line of a sale."""

    pk: int
    shipment_id: int
    product_id: int | None
    name: str
    sku: str
    quantity: Decimal
    price: Decimal
    amount: Decimal


class Sale(NamedTuple):
    """What a claim has of its sale: records of all it names would cost more than the claim."""

    pk: int
    posted_on: date
    amount: Decimal
    client_id: int
    manager_id: int
    org_unit_id: int | None
    order_id: int | None
    contract_id: int | None
    order_contract_id: int | None
    lines: Sequence[Line] = ()


class Limits(NamedTuple):
    """Up to which sum who decides by himself."""

    manager: Decimal
    sector_head: Decimal


def draft_of(random: Random, sale: Sale, reason: ClaimReason, came: date) -> Draft:
    """A claim that came on that day about the sale, as it was registered."""
    letter = random.random() < 0.3
    return Draft(
        client_id=sale.client_id,
        shipment_id=sale.pk,
        order_id=sale.order_id,
        sold_on=sale.posted_on,
        kind="service" if reason.code in SERVICE else "goods",
        reason_id=reason.pk,
        code=reason.code,
        channel=random.choice(CHANNELS),
        client_number=f"№ {random.randrange(3, 180)} от {came:%d.%m.%Y}" if letter else "",
        registered_on=came,
        manager_id=sale.manager_id,
        org_unit_id=sale.org_unit_id,
        created_by_id=sale.manager_id,
    )


def forget_sale(claim: Draft) -> None:
    """Of a sale before those that the books have: its day is what the client says."""
    claim.shipment_id = claim.order_id = None
    claim.registered_on -= timedelta(days=DAYS)
    claim.sold_on = claim.sold_on - timedelta(days=DAYS) if claim.sold_on else None


def goods_of(random: Random, claim: Draft, sale: Sale, catalogue: list[Product]) -> list[Goods]:
    """One or two lines of the sale, a part of each; goods by name where its lines are not known."""
    if claim.kind == "service":
        return []
    lines = [line for line in sale.lines if line.quantity >= 1]
    if claim.shipment_id is None or not lines:
        return [_named(random, sale, random.choice(catalogue))]
    random.shuffle(lines)
    made = []
    for line in lines[: random.choice((1, 1, 1, 2))]:
        quantity = Decimal(random.randrange(1, max(2, int(line.quantity) // 3 + 1)))
        made.append(
            Goods(
                shipment_line_id=line.pk,
                product_id=line.product_id,
                name=line.name or line.sku,
                quantity=quantity,
                price=line.price,
                amount=round_half_up(line.amount * quantity / line.quantity),
            )
        )
    return made


def _named(random: Random, sale: Sale, product: Product) -> Goods:
    """A fiftieth of the sale, more or less."""
    quantity = Decimal(random.randrange(1, 40))
    amount = round_half_up(sale.amount * random.randrange(5, 60) / 1000)
    price = round_half_up(amount / quantity)
    return Goods(None, product.pk, product.name, quantity, price, amount)


def state_of(random: Random, number: int, age: int) -> str:
    """In turn, so that every state is there at every scale."""
    if age <= FRESH_DAYS:
        return FRESH[number % len(FRESH)]
    return random.choice(RECENT if age <= RECENT_DAYS else OLD)


def decide_fate(
    random: Random, claim: Draft, row: Any, heads: list[int], limits: Limits, today: date
) -> None:
    """What became of it: who looks into it, what was decided, when the client was answered."""
    _code, _weight, party, said, found = row
    claim.description, state = said, claim.state
    if state == ClaimState.WITHDRAWN:
        claim.objection = "Клиент нашёл товар у себя"
    if state in {ClaimState.IN_REVIEW, ClaimState.ESCALATED}:
        claim.assigned_to_id = claim.manager_id if state == "in_review" else next(iter(heads), None)
        claim.findings = found if random.random() < 0.5 else ""
    if state not in DECIDED_CLAIM:
        return
    claim.guilty_party, claim.findings = party, found
    claim.guilty_person_id = claim.manager_id if party == "manager" else None
    claim.decided_on = _after(random, claim.registered_on, 8, today)
    claim.decided_by_id = _decider(claim, heads, limits)
    luck = random.random()
    part = Decimal(1) if luck < 0.6 else Decimal(random.randrange(3, 9)) / 10
    refused = luck > 0.8
    claim.satisfied_amount = Decimal(0) if refused else round_half_up(claim.claimed_amount * part)
    whole = claim.satisfied_amount == claim.claimed_amount
    claim.decision = "rejected" if refused else "satisfied" if whole else "partial"
    _settle(random, claim, today)


def _decider(claim: Draft, heads: list[int], limits: Limits) -> int | None:
    if claim.claimed_amount <= limits.manager and claim.guilty_person_id is None:
        return claim.manager_id
    near = claim.claimed_amount <= limits.sector_head
    return (heads[0] if near else heads[-1]) if heads else claim.manager_id


def _settle(random: Random, claim: Draft, today: date) -> None:
    """Compensated and answered, as far as the state says."""
    given = bool(claim.satisfied_amount)
    what = COMPENSATION.get(claim.code, "discount") if given else "none"
    claim.compensation = "" if claim.decision == "rejected" else what
    assert claim.decided_on
    if claim.state == ClaimState.COMPENSATED and not given:
        claim.state = ClaimState.CLOSED
    if given and claim.state != ClaimState.DECIDED:
        claim.compensated_on = _after(random, claim.decided_on, 5, today)
    if claim.state == ClaimState.CLOSED or random.random() < 0.4:
        claim.answered_on = _after(random, claim.decided_on, 3, today)
    if random.random() < 0.05:
        claim.times_reopened, claim.objection = 1, OBJECTION


def _after(random: Random, day: date, most: int, today: date) -> date:
    later = calendar.add_working_days(day, random.randrange(0, most))
    return max(day, min(later, today))
