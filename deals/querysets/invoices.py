"""Reads of invoices and of what is open on them."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db.models import F, FilteredRelation, Q, Sum
from django.db.models.functions import Coalesce

from crm.accounts.querysets import names_of, own_columns
from deals.querysets.base import OfClientQuerySet
from deals.querysets.shipments import ZERO


class InvoiceQuerySet(OfClientQuerySet):
    """Reads of invoices."""

    def debts(self) -> Self:
        """Post-payment invoices that were not cancelled: what clients owe or owed."""
        return self.filter(kind="postpay", cancelled_on=None)

    def unpaid(self) -> Self:
        """Debts of which something is open now."""
        return self.filter(kind="postpay", open_amount__gt=0)

    def overdue(self, today: date) -> Self:
        """Unpaid, and the due day has passed (decision 7)."""
        return self.unpaid().filter(due_on__lt=today)

    def unsettled_on(self, day: date) -> Self:
        """Debts of which something was open at the end of the day."""
        rows = self.debts().filter(issued_on__lte=day)
        return rows.filter(Q(settled_on=None) | Q(settled_on__gt=day))

    def open_on(self, day: date) -> Self:
        """Debts of which something was open at the end of the day, with `open_then`.

        Payments count from the day the money came, returns from their posting.
        """
        later = FilteredRelation("allocations", condition=Q(allocations__on_day__gt=day))
        rows = self.unsettled_on(day).annotate(_later=later)
        return rows.annotate(open_then=F("open_amount") + Coalesce(Sum("_later__amount"), ZERO))

    def fifo(self) -> Self:
        """Earliest due first, then the earlier shipped, then by number (FIFO-1, D.17)."""
        return self.order_by("due_on", "issued_on", "number", "pk")

    def for_list(self) -> Self:
        """With the names that the register shows."""
        names = ("client__name", "contract__number", *names_of("client__manager"))
        rows = self.select_related("client", "client__manager", "contract")
        return rows.only(*own_columns(self.model), *names)
