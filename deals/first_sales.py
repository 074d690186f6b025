"""When a client bought for the first and the last time, how much of late; what is sold."""

from datetime import date
from decimal import Decimal

from django.db.models import DecimalField, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from clients.hooks import Bought
from clients.models import Client
from deals.models import ProductGroup, Shipment, ShipmentKind


def first_sales(clients: QuerySet[Client]) -> dict[int, date]:
    """The day of the first sale that stands, by client id: one query."""
    sales = Shipment.objects.filter(client__in=clients.order_by().values("pk")).live().order_by()
    rows = sales.filter(kind=ShipmentKind.SALE).values_list("client")
    return dict(rows.annotate(first=Min("posted_on")))


def sales(clients: QuerySet[Client], since: date, today: date) -> dict[int, Bought]:
    """First and last sale that stand, net shipments after `since` up to today: one query."""
    rows = Shipment.objects.filter(client__in=clients.order_by().values("pk")).counted().order_by()
    stands = Q(kind=ShipmentKind.SALE, state="posted", reverses=None)
    lately = Q(posted_on__gt=since, posted_on__lte=today)
    money = DecimalField(max_digits=15, decimal_places=2)
    found = rows.values_list("client").annotate(
        first=Min("posted_on", filter=stands),
        last=Max("posted_on", filter=stands),
        net=Coalesce(Sum("amount", filter=lately), Decimal(0), output_field=money),
    )
    return {pk: Bought(first, last, net) for pk, first, last, net in found if first is not None}


def product_groups() -> list[str]:
    """Names of the groups of the catalogue that are not in the archive."""
    return list(ProductGroup.objects.filter(archived_at=None).values_list("name", flat=True))
