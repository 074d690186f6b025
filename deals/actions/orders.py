"""Orders taken, changed, sent in, checked and released (C.5 no. 12).

The client is locked before its order wherever limit is taken or given back, so that orders sent
in at the same moment are checked one after the other (G-RL10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.heads import heads_by_client
from clients.models import Client, Outlet
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.lines import write_lines
from crm.notices.actions import notify
from crm.numbering import format_number, one_at_a_time, take_numbers
from crm.states import move
from deals import permissions
from deals.actions.documents import MOST_LINES, ORDER_PREFIXES
from deals.actions.exceptions import note_order
from deals.conditions.discounts import refuse_discounts
from deals.models import ORDER_MOVES, Contract, Order, OrderLine, OrderState, Proposal
from deals.ordering.order_check import OrderCheck, check_order, stopped_by_director
from deals.ordering.order_goods import LARGEST_SUM, Goods, PriceCheck, agreed_with

WRONG_STATE = gettext_lazy("The order is in the state “%(state)s”: this is not possible now.")


@dataclass(frozen=True)
class OrderHead:
    """What an order says above its lines."""

    client: Client
    kind: str = "regular"
    price_kind: str = "base"
    is_prepaid: bool = False
    desired_on: date | None = None
    promised_on: date | None = None
    outlet: Outlet | None = None
    contract: Contract | None = None
    note: str = ""


@transaction.atomic
def create_order(
    *,
    by: User,
    head: OrderHead,
    goods: Sequence[Goods],
    key: UUID,
    today: date,
    proposal: Proposal | None = None,
) -> Order:
    """Write a draft with a number of the year; once per `key`, however often it is sent (G-RL7).

    What stands in an accepted `proposal` may be ordered at its prices.
    """
    if not permissions.can_order_for(by, head.client):
        raise PermissionDenied
    one_at_a_time(key)
    before: Order | None = Order.objects.filter(idempotency_key=key, created_by=by).first()
    if before is not None:
        return before
    _check_head(head)
    number = take_numbers(f"order.{head.kind}", year=today.year)[0]
    order = Order(
        number=format_number(ORDER_PREFIXES[head.kind], today.year, number),
        dated_on=today,
        created_by=by,
        idempotency_key=key,
        proposal=proposal,
    )
    with verb("order.created", by=by):
        _write(order, head, goods, today)
    return order


@transaction.atomic
def edit_order(
    order_id: int, *, by: User, version: int, head: OrderHead, goods: Sequence[Goods], today: date
) -> Order:
    """Replace what a draft says; StaleVersion when somebody was faster."""
    if not permissions.can_order_for(by, head.client):
        raise PermissionDenied
    _client, order = locked_order(order_id, by=by)
    if not permissions.can_edit_order(by, order):
        raise PermissionDenied
    same_version(order, version)
    if order.state != OrderState.DRAFT:
        raise RuleViolation(str(WRONG_STATE) % {"state": order.get_state_display()})
    _check_head(head)
    if order.proposal is not None and order.proposal.client_id != head.client.pk:
        raise RuleViolation(_("The order follows a proposal to another client."), field="client")
    with verb("order.edited", by=by):
        order.version += 1
        _write(order, head, goods, today)
    return order


@transaction.atomic
def submit_order(order_id: int, *, by: User, version: int, today: date) -> Order:
    """Send an order in: it is confirmed, or put on hold with its reasons.

    Prices are those of today's list; RuleViolation where they have changed since the draft.
    """
    client, order = locked_order(order_id, by=by)
    if not permissions.can_edit_order(by, order):
        raise PermissionDenied
    same_version(order, version)
    _check_prices(order, by, today)
    now = timezone.now()
    with verb("order.submitted", by=by):
        order.submitted_by, order.submitted_at = by, now
        order.save(update_fields=["submitted_by", "submitted_at"])
        check = _decide(order, client, today)
    if check.reasons:
        _tell_heads(order)
    return order


@transaction.atomic
def release_order(order_id: int, *, by: User, version: int, reason: str, today: date) -> Order:
    """Confirm an order in spite of its reasons, as far as the role allows, with a reason.

    The department head as far as the matrix of limits says (share above the credit limit, days
    overdue), the director always; nobody an order of their own.
    """
    client, order = locked_order(order_id, by=by)
    if not permissions.can_release_order(by, order):
        raise PermissionDenied
    same_version(order, version)
    if order.state != OrderState.ON_HOLD:
        raise RuleViolation(str(WRONG_STATE) % {"state": order.get_state_display()})
    if not reason.strip():
        raise RuleViolation(_("Say why."), field="reason")
    check = check_order(order, client, today)
    if not permissions.releases_any_order(by):
        if check.needs_director:
            raise RuleViolation(_("This is above your limits: the director decides."))
        if stopped_by_director(client.pk):
            raise RuleViolation(_("The director has stopped shipping: the director decides."))
    with verb("order.released", by=by):
        order.released_by, order.release_reason = by, reason.strip()
        order.save(update_fields=["released_by", "release_reason"])
        _confirm(order, check)
        note_order(order, by=by, today=today)
    _tell_author(order, "order.released")
    return order


@transaction.atomic
def recheck_order(order_id: int, *, by: User | None, version: int | None, today: date) -> Order:
    """Look again at an order that waits: confirm it where its reasons are gone.

    `by` is None for the periodic work.
    """
    client, order = locked_order(order_id, by=by)
    if by is not None and not permissions.can_handle_order(by, order):
        raise PermissionDenied
    same_version(order, version)
    if order.state not in {OrderState.ON_HOLD, OrderState.SUBMITTED}:
        raise RuleViolation(str(WRONG_STATE) % {"state": order.get_state_display()})
    before = (order.state, order.hold_reasons)
    check = check_order(order, client, today)
    if before == (OrderState.ON_HOLD, check.reasons):
        return order
    with verb("order.checked", by=by):
        if order.submitted_at is None:
            order.submitted_at = timezone.now()
            order.save(update_fields=["submitted_at"])
        _decide(order, client, today)
    if order.state == OrderState.CONFIRMED:
        _tell_author(order, "order.confirmed")
    return order


def recheck_orders(*, today: date) -> int:
    """Look again at every order that waits, each in a transaction of its own; how many went on."""
    waiting = Order.objects.waiting().order_by("submitted_at", "pk").values_list("pk", flat=True)
    done = 0
    for pk in list(waiting):
        try:
            order = recheck_order(pk, by=None, version=None, today=today)
        except RuleViolation:
            continue  # somebody moved it meanwhile
        done += order.state == OrderState.CONFIRMED
    return done


def locked_order(order_id: int, *, by: User | None) -> tuple[Client, Order]:
    """The client and then its order under locks; Order.DoesNotExist for one that is not seen.

    The lock of the client lets rows that point to it be added meanwhile (NO KEY).
    """
    rows = Order.objects.all() if by is None else Order.objects.touched_by(by)
    client_id = rows.values_list("client", flat=True).get(pk=order_id)
    clients = Client.objects.select_for_update(of=("self",), no_key=True)
    client = clients.get(pk=client_id)
    order: Order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    order.client = client
    return client, order


def same_version(order: Order, version: int | None) -> None:
    """Raise StaleVersion for a page that somebody was faster than."""
    if version is not None and order.version != version:
        raise StaleVersion(of=order)


def _decide(order: Order, client: Client, today: date) -> OrderCheck:
    """Confirm the locked order or put it on hold, as the check of this moment says."""
    check = check_order(order, client, today)
    if check.reasons:
        if order.state == OrderState.ON_HOLD:
            order.hold_reasons = check.reasons
            order.version += 1
            order.save(update_fields=["hold_reasons", "version"])
        else:
            values: dict[str, Any] = {"hold_reasons": check.reasons}
            move(order, ORDER_MOVES, OrderState.ON_HOLD, WRONG_STATE, **values)
    else:
        _confirm(order, check)
    return check


def _confirm(order: Order, check: OrderCheck) -> None:
    values: dict[str, Any] = {
        "hold_reasons": [],
        "confirmed_at": timezone.now(),
        "cover_amount": check.cover,
    }
    move(order, ORDER_MOVES, OrderState.CONFIRMED, WRONG_STATE, **values)


def _check_head(head: OrderHead) -> None:
    for field in ("contract", "outlet"):
        row = getattr(head, field)
        if row is not None and row.client_id != head.client.pk:
            raise RuleViolation(_("This belongs to another client."), field=field)


def _write(order: Order, head: OrderHead, goods: Sequence[Goods], today: date) -> None:
    """Head, lines and sums; VAT of the order is the sum of its lines (D.16)."""
    if not goods:
        raise RuleViolation(_("An order has at least one line."))
    if len(goods) > MOST_LINES:
        raise RuleViolation(_("A document has at most %(most)s lines.") % {"most": MOST_LINES})
    prices = PriceCheck(goods, head.price_kind, today, agreed=agreed_with(order.proposal))
    refuse_prices(prices)
    for name in OrderHead.__dataclass_fields__:
        setattr(order, name, getattr(head, name))
    lines = [OrderLine(order=order, **values) for values in prices.lines()]
    order.total = sum((line.amount for line in lines), Decimal(0))
    order.vat_amount = sum((line.vat_amount for line in lines), Decimal(0))
    order.save()
    write_lines(order.lines.all(), lines, same=attrgetter("product_id"))


def refuse_prices(prices: PriceCheck) -> None:
    """RuleViolation with the first line that the list of the day does not allow, or the sum."""
    for problem in prices.problems():
        text = _("Line %(number)s: %(text)s") % {
            "number": problem.place + 1,
            "text": problem.text,
        }
        raise RuleViolation(text, field=f"line-{problem.place}-{problem.field}")
    if prices.total > LARGEST_SUM:
        raise RuleViolation(_("The amount is too large."))


def _check_prices(order: Order, by: User, today: date) -> None:
    goods = [
        Goods(line.product, line.quantity, line.price, line.discount_pct)
        for line in order.lines.select_related("product")
    ]
    agreed = agreed_with(order.proposal)
    refuse_prices(PriceCheck(goods, order.price_kind, today, agreed=agreed))
    if order.proposal is None:  # what was offered has been approved with its offer
        refuse_discounts(order.client, goods, by=by, today=today)


def _tell_heads(order: Order) -> None:
    for head_id in heads_by_client([order.client_id]):
        if head_id != order.submitted_by_id:
            _tell(head_id, "order.on_hold", order)


def _tell_author(order: Order, kind: str) -> None:
    if order.submitted_by_id is not None:
        _tell(order.submitted_by_id, kind, order)


def _tell(user_id: int, kind: str, order: Order) -> None:
    notify(
        user_id,
        kind=kind,
        params={"number": order.number, "client": order.client.name},
        url=order.get_absolute_url(),
        dedupe_key=f"{kind}:{order.pk}:{order.version}",
        email=False,
    )
