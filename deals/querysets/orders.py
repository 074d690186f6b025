"""Reads of orders."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce, Greatest

from crm.accounts.querysets import names_of, own_columns
from deals.querysets.base import OfClientQuerySet

OPEN = ("draft", "submitted", "on_hold", "confirmed", "picking", "shipped_partially")


class OrderQuerySet(OfClientQuerySet):
    """Reads of orders."""

    def open(self) -> Self:
        """Something is still to be done before the goods are gone."""
        return self.filter(state__in=OPEN)

    def done(self) -> Self:
        """Gone to the client, or cancelled."""
        return self.exclude(state__in=OPEN)

    def waiting(self) -> Self:
        """Sent in and not confirmed."""
        return self.filter(state__in=["submitted", "on_hold"])

    def reserving(self) -> Self:
        """Confirmed and not wholly shipped: they take the client's limit (CRED-1)."""
        return self.filter(state__in=["confirmed", "picking", "shipped_partially"])

    def late(self, today: date) -> Self:
        """To be shipped by a day that has passed."""
        rows = self.reserving().annotate(_due=Coalesce("promised_on", "desired_on"))
        return rows.filter(_due__lt=today)

    def reserved(self, client_ids: Collection[int]) -> dict[int, Decimal]:
        """Roubles of each client ordered on credit and not shipped; what is prepaid is no risk."""
        rows = self.reserving().filter(client__in=client_ids).order_by()
        left = F("total") - Greatest(F("shipped_amount"), F("cover_amount"))
        rows = rows.filter(Q(total__gt=F("shipped_amount")) & Q(total__gt=F("cover_amount")))
        return dict(rows.values("client").annotate(s=Sum(left)).values_list("client", "s"))

    def for_list(self) -> Self:
        """With the names that the register shows."""
        names = ("client__name", *names_of("client__manager"))
        rows = self.select_related("client", "client__manager")
        return rows.only(*own_columns(self.model), *names)


class OrderLineQuerySet(models.QuerySet[Any]):
    """Reads of lines; they are seen through their orders."""

    def unshipped(self) -> Self:
        """Lines of which something is still to be shipped."""
        return self.filter(shipped_qty__lt=F("quantity"))
