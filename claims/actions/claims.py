"""Claims of clients: registered, corrected, withdrawn, handed up (C.5 no. 19, CM-01).

Whatever changes a claim locks it first; lines are replaced as a whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import permissions
from claims.actions.claim_notices import tell_heads, tell_purchasing
from claims.actions.escalation_ends import end_with_claim
from claims.answer_terms import answer_due
from claims.models import (
    CLAIM_MOVES,
    Claim,
    ClaimChannel,
    ClaimKind,
    ClaimLine,
    ClaimReason,
    ClaimState,
)
from clients.models import Client, ContactPerson, Correspondence
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.files.actions import add_file
from crm.files.models import AttachmentKind
from crm.history import verb
from crm.lines import write_lines
from crm.money import round_half_up
from crm.numbering import format_number, one_at_a_time, take_numbers
from crm.states import move
from deals.actions.contracts import absent, said
from deals.actions.documents import MOST_LINES
from deals.models import Order, Product, Shipment, ShipmentLine

PREFIX = "ПР"
PHOTOS = (".jpg", ".jpeg", ".png", ".webp", ".heic")
WRONG_STATE = gettext_lazy("The claim is in the state “%(state)s”: this is not possible now.")
NamedFile = tuple[str, bytes]


@dataclass(frozen=True)
class ClaimFacts:
    """What a claim says above its lines; without an amount that of its lines is claimed."""

    kind: str
    reason: ClaimReason
    claimed_amount: Decimal | None = None
    description: str = ""
    channel: str = ClaimChannel.PHONE
    registered_on: date | None = None  # None: today
    person: ContactPerson | None = None
    shipment: Shipment | None = None
    order: Order | None = None
    sold_on: date | None = None
    client_number: str = ""
    letter: Correspondence | None = None  # that it came by


@dataclass(frozen=True)
class ClaimGoods:
    """Goods that are complained of: a line of the sale, a product, or a name alone.

    Of a line of the sale the price is its own; `price` is roubles with VAT.
    """

    quantity: Decimal
    price: Decimal = Decimal(0)
    shipment_line: ShipmentLine | None = None
    product: Product | None = None
    name: str = ""


@transaction.atomic
def register_claim(
    client_id: int,
    facts: ClaimFacts,
    goods: Sequence[ClaimGoods] = (),
    *,
    by: User,
    key: UUID,
    today: date,
    files: Sequence[NamedFile] = (),
) -> Claim:
    """Take a claim with a number of the year and the last day of its answer; once per `key`.

    A file that is refused undoes the whole. Heads are told, and the purchasing department where
    the reason says so.
    """
    client = Client.objects.visible_to(by).select_related("org_unit", "manager").get(pk=client_id)
    if not permissions.can_register_claim(by, client):
        raise PermissionDenied
    one_at_a_time(key)
    before: Claim | None = Claim.objects.filter(idempotency_key=key, created_by=by).first()
    if before is not None:
        return before
    number = take_numbers("claim", year=today.year)[0]
    claim = Claim(
        number=format_number(PREFIX, today.year, number),
        client=client,
        manager=client.manager,
        org_unit=client.org_unit,
        created_by=by,
        idempotency_key=key,
    )
    with verb("claim.registered", by=by, on_behalf_of=absent(by, client)):
        _write(claim, facts, goods, by, today)
    _keep(claim, files, by)
    tell_heads(claim, "claim.registered", by=by)
    if claim.reason.tells_purchasing:
        tell_purchasing(claim, "registered")
    return claim


@transaction.atomic
def edit_claim(
    claim_id: int,
    facts: ClaimFacts,
    goods: Sequence[ClaimGoods],
    *,
    by: User,
    version: int,
    today: date,
) -> Claim:
    """Replace what an undecided claim says; another day or sale moves the day of its answer.

    Whoever lowers the sum does not come to decide it thereby: the limits go by what was claimed
    before, until somebody who may decide that much writes the lower sum.
    """
    claim = locked_claim(claim_id, by, version)
    if not permissions.can_edit_claim(by, claim):
        raise PermissionDenied
    with verb("claim.edited", by=by, on_behalf_of=absent(by, claim.client)):
        claim.version += 1
        _write(claim, facts, goods, by, today)
    if claim.reason.tells_purchasing:
        tell_purchasing(claim, "registered")
    return claim


@transaction.atomic
def withdraw_claim(claim_id: int, *, by: User, version: int, reason: str, today: date) -> Claim:
    """The client takes the claim back before it was decided, and says why."""
    claim = locked_claim(claim_id, by, version)
    if not permissions.can_withdraw_claim(by, claim):
        raise PermissionDenied
    with verb("claim.withdrawn", by=by, on_behalf_of=absent(by, claim.client)):
        move(claim, CLAIM_MOVES, ClaimState.WITHDRAWN, WRONG_STATE, objection=said(reason))
    end_with_claim(claim, by=by, today=today)
    return claim


@transaction.atomic
def hand_up(claim_id: int, *, by: User | None) -> Claim:
    """An escalation was opened about it: heads decide now. Who may, the escalation has checked."""
    return _moved(claim_id, ClaimState.ESCALATED, "claim.handed_up", by)


@transaction.atomic
def take_back(claim_id: int, *, by: User | None) -> Claim:
    """The escalation is over without a decision about the claim: it is looked into again."""
    return _moved(claim_id, ClaimState.IN_REVIEW, "claim.taken_back", by)


def locked_claim(claim_id: int, by: User, version: int) -> Claim:
    """The claim as it was shown, with its client; StaleVersion if it has changed since."""
    claim = claim_under_lock(claim_id, by)
    if claim.version != version:
        raise StaleVersion(of=claim)
    return claim


def claim_under_lock(claim_id: int, by: User) -> Claim:
    """The claim with its client and reason, in whatever version; DoesNotExist if not seen."""
    rows = Claim.objects.visible_to(by).select_for_update(of=("self",))
    related = ("client__manager", "client__org_unit", "reason")
    claim: Claim = rows.select_related(*related, "shipment__contract", "order__contract").get(
        pk=claim_id
    )
    return claim


def _moved(claim_id: int, state: ClaimState, word: str, by: User | None) -> Claim:
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim_id)
    with verb(word, by=by):
        move(claim, CLAIM_MOVES, state, WRONG_STATE)
    return claim


def _write(
    claim: Claim, facts: ClaimFacts, goods: Sequence[ClaimGoods], by: User, today: date
) -> None:
    """Head and lines; the last day for the answer follows the day and the sale."""
    _check(claim.client, facts, goods, today)
    lines = [_line(claim, place, one) for place, one in enumerate(goods, start=1)]
    claim.registered_on = facts.registered_on or claim.registered_on or today
    claim.kind, claim.reason, claim.channel = facts.kind, facts.reason, facts.channel
    claim.person, claim.shipment, claim.order = facts.person, facts.shipment, facts.order
    claim.letter = facts.letter
    claim.sold_on = facts.shipment.posted_on if facts.shipment else facts.sold_on
    claim.client_number = facts.client_number.strip()
    claim.description = facts.description.strip()
    _claim_amount(claim, _claimed(facts, lines), by)
    claim.response_due = answer_due(
        claim.client, claim.registered_on, shipment=facts.shipment, order=facts.order
    )
    claim.save()
    write_lines(claim.lines.all(), lines, same=_goods_of)


def _goods_of(line: ClaimLine) -> tuple[int | None, int | str]:
    return line.shipment_line_id, line.product_id or line.name


def _claim_amount(claim: Claim, amount: Decimal, by: User) -> None:
    before = claim.amount_to_decide
    lowered = amount < before and not permissions.is_within_limit(by, before)
    claim.claimed_amount, claim.lowered_from = amount, before if lowered else None


def _claimed(facts: ClaimFacts, lines: Sequence[ClaimLine]) -> Decimal:
    if facts.claimed_amount is not None:
        return facts.claimed_amount
    return sum((line.amount for line in lines), Decimal(0))


def _check(client: Client, facts: ClaimFacts, goods: Sequence[ClaimGoods], today: date) -> None:
    for field in ("person", "shipment", "order", "letter"):
        row = getattr(facts, field)
        if row is not None and row.client_id != client.pk:
            raise RuleViolation(_("This belongs to another client."), field=field)
    if facts.reason.kind not in {"", facts.kind}:
        raise RuleViolation(_("This is not a claim reason for this kind."), field="reason")
    if facts.registered_on is not None and facts.registered_on > today:
        raise RuleViolation(_("The day has not come yet."), field="registered_on")
    if facts.claimed_amount is not None and facts.claimed_amount < 0:
        raise RuleViolation(_("An amount cannot be negative."), field="claimed_amount")
    if len(goods) > MOST_LINES:
        raise RuleViolation(_("A document has at most %(most)s lines.") % {"most": MOST_LINES})
    _check_goods(facts, goods)


def _check_goods(facts: ClaimFacts, goods: Sequence[ClaimGoods]) -> None:
    """Lines of the sale itself, and not more of them than was sold."""
    claimed: dict[int, Decimal] = defaultdict(Decimal)
    sale = facts.shipment.pk if facts.shipment else None
    if goods and facts.kind == ClaimKind.SERVICE:
        raise RuleViolation(_("A claim for service has no goods."), field="kind")
    for place, one in enumerate(goods):
        line = one.shipment_line
        if one.quantity <= 0:
            raise RuleViolation(_("More than zero."), field=f"line-{place}-quantity")
        if line is None:
            continue
        if line.shipment_id != sale:
            raise RuleViolation(_("This is a line of another sale."), field="shipment")
        claimed[line.pk] += one.quantity
        if claimed[line.pk] > line.quantity:
            text = _("%(goods)s: no more than %(most)s was sold.")
            words = {"goods": line.name or line.sku, "most": f"{line.quantity.normalize():f}"}
            raise RuleViolation(text % words, field=f"line-{place}-quantity")


def _line(claim: Claim, place: int, one: ClaimGoods) -> ClaimLine:
    line = one.shipment_line
    price, product, name = one.price, one.product, one.name.strip()
    amount = round_half_up(price * one.quantity)
    if line is not None:
        amount = round_half_up(line.amount * one.quantity / line.quantity)
        price, product, name = line.price, line.product, line.name or line.sku
    if product is None and not name:
        raise RuleViolation(_("Name the product."), field=f"line-{place - 1}-product")
    return ClaimLine(
        claim=claim,
        position=place,
        shipment_line=line,
        product=product,
        name=name or (product.name if product else ""),
        quantity=one.quantity,
        price=price,
        amount=amount,
    )


def _keep(claim: Claim, files: Sequence[NamedFile], by: User) -> None:
    for name, content in files:
        is_photo = name.lower().endswith(PHOTOS)
        kind = AttachmentKind.PHOTO if is_photo else AttachmentKind.CLAIM
        try:
            add_file("claim", claim.pk, by=by, name=name, content=content, kind=kind)
        except RuleViolation as refusal:
            refusal.field = "papers"
            raise
