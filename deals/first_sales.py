"""When a client bought for the first time."""

from datetime import date

from django.db.models import Min, QuerySet

from clients.models import Client
from deals.models import Shipment, ShipmentKind


def first_sales(clients: QuerySet[Client]) -> dict[int, date]:
    """The day of the first sale that stands, by client id: one query."""
    sales = Shipment.objects.filter(client__in=clients.order_by().values("pk")).live().order_by()
    rows = sales.filter(kind=ShipmentKind.SALE).values_list("client")
    return dict(rows.annotate(first=Min("posted_on")))
