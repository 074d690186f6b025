"""Orders of a file: written as they stand in it, to be checked like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from crm.imports.registry import Run
from deals.models import Order, OrderLine, OrderState


@dataclass(frozen=True)
class OrderDraft:
    """An order of the file; its lines are those of documents of sale, all of known goods."""

    client_id: int
    number: str
    day: date
    amount: Decimal
    note: str
    external_id: str
    lines: Sequence[Any]


def write_orders(drafts: Sequence[OrderDraft], run: Run) -> None:
    """Write the orders of one portion; they take no limit before the check."""
    now = timezone.now()
    made = Order.objects.bulk_create(
        Order(
            client_id=draft.client_id,
            number=draft.number,
            state=OrderState.SUBMITTED,
            dated_on=draft.day,
            total=draft.amount,
            vat_amount=sum((line.vat_amount for line in draft.lines), Decimal(0)),
            note=draft.note,
            submitted_at=now,
            external_id=draft.external_id,
            created_by_id=run.author_id,
        )
        for draft in drafts
    )
    run.journal.add(Order, [order.pk for order in made])
    lines = OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            position=line.position,
            product_id=line.product_id,
            quantity=line.quantity,
            price=line.price,
            net_price=line.price,
            amount=line.amount,
            vat_percent=line.vat_percent,
            vat_amount=line.vat_amount,
        )
        for order, draft in zip(made, drafts, strict=True)
        for line in draft.lines
    )
    run.journal.add(OrderLine, [line.pk for line in lines])
