"""What must hold among documents and money at any quiet moment (crm.work.invariants)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from crm.work import invariants
from deals.models import (
    Allocation,
    CreditLimit,
    Invoice,
    Order,
    OrderLine,
    Payment,
    Shipment,
    ShipmentLine,
)
from deals.querysets.shipments import ZERO


def register_money_invariants() -> None:
    """Declare the checks."""
    invariants.register("invoices are paid by their allocations", invoices_add_up)
    invariants.register("payments are spread by their allocations", payments_add_up)
    invariants.register("returns are set off by their allocations", credits_add_up)
    invariants.register("money before its invoice is known as an advance", early_parts_are_known)
    invariants.register("a posted sale has its invoice", sales_have_invoices)
    invariants.register("orders are shipped by their shipments", orders_add_up)
    invariants.register("a limit asked for was approved", limits_were_approved)


def invoices_add_up(_now: datetime) -> Iterable[str]:
    """Paid and credited are the sums of allocations; settled exactly when nothing is open."""
    rows = Invoice.objects.annotate(
        paid=_sum("invoice", Q(payment__isnull=False)),
        credited=_sum("invoice", Q(credit__isnull=False)),
    )
    wrong = rows.filter(
        ~Q(paid=F("paid_amount"))
        | ~Q(credited=F("credited_amount"))
        | Q(settled_on=None, state="paid")
        | (Q(settled_on__isnull=False) & ~Q(state="paid"))
    )
    return _names("invoice", wrong)


def payments_add_up(_now: datetime) -> Iterable[str]:
    """What is spread is the sum of allocations."""
    rows = Payment.objects.annotate(spread=_sum("payment", Q()))
    return _names("payment", rows.filter(~Q(spread=F("allocated_amount"))))


def credits_add_up(_now: datetime) -> Iterable[str]:
    """What is set off is the sum of allocations."""
    rows = Shipment.objects.filter(amount__lt=0).annotate(applied=_sum("credit", Q()))
    return _names("shipment", rows.filter(~Q(applied=F("applied_amount"))))


def early_parts_are_known(_now: datetime) -> Iterable[str]:
    """What came before the day of its invoice names this day, nothing else names one."""
    early = Q(on_day__lt=F("invoice__issued_on"))
    known = Q(advance_until__isnull=False, advance_until=F("invoice__issued_on"))
    rows = Allocation.objects.filter(early | Q(advance_until__isnull=False))
    return _names("allocation", rows.exclude(early & known))


def orders_add_up(_now: datetime) -> Iterable[str]:
    """What lines say to be shipped is what posted shipments of the order hold of their goods."""
    quantity = DecimalField(max_digits=17, decimal_places=3)
    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
    wanted = OrderLine.objects.filter(order=OuterRef("shipment__order")).values("product")
    sent = ShipmentLine.objects.filter(
        shipment__order=OuterRef("pk"),
        shipment__state="posted",
        shipment__kind="sale",
        product__in=wanted,
    )
    went = sent.order_by().values("shipment__order").annotate(q=Sum("quantity")).values("q")
    zero = Value(0, output_field=quantity)
    said = Subquery(lines.annotate(q=Sum("shipped_qty")).values("q"), output_field=quantity)
    rows = Order.objects.annotate(
        said=Coalesce(said, zero), sent=Coalesce(Subquery(went, output_field=quantity), zero)
    )
    return _names("order", rows.filter(~Q(said=F("sent"))))


def sales_have_invoices(_now: datetime) -> Iterable[str]:
    """Every positive document in the books with a client has an invoice of its amount."""
    rows = Shipment.objects.counted().filter(amount__gt=0, client__isnull=False)
    return _names("shipment", rows.filter(Q(invoice=None) | ~Q(invoice__amount=F("amount"))))


def limits_were_approved(_now: datetime) -> Iterable[str]:
    """A limit stands only under a request that was approved, by somebody else than its author."""
    rows = CreditLimit.objects.filter(request__isnull=False)
    wrong = rows.filter(~Q(request__state="approved") | Q(set_by=F("request__author")))
    return _names("limit", wrong)


def _sum(name: str, condition: Q) -> Coalesce:
    rows = Allocation.objects.filter(condition, **{name: OuterRef("pk")}).order_by().values(name)
    total = Subquery(
        rows.annotate(total=Sum("amount")).values("total"),
        output_field=DecimalField(max_digits=17, decimal_places=2),
    )
    return Coalesce(total, ZERO)


def _names(noun: str, rows: "QuerySet") -> Iterable[str]:  # type: ignore[type-arg]
    return (f"{noun} {pk}" for pk in rows.values_list("pk", flat=True)[: invariants.SHOWN])
