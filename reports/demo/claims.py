"""Claims of the demo: a year of them about sales and service, in every state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db.models import F
from django.db.models.functions import Mod

from claims.actions.claims import PREFIX
from claims.answer_terms import answer_due
from claims.models import DECIDED_CLAIM, Claim, ClaimLine, ClaimReason, ClaimState
from clients.heads import chains_of_units
from crm import calendar
from crm.copying import copy_records
from crm.money import round_half_up
from crm.numbering import format_number, take_numbers
from crm.work.registry import setting
from deals.models import Shipment

DAYS = 365
EVERY, OFTEN = 29, 7  # one sale in so many is complained of; of few sales more often
FEW = 10_000
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


def add_claims(today: date) -> int:
    """Claims about the sales of a year, with lines, decisions and answers; how many."""
    random = Random("claims")  # noqa: S311 - demo data, no secrets
    reasons = {reason.code: reason for reason in ClaimReason.objects.all()}
    chains, made = chains_of_units(), Made()
    for number, sale in enumerate(_sales(today)):
        sold: Any = sale.posted_on
        came: date = min(sold + timedelta(days=random.randrange(1, 12)), today)
        row = random.choices(REASONS, weights=[one[1] for one in REASONS])[0]
        claim = _claim(random, sale, reasons[row[0]], came)
        made.lines.append(_goods(random, claim, sale))
        named = sum((line["amount"] for line in made.lines[-1]), Decimal(0))
        claim.claimed_amount = named or round_half_up(sale.amount / 50)
        state = _state(random, number, (today - came).days)
        _fate(random, claim, state, row, chains.get(claim.org_unit_id or 0, []), today)
        made.claims.append(claim)
    _write(made)
    return len(made.claims)


def _sales(today: date) -> Iterator[Shipment]:
    """Posted sales with known goods, spread over the year."""
    rows = Shipment.objects.filter(
        kind="sale", state="posted", client__manager__isnull=False, client__archived_at=None
    )
    rows = rows.filter(posted_on__gte=today - timedelta(days=DAYS), posted_on__lt=today)
    every = OFTEN if rows.count() < FEW else EVERY
    picked = rows.annotate(turn=Mod(F("pk"), every)).filter(turn=3)
    related = ("client__manager", "client__org_unit", "contract", "order__contract")
    found = picked.select_related(*related).prefetch_related("lines__product")
    yield from found.order_by("posted_on", "pk").iterator(chunk_size=500)


def _claim(random: Random, sale: Shipment, reason: ClaimReason, came: date) -> Claim:
    client: Any = sale.client
    letter = random.random() < 0.3
    return Claim(
        client=client,
        shipment=sale,
        order=sale.order,
        sold_on=sale.posted_on,
        kind="service" if reason.code in SERVICE else "goods",
        reason=reason,
        channel=random.choice(CHANNELS),
        client_number=f"№ {random.randrange(3, 180)} от {came:%d.%m.%Y}" if letter else "",
        registered_on=came,
        response_due=answer_due(client, came, shipment=sale, order=sale.order),
        manager=client.manager,
        org_unit=client.org_unit,
        created_by=client.manager,
    )


def _goods(random: Random, claim: Claim, sale: Shipment) -> list[dict[str, Any]]:
    """One or two lines of the sale, a part of each."""
    if claim.kind == "service":
        return []
    lines = [line for line in sale.lines.all() if line.quantity >= 1]
    random.shuffle(lines)
    made = []
    for line in lines[: random.choice((1, 1, 1, 2))]:
        quantity = Decimal(random.randrange(1, max(2, int(line.quantity) // 3 + 1)))
        made.append(
            {
                "shipment_line": line,
                "product": line.product,
                "name": line.name or line.sku,
                "quantity": quantity,
                "price": line.price,
                "amount": round_half_up(line.amount * quantity / line.quantity),
            }
        )
    return made


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


def _write(made: Made) -> None:
    """In the order of their days, with numbers of their years."""
    by_year: dict[int, list[Claim]] = defaultdict(list)
    for claim in sorted(made.claims, key=lambda one: one.registered_on):
        by_year[claim.registered_on.year].append(claim)
    for year, claims in by_year.items():
        numbers = take_numbers("claim", year=year, count=len(claims))
        for claim, number in zip(claims, numbers, strict=True):
            claim.number = format_number(PREFIX, year, number)
    copy_records(made.claims)
    copy_records(list(_lines(made)))


def _lines(made: Made) -> Iterable[ClaimLine]:
    for claim, lines in zip(made.claims, made.lines, strict=True):
        for position, line in enumerate(lines, start=1):
            yield ClaimLine(claim=claim, position=position, **line)
