"""Returns of goods: asked for, taken back, closed (CM-03, C.5 no. 20)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import permissions
from claims.models import RETURN_MOVES, Claim, ClaimReason, Return, ReturnLine, ReturnState
from claims.numbers import RETURN
from claims.returnable import LineLeft, lines_left, share_of
from clients.models import Client
from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.numbering import format_number, take_numbers
from crm.refusals import politely
from crm.states import move
from deals.actions.contracts import absent, said
from deals.models import Shipment

KIND = "return"
BEYOND = {
    "return_not_beyond_shipped": (
        gettext_lazy("More is given back than was sold and has not come back yet."),
        None,
    ),
}


@dataclass(frozen=True)
class Asked:
    """What comes back and why: quantities by the line of the sale."""

    quantities: Mapping[int, Decimal]
    reason_id: int
    justification: str
    claim_id: int | None = None


@transaction.atomic
def ask_return(sale_id: int, asked: Asked, *, by: User, today: date, key: UUID) -> Return:
    """Ask the head to take goods of a posted sale back; once per `key` (G-RL7).

    Raises RuleViolation for more than may still come back, for nothing, for a sale that was
    reversed, and where nobody is there to decide.
    """
    sale = locked_sale(sale_id, by)
    before: Return | None = Return.objects.filter(idempotency_key=key, created_by=by).first()
    if before is not None:
        return before
    client = sale.client
    if client is None or not permissions.can_ask_return(by, client):
        raise PermissionDenied
    if not permissions.can_return_from(by, sale):
        raise RuleViolation(_("Goods come back of a sale that is in the books."))
    chosen = _chosen(lines_left(sale), asked.quantities)
    back = _new(sale, client, asked, by, today)
    back.idempotency_key = key
    behalf = absent(by, client)
    with verb("return.asked", by=by, on_behalf_of=behalf), politely(BEYOND):
        _write(back, chosen)
    approvals.submit(
        back,
        kind=KIND,
        by=by,
        title=f"{client.name}, {back.number}",
        org_unit=client.org_unit,
        today=today,
        on_behalf_of=behalf,
    )
    return back


@transaction.atomic
def withdraw_return(return_id: int, *, by: User, version: int, today: date) -> Return:
    """Take the request back: by its author before the decision, later until the goods come."""
    back: Return = Return.objects.visible_to(by).select_related("client").get(pk=return_id)
    if not permissions.can_withdraw_return(by, back):
        raise PermissionDenied
    if back.version != version:
        raise StaleVersion(of=back)
    running = Approval.objects.of(back).running().first()
    if running is not None:
        approvals.withdraw(running.pk, by=by, today=today)
        back.refresh_from_db()
        return back
    back = locked_return(return_id, by, version, permissions.can_withdraw_return)
    with verb("return.withdrawn", by=by, on_behalf_of=absent(by, back.client)):
        move(back, RETURN_MOVES, ReturnState.WITHDRAWN)
    return back


@transaction.atomic
def close_return(return_id: int, *, by: User, version: int) -> Return:
    """Nothing is left to be done: the goods are credited, or none were taken."""
    back = locked_return(return_id, by, version, permissions.works_on_return)
    if not permissions.can_close_return(by, back):
        raise PermissionDenied
    with verb("return.closed", by=by):
        move(back, RETURN_MOVES, ReturnState.CLOSED)
    return back


@transaction.atomic
def name_reason(return_id: int, *, by: User, version: int, reason: ClaimReason) -> Return:
    """Tell why goods came back of which the books say nothing."""
    back = locked_return(return_id, by, version, permissions.works_on_return)
    if not permissions.can_name_reason(by, back):
        raise PermissionDenied
    back.reason = reason
    back.version += 1
    with verb("return.reason_named", by=by):
        back.save(update_fields=["reason", "version"])
    return back


def locked_sale(sale_id: int, by: User | None) -> Shipment:
    """The sale with its client; whoever writes lines of returns locks it first."""
    rows = Shipment.objects.visible_to(by) if by else Shipment.objects.all()
    rows = rows.select_related("client__org_unit", "client__manager")
    sale: Shipment = rows.select_for_update(of=("self",), no_key=True).get(pk=sale_id)
    return sale


def locked_return(
    return_id: int, by: User, version: int, may: Callable[[User, Return], bool]
) -> Return:
    """The return as it was shown, of somebody who may; StaleVersion if it has changed since."""
    rows = Return.objects.visible_to(by).select_related("client", "document", "shipment")
    back: Return = rows.select_for_update(of=("self",)).get(pk=return_id)
    if not may(by, back):
        raise PermissionDenied
    if back.version != version:
        raise StaleVersion(of=back)
    return back


def _new(sale: Shipment, client: Client, asked: Asked, by: User, today: date) -> Return:
    number = take_numbers("return", year=today.year)[0]
    return Return(
        number=format_number(RETURN, today.year, number),
        client=client,
        shipment=sale,
        claim=_claim(asked.claim_id, sale, by),
        reason=ClaimReason.objects.in_use("goods").get(pk=asked.reason_id),
        justification=said(asked.justification, "justification"),
        asked_on=today,
        manager_id=client.manager_id,
        created_by=by,
    )


def _chosen(
    offered: list[LineLeft], quantities: Mapping[int, Decimal]
) -> list[tuple[LineLeft, Decimal]]:
    """Lines with what comes back of them; RuleViolation beside the line that gives too much."""
    wanted = {pk: quantity for pk, quantity in quantities.items() if quantity > 0}
    if not wanted:
        raise RuleViolation(_("Say how much comes back, of one line at least."))
    if wanted.keys() - {one.line.pk for one in offered}:
        raise RuleViolation(_("The sale has no such line any more."))
    for one in offered:
        if wanted.get(one.line.pk, 0) > one.left:
            raise RuleViolation(_("More than may still come back."), field=f"line-{one.line.pk}")
    return [(one, wanted[one.line.pk]) for one in offered if one.line.pk in wanted]


def _write(back: Return, chosen: list[tuple[LineLeft, Decimal]]) -> None:
    back.amount = sum((share_of(one.line, quantity) for one, quantity in chosen), Decimal(0))
    back.save(force_insert=True)
    ReturnLine.objects.bulk_create(
        ReturnLine(
            return_request=back,
            position=position,
            shipment_line=one.line,
            product_id=one.line.product_id,
            name=one.line.name or str(one.line.product or one.line.sku),
            quantity=quantity,
            price=one.line.price,
            amount=share_of(one.line, quantity),
        )
        for position, (one, quantity) in enumerate(chosen, start=1)
    )


def _claim(claim_id: int | None, sale: Shipment, by: User) -> Claim | None:
    if claim_id is None:
        return None
    found = Claim.objects.visible_to(by).filter(pk=claim_id, client=sale.client_id).first()
    if found is None:
        raise RuleViolation(_("This is a claim of another client."), field="claim")
    return found
