"""Claims of the demo: a year or two of them about sales and service, in every state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any, NamedTuple

from django.db.models import F
from django.db.models.functions import Mod

from claims.actions.claims import PREFIX
from claims.answer_terms import SELLING, due_by
from claims.models import DECIDED_CLAIM, Claim, ClaimLine, ClaimReason, ClaimState
from clients.heads import chains_of_units
from crm import calendar
from crm.copying import copy_records
from crm.money import round_half_up
from crm.numbering import format_number, take_numbers
from crm.work.registry import setting
from deals.models import Contract, Product, Shipment, ShipmentLine
from reports.demo.scales import Scale

DAYS = 365
EVERY, OFTEN = 29, 7  # one sale in so many is complained of; of few sales more often
FEW = 10_000
FRESH_DAYS = 14  # younger claims are mostly not decided
RECENT_DAYS = 60  # older ones are over
PORTION = 10_000  # written at once
LINE = ("pk", "shipment", "product", "name", "sku", "quantity", "price", "amount")
OLDER = 4  # at the scale of a company, one in so many is a year older, its sale not in the books
MOST_GOODS = 40
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


@dataclass
class Made:
    """Claims with their lines, before they are written."""

    claims: list[Claim] = field(default_factory=list)
    lines: list[list[dict[str, Any]]] = field(default_factory=list)


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


class Known:
    """What every claim asks for, read once."""

    def __init__(self) -> None:
        self.reasons = {reason.code: reason for reason in ClaimReason.objects.all()}
        self.chains = chains_of_units()
        self.goods = list(Product.objects.order_by("pk")[:MOST_GOODS])
        terms = Contract.objects.only("client", "claim_response_days", "claim_day_type")
        self.contracts = terms.in_bulk()
        rows = Contract.objects.in_force().filter(parent=None, kind__in=SELLING)
        named = rows.order_by("signed_on", "pk").values_list("client", "pk")
        self.of_clients: dict[int, int] = dict(named)

    def contract_of(self, sale: Sale) -> Contract | None:
        """By which terms the claim is answered."""
        of_client = self.of_clients.get(sale.client_id)
        return self.contracts.get(sale.contract_id or sale.order_contract_id or of_client or 0)


def add_claims(scale: Scale, today: date) -> int:
    """Claims with lines, decisions and answers; how many."""
    random, known = Random("claims"), Known()  # noqa: S311 - demo data, no secrets
    made, written = Made(), 0
    for number, sale in enumerate(_sales(scale, today)):
        long_ago = bool(scale.claims) and number % OLDER == 0
        _add(made, random, known, sale, number, long_ago=long_ago, today=today)
        if len(made.claims) >= PORTION:
            written += _write(made)
            made = Made()
    return written + _write(made)


def _add(
    made: Made,
    random: Random,
    known: Known,
    sale: Sale,
    number: int,
    *,
    long_ago: bool,
    today: date,
) -> None:
    came: date = min(sale.posted_on + timedelta(days=random.randrange(1, 12)), today)
    row = random.choices(REASONS, weights=[one[1] for one in REASONS])[0]
    claim = _claim(random, sale, known.reasons[row[0]], came)
    if long_ago:
        _forget_sale(claim)
    claim.response_due = due_by(known.contract_of(sale), claim.registered_on)
    made.lines.append(_goods(random, claim, sale, known.goods))
    named = sum((line["amount"] for line in made.lines[-1]), Decimal(0))
    claim.claimed_amount = named or round_half_up(sale.amount / 50)
    state = _state(random, number, (today - claim.registered_on).days)
    _fate(random, claim, state, row, known.chains.get(claim.org_unit_id or 0, []), today)
    made.claims.append(claim)


def _forget_sale(claim: Claim) -> None:
    """Of a sale before those that the books have: its day is what the client says."""
    claim.shipment_id = claim.order_id = None
    claim.registered_on -= timedelta(days=DAYS)
    claim.sold_on = claim.sold_on - timedelta(days=DAYS) if claim.sold_on else None


def _sales(scale: Scale, today: date) -> Iterator[Sale]:
    """Posted sales, spread over the year, or over all that the books have."""
    rows = Shipment.objects.filter(
        kind="sale", state="posted", client__manager__isnull=False, client__archived_at=None
    ).filter(posted_on__lt=today)
    if scale.claims:
        count = rows.count()
        turns = rows.annotate(turn=Mod(F("pk") * scale.claims, max(1, count)))
        picked = turns.filter(turn__lt=scale.claims)
    else:
        rows = rows.filter(posted_on__gte=today - timedelta(days=DAYS))
        every = OFTEN if rows.count() < FEW else EVERY
        picked = rows.annotate(turn=Mod(F("pk"), every)).filter(turn=min(3, every - 1))
    columns = (
        *("pk", "posted_on", "amount", "client", "client__manager", "client__org_unit"),
        *("order", "contract", "order__contract"),
    )
    found = picked.order_by("posted_on", "pk").values_list(*columns).iterator(chunk_size=2_000)
    while portion := list(islice(found, 2_000)):
        lines = _lines_of([pk for pk, *_rest in portion])
        yield from (Sale._make((*facts, lines.get(facts[0], []))) for facts in portion)


def _lines_of(sales: list[int]) -> dict[int, list[Line]]:
    """The lines of the sales, in their order."""
    rows = ShipmentLine.objects.filter(shipment__in=sales).order_by("shipment", "position")
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in map(Line._make, rows.values_list(*LINE)):
        lines[line.shipment_id].append(line)
    return lines


def _claim(random: Random, sale: Sale, reason: ClaimReason, came: date) -> Claim:
    letter = random.random() < 0.3
    return Claim(
        client_id=sale.client_id,
        shipment_id=sale.pk,
        order_id=sale.order_id,
        sold_on=sale.posted_on,
        kind="service" if reason.code in SERVICE else "goods",
        reason=reason,
        channel=random.choice(CHANNELS),
        client_number=f"№ {random.randrange(3, 180)} от {came:%d.%m.%Y}" if letter else "",
        registered_on=came,
        manager_id=sale.manager_id,
        org_unit_id=sale.org_unit_id,
        created_by_id=sale.manager_id,
    )


def _goods(
    random: Random, claim: Claim, sale: Sale, catalogue: list[Product]
) -> list[dict[str, Any]]:
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
            {
                "shipment_line_id": line.pk,
                "product_id": line.product_id,
                "name": line.name or line.sku,
                "quantity": quantity,
                "price": line.price,
                "amount": round_half_up(line.amount * quantity / line.quantity),
            }
        )
    return made


def _named(random: Random, sale: Sale, product: Product) -> dict[str, Any]:
    """A fiftieth of the sale, more or less."""
    quantity = Decimal(random.randrange(1, 40))
    amount = round_half_up(sale.amount * random.randrange(5, 60) / 1000)
    price = round_half_up(amount / quantity)
    facts = {"product_id": product.pk, "name": product.name, "quantity": quantity}
    return {**facts, "price": price, "amount": amount}


def _state(random: Random, number: int, age: int) -> str:
    """In turn, so that every state is there at every scale."""
    if age <= FRESH_DAYS:
        return FRESH[number % len(FRESH)]
    return random.choice(RECENT if age <= RECENT_DAYS else OLD)


def _fate(
    random: Random, claim: Claim, state: str, row: Any, heads: list[int], today: date
) -> None:
    """What became of it: who looks into it, what was decided, when the client was answered."""
    _code, _weight, party, said, found = row
    claim.state, claim.description = state, said
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
    claim.decided_by_id = _decider(claim, heads)
    luck = random.random()
    part = Decimal(1) if luck < 0.6 else Decimal(random.randrange(3, 9)) / 10
    refused = luck > 0.8
    claim.satisfied_amount = Decimal(0) if refused else round_half_up(claim.claimed_amount * part)
    whole = claim.satisfied_amount == claim.claimed_amount
    claim.decision = "rejected" if refused else "satisfied" if whole else "partial"
    _settle(random, claim, today)


def _decider(claim: Claim, heads: list[int]) -> int | None:
    if claim.claimed_amount <= setting("claim.manager_limit") and claim.guilty_person_id is None:
        return claim.manager_id  # type: ignore[no-any-return]
    near = claim.claimed_amount <= setting("claim.sector_head_limit")
    return (heads[0] if near else heads[-1]) if heads else claim.manager_id


def _settle(random: Random, claim: Claim, today: date) -> None:
    """Compensated and answered, as far as the state says."""
    given = bool(claim.satisfied_amount)
    what = COMPENSATION.get(claim.reason.code, "discount") if given else "none"
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


def _write(made: Made) -> int:
    """In the order of their days, with numbers of their years; how many."""
    by_year: dict[int, list[Claim]] = defaultdict(list)
    for claim in sorted(made.claims, key=lambda one: one.registered_on):
        by_year[claim.registered_on.year].append(claim)
    for year, claims in by_year.items():
        numbers = take_numbers("claim", year=year, count=len(claims))
        for claim, number in zip(claims, numbers, strict=True):
            claim.number = format_number(PREFIX, year, number)
    copy_records(made.claims)
    copy_records(list(_lines(made)))
    return len(made.claims)


def _lines(made: Made) -> Iterable[ClaimLine]:
    for claim, lines in zip(made.claims, made.lines, strict=True):
        for position, line in enumerate(lines, start=1):
            yield ClaimLine(claim_id=claim.pk, position=position, **line)
