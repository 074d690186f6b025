"""Claims of the demo: a year or two of them about sales and service, in every state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from operator import attrgetter
from random import Random

from django.db.models import F
from django.db.models.functions import Mod

from claims.actions.claims import PREFIX
from claims.answer_terms import SELLING, due_by
from claims.models import Claim, ClaimLine, ClaimReason
from clients.heads import chains_of_units
from crm.money import round_half_up
from crm.numbering import format_number, take_numbers
from crm.sql import any_of
from crm.work.registry import setting
from deals.models import Contract, Product, Shipment, ShipmentLine
from reports.demo.claim_drafts import (
    COLUMNS,
    CUMULATED,
    DAYS,
    REASONS,
    Draft,
    Goods,
    Limits,
    Line,
    Sale,
    decide_fate,
    draft_of,
    forget_sale,
    goods_of,
    state_of,
)
from reports.demo.copying import Bulk
from reports.demo.scales import Scale

EVERY, OFTEN = 29, 7  # one sale in so many is complained of; of few sales more often
FEW = 10_000
PORTION = 10_000  # written at once
LINE = ("pk", "shipment", "product", "name", "sku", "quantity", "price", "amount")
OLDER = 4  # at the scale of a company, one in so many is a year older, its sale not in the books
MOST_GOODS = 40
VALUES = attrgetter(*COLUMNS)


@dataclass
class Made:
    """Claims with their lines, before they are written."""

    claims: list[Draft] = field(default_factory=list)
    lines: list[list[Goods]] = field(default_factory=list)


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
        self.limits = Limits(setting("claim.manager_limit"), setting("claim.sector_head_limit"))

    def contract_of(self, sale: Sale) -> Contract | None:
        """By which terms the claim is answered."""
        of_client = self.of_clients.get(sale.client_id)
        return self.contracts.get(sale.contract_id or sale.order_contract_id or of_client or 0)


def add_claims(scale: Scale, today: date) -> None:
    """Claims with lines, decisions and answers; a portion is written while the next is made."""
    random, known, numbers = Random("claims"), Known(), count()  # noqa: S311 - demo data, no secrets
    portions = _portions(_sales(scale, today))
    with Bulk(PORTION) as bulk:
        lines = _lines_of(portions[0])
        for portion, coming in zip(portions, [*portions[1:], []], strict=True):
            made = Made()
            for sale in portion:
                number = next(numbers)
                long_ago = bool(scale.claims) and number % OLDER == 0
                told = sale._replace(lines=lines.get(sale.pk, ()))
                _add(made, random, known, told, number, long_ago=long_ago, today=today)
            lines = _lines_of(coming)  # while there is nothing to be waited for
            _write(made, bulk)


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
    row = random.choices(REASONS, cum_weights=CUMULATED)[0]
    claim = draft_of(random, sale, known.reasons[row[0]], came)
    if long_ago:
        forget_sale(claim)
    claim.response_due = due_by(known.contract_of(sale), claim.registered_on)
    goods = goods_of(random, claim, sale, known.goods)
    named = sum((line.amount for line in goods), Decimal(0))
    claim.claimed_amount = named or round_half_up(sale.amount / 50)
    claim.state = state_of(random, number, (today - claim.registered_on).days)
    heads = known.chains.get(claim.org_unit_id or 0, [])
    decide_fate(random, claim, row, heads, known.limits, today)
    made.claims.append(claim)
    made.lines.append(goods)


def _sales(scale: Scale, today: date) -> list[Sale]:
    """Posted sales, spread over the year, or over all that the books have."""
    rows = Shipment.objects.filter(
        kind="sale", state="posted", client__manager__isnull=False, client__archived_at=None
    ).filter(posted_on__lt=today)
    if scale.claims:
        known = max(1, rows.count())
        turns = rows.annotate(turn=Mod(F("pk") * scale.claims, known))
        picked = turns.filter(turn__lt=scale.claims)
    else:
        rows = rows.filter(posted_on__gte=today - timedelta(days=DAYS))
        every = OFTEN if rows.count() < FEW else EVERY
        picked = rows.annotate(turn=Mod(F("pk"), every)).filter(turn=min(3, every - 1))
    columns = (
        *("pk", "posted_on", "amount", "client", "client__manager", "client__org_unit"),
        *("order", "contract", "order__contract"),
    )
    found = picked.order_by("posted_on", "pk").values_list(*columns)
    return [Sale(*facts) for facts in found]


def _portions(sales: list[Sale]) -> list[list[Sale]]:
    starts = range(0, max(1, len(sales)), PORTION)
    return [sales[start : start + PORTION] for start in starts]


def _lines_of(sales: Sequence[Sale]) -> dict[int, list[Line]]:
    """The lines of the sales, in their order."""
    asked = any_of("shipment", [sale.pk for sale in sales])
    rows = ShipmentLine.objects.filter(asked).order_by("shipment", "position")
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in map(Line._make, rows.values_list(*LINE)):
        lines[line.shipment_id].append(line)
    return lines


def _write(made: Made, bulk: Bulk) -> None:
    """In the order of their days, with numbers of their years."""
    by_year: dict[int, list[Draft]] = defaultdict(list)
    for claim in sorted(made.claims, key=lambda one: one.registered_on):
        by_year[claim.registered_on.year].append(claim)
    for year, claims in by_year.items():
        numbers = take_numbers("claim", year=year, count=len(claims))
        for claim, number in zip(claims, numbers, strict=True):
            claim.number = format_number(PREFIX, year, number)
    ids = bulk.ids(Claim, len(made.claims))
    rows = ((pk, *VALUES(claim)) for pk, claim in zip(ids, made.claims, strict=True))
    bulk.copy(Claim, ("id", *COLUMNS), rows)
    lines = (
        (pk, position, *line)
        for pk, lines in zip(ids, made.lines, strict=True)
        for position, line in enumerate(lines, start=1)
    )
    bulk.copy(ClaimLine, ("claim_id", "position", *Goods._fields), lines)
