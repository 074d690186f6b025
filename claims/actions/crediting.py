"""The accounting credits what came back: by a document of its own, or by one that 1C sent.

A return keeps the rates of VAT of its sale (VAT-4) and lowers debt and turnover of its own day
(decision 2). Locks: the sale, the return, then what posting locks.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from claims import permissions
from claims.actions.returns import locked_return, locked_sale
from claims.books import awaited_by, fits
from claims.models import RETURN_MOVES, Return, ReturnLine, ReturnState
from claims.returnable import goods_of, share_of
from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from crm.money import round_half_up
from crm.notices.actions import notify
from crm.numbering import format_number, take_numbers
from crm.states import move
from deals.actions.documents import PREFIXES
from deals.actions.posting import post_shipment
from deals.models import Shipment, ShipmentKind, ShipmentLine, ShipmentState
from deals.pricing.vat import vat_inside


@transaction.atomic
def credit_return(
    return_id: int, *, by: User, version: int, on: date, number: str, today: date
) -> Return:
    """Make and post the document that lowers debt and turnover on the day.

    `number` is the one of the УКД in the books, if there is one. Raises RuleViolation for a day
    before the goods were taken or to come, for a sale that was reversed meanwhile, and where a
    document of the books for the same goods waits to be bound.
    """
    sale, back = _locked(return_id, by, version)
    _check_day(back, on, today)
    if sale.state != ShipmentState.POSTED:
        raise RuleViolation(_("The sale was reversed meanwhile: there is nothing to credit."))
    if any(document.original_id for document in awaited_by(back) if fits(back, document)):
        raise RuleViolation(_("A document of the books for these goods is here: bind it."))
    with verb("return.credited", by=by):
        lines = [line for line in _lines(back) if line.accepted_quantity]
        document = _draft(sale, lines, on=on, by=by, note=back.number)
        # Bound before the lines are written: their trigger counts unbound documents by themselves.
        _credited(back, document, number)
        for line in lines:
            line.save(update_fields=["amount"])
        back.document = post_shipment(document.pk, by=by, on=on)
    _tell(back)
    return back


@transaction.atomic
def bind_return(return_id: int, document_id: int, *, by: User, version: int) -> Return:
    """The document of the books that credits this return; its amount is the one that counts.

    Raises RuleViolation for a document that says neither the same goods nor the same amount.
    """
    _sale, back = _locked(return_id, by, version)
    rows = awaited_by(back).select_for_update(of=("self",))
    document = rows.filter(pk=document_id).first()
    if document is None:
        raise RuleViolation(_("This document is not free any more."))
    if not fits(back, document):
        raise RuleViolation(_("The document says other goods and another amount."))
    with verb("return.bound", by=by):
        _credited(back, document, document.number)
        _take_amounts(back, document)
    _tell(back)
    return back


def _locked(return_id: int, by: User, version: int) -> tuple[Shipment, Return]:
    seen: Return = Return.objects.visible_to(by).select_related("document").get(pk=return_id)
    if seen.shipment_id is None:
        raise PermissionDenied  # the books knew it before us
    sale = locked_sale(seen.shipment_id, by)
    back = locked_return(return_id, by, version, permissions.credits_returns)
    if not permissions.can_credit_return(by, back):
        raise PermissionDenied
    if permissions.lost_credit(back):
        move(back, RETURN_MOVES, ReturnState.ACCEPTED, document=None, credit_note_number="")
    return sale, back


def _check_day(back: Return, on: date, today: date) -> None:
    if on > today:
        raise RuleViolation(_("The day has not come yet."), field="on")
    if back.accepted_on is not None and on < back.accepted_on:
        raise RuleViolation(_("Not earlier than the goods were taken."), field="on")


def _lines(back: Return) -> list[ReturnLine]:
    return list(back.lines.select_related("shipment_line").order_by("position"))


def _draft(sale: Shipment, lines: list[ReturnLine], *, on: date, by: User, note: str) -> Shipment:
    """The document with negative lines at the prices and rates of the sale."""
    number = take_numbers(f"shipment.{ShipmentKind.RETURN}", year=on.year)[0]
    document = Shipment.objects.create(
        kind=ShipmentKind.RETURN,
        state=ShipmentState.DRAFT,
        number=format_number(PREFIXES[ShipmentKind.RETURN], on.year, number),
        client=sale.client,
        contract_id=sale.contract_id,
        original=sale,
        dated_on=on,
        amount=0,
        note=note,
        created_by=by,
    )
    rows = [_row(document, line, place) for place, line in enumerate(lines, start=1)]
    ShipmentLine.objects.bulk_create(rows)
    document.amount = sum((row.amount for row in rows), Decimal(0))
    document.vat_amount = sum((row.vat_amount for row in rows), Decimal(0))
    document.save(update_fields=["amount", "vat_amount"])
    return document


def _row(document: Shipment, line: ReturnLine, place: int) -> ShipmentLine:
    """The last goods of a line take what is left of its sums, so that no kopeck is lost."""
    sold, quantity = line.shipment_line, line.accepted_quantity
    assert sold is not None
    assert quantity is not None
    before = _credited_before(line)
    rest = sold.amount - sum((amount for _quantity, amount in before), Decimal(0))
    line.amount = max(min(share_of(sold, quantity), rest), Decimal(0))
    vat = vat_inside(line.amount, sold.vat_percent)
    if quantity + sum(earlier for earlier, _amount in before) == sold.quantity:
        line.amount = max(rest, Decimal(0))
        parts = (vat_inside(amount, sold.vat_percent) for _quantity, amount in before)
        vat = sold.vat_amount - sum(parts, Decimal(0))
    return ShipmentLine(
        shipment=document,
        position=place,
        product_id=sold.product_id,
        sku=sold.sku,
        name=sold.name,
        quantity=-quantity,
        price=sold.price,
        amount=-line.amount,
        vat_percent=sold.vat_percent,
        vat_amount=-vat,
    )


def _credited_before(line: ReturnLine) -> list[tuple[Decimal, Decimal]]:
    """Quantities and roubles that other returns were credited of the same line of the sale."""
    rows = ReturnLine.objects.filter(
        shipment_line=line.shipment_line_id, return_request__document__state=ShipmentState.POSTED
    )
    counted = rows.exclude(pk=line.pk).filter(accepted_quantity__isnull=False)
    return [(one.accepted_quantity or Decimal(0), one.amount) for one in counted]


def _credited(back: Return, document: Shipment, number: str) -> None:
    move(
        back,
        RETURN_MOVES,
        ReturnState.CREDITED,
        document=document,
        amount=-document.amount,
        credit_note_number=number.strip(),
    )


def _take_amounts(back: Return, document: Shipment) -> None:
    """The lines take the sums of the document: by its goods, else in proportion."""
    lines = [line for line in _lines(back) if line.accepted_quantity]
    sums: defaultdict[object, Decimal] = defaultdict(Decimal)
    for row in document.lines.all():
        sums[goods_of(row)] -= row.amount
    named: list[object] = [goods_of(line.shipment_line) for line in lines]
    if set(sums) != set(named):
        named = [()] * len(lines)
        sums = defaultdict(Decimal, {(): -document.amount})
    rest: defaultdict[object, Decimal] = defaultdict(Decimal)
    for line, goods in zip(lines, named, strict=True):
        rest[goods] += line.amount
    for line, goods in zip(lines, named, strict=True):
        whole, share = rest[goods], line.amount
        line.amount = round_half_up(share * sums[goods] / whole) if whole else sums[goods]
        rest[goods], sums[goods] = whole - share, sums[goods] - line.amount
        line.save(update_fields=["amount"])


def _tell(back: Return) -> None:
    for person in {back.manager_id, back.created_by_id} - {None}:
        notify(
            person,  # type: ignore[arg-type]
            kind="return.credited",
            params={"number": back.number, "client": back.client.name},
            url=back.get_absolute_url(),
            dedupe_key=f"return.credited:{back.pk}:{back.document_id}",
            email=False,
        )
