"""What came of a promise to pay: receipts from the day of the contact to the promised day."""

from __future__ import annotations

from django.db.models import DecimalField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate

from clients.querysets.contacts import ContactLogQuerySet
from deals.models import Payment
from deals.querysets.shipments import ZERO


def with_received(promises: ContactLogQuerySet) -> ContactLogQuerySet:
    """Contacts with a promise, each with `received`: roubles that came in time, both days included.

    The day of the contact and that of the receipt are days of the company's clock.
    """
    money = Payment.objects.incoming().filter(
        client=OuterRef("client"),
        paid_on__gte=OuterRef("_talked_on"),
        paid_on__lte=OuterRef("promise_on"),
    )
    summed = money.order_by().values("client").annotate(total=Sum("amount")).values("total")
    field: DecimalField[object, object] = DecimalField(max_digits=17, decimal_places=2)
    return promises.annotate(
        _talked_on=TruncDate("done_at"),
        received=Coalesce(Subquery(summed, output_field=field), ZERO),
    )
