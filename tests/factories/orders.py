"""Orders; those that are checked are sent in by the product's own action.

order = orders.draft(client, {tea: 10}, by=manager)      # ten at the typed price of 100
order = orders.placed(client, {tea: 10}, by=manager)     # sent in: confirmed or on hold
"""

from datetime import date
from decimal import Decimal
from uuid import uuid4

from deals.actions.order_moves import ship_order
from deals.actions.orders import OrderHead, create_order, submit_order
from deals.actions.posting import post_shipment
from deals.models import Order, OrderLine
from deals.ordering.order_goods import Goods
from tests.factories import deals

TODAY = date(2026, 11, 23)


def goods(lines, price="100.00"):
    """Lines by product and quantity, all at one typed price."""
    return [Goods(product, Decimal(qty), Decimal(price)) for product, qty in lines.items()]


def draft(client, lines=None, *, by, on=TODAY, price="100.00", **head):
    """A draft of the person."""
    rows = goods(lines or {deals.product(): 10}, price)
    return create_order(by=by, head=OrderHead(client, **head), goods=rows, key=uuid4(), today=on)


def like(order, count):
    """The draft and others like it, so many in all."""
    lines = list(order.lines.all())
    more = Order.objects.bulk_create(
        as_new(order, number=f"{order.number}/{number}", idempotency_key=uuid4())
        for number in range(1, count)
    )
    OrderLine.objects.bulk_create(as_new(line, order=one) for one in more for line in lines)
    return [order, *more]


def as_new(row, **changes):
    """A copy that is not in the table yet."""
    made = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.fields})
    made.pk = None
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def placed(client, lines=None, *, by, on=TODAY, price="100.00", **head):
    """Sent in on the day."""
    made = draft(client, lines, by=by, on=on, price=price, **head)
    return submit_order(made.pk, by=by, version=made.version, today=on)


def shipped(order, *, by, lines=None, on=TODAY):
    """A posted shipment of what is left of the order, or of these quantities."""
    document = ship_order(order.pk, by=by, key=uuid4(), today=on)
    if lines:
        for line in document.lines.all():
            quantity = Decimal(lines[line.product])
            document.lines.filter(pk=line.pk).delete()
            line.pk, line.quantity, line.amount = None, quantity, quantity * line.price
            line.save()
        type(document).objects.filter(pk=document.pk).update(
            amount=sum(line.amount for line in document.lines.all())
        )
    return post_shipment(document.pk, by=by, on=on)
