"""Reads of shipments, returns and adjustments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db.models import DecimalField, Q, Sum, Value
from django.db.models.functions import Coalesce

from crm.accounts.querysets import names_of, own_columns
from deals.querysets.base import OfClientQuerySet

if TYPE_CHECKING:
    from deals.models import Shipment

MONEY = DecimalField(max_digits=17, decimal_places=2)
ZERO = Value(0, output_field=MONEY)


class ShipmentQuerySet(OfClientQuerySet):
    """Reads of documents of sale."""

    def counted(self) -> Self:
        """Documents in the books; a reversed one counts, its mirror takes it back."""
        return self.filter(state__in=["posted", "reversed"])

    def live(self) -> Self:
        """Posted and not taken back: what shows that the client buys."""
        return self.filter(state="posted", reverses=None)

    def in_period(self, first: date, last: date) -> Self:
        """Posted from the first to the last day, both included."""
        return self.filter(posted_on__gte=first, posted_on__lte=last)

    def credits(self) -> Self:
        """Negative documents, which lower what the client owes."""
        return self.filter(amount__lt=0)

    def alike(self, document: Shipment) -> Self:
        """Documents without a client that call theirs the same; one without a text is alone."""
        waiting = self.unassigned()
        if not document.client_text:
            return waiting.filter(pk=document.pk)
        return waiting.filter(client_text=document.client_text)

    def for_list(self) -> Self:
        """With the names that the register shows."""
        names = ("client__name", "contract__number", *names_of("manager"))
        rows = self.select_related("client", "manager", "contract")
        return rows.only(*own_columns(self.model), *names)

    def by_client(self, *, sales_only: bool = False) -> dict[int, Decimal]:
        """Net roubles with VAT of each client, or of its sales alone, returns left out."""
        rows = self.filter(kind="sale") if sales_only else self
        rows = rows.filter(client__isnull=False).order_by()
        return dict(rows.values_list("client").annotate(total=Sum("amount")))

    def turnover(self) -> dict[str, object]:
        """Net, shipped and returned roubles with VAT of the rows (decision 2)."""
        return self.order_by().aggregate(
            net=Coalesce(Sum("amount"), ZERO),
            shipped=Coalesce(Sum("amount", filter=Q(amount__gt=0)), ZERO),
            returned=Coalesce(Sum("amount", filter=Q(amount__lt=0)), ZERO),
        )
