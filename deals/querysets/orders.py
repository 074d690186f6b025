"""Reads of orders."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce, Greatest

from clients.querysets import scope_condition
from crm.accounts.models.roles import Role
from crm.accounts.querysets import names_of, own_columns
from deals.querysets.base import OfClientQuerySet

if TYPE_CHECKING:
    from crm.accounts.models import User

GONE_ON = ("confirmed", "picking", "shipped_partially", "shipped", "delivered", "closed")
OPEN = ("draft", "submitted", "on_hold", "confirmed", "picking", "shipped_partially")


class OrderQuerySet(OfClientQuerySet):
    """Reads of orders."""

    def seen_without_sums(self, user: User) -> Self:
        """Confirmed orders of visible clients, for the delivery: without what they cost (C.9)."""
        if not user.is_active or user.role != Role.LOGISTICS:
            return self.none()
        condition = scope_condition(user, self.client_path)
        rows = self.filter(state__in=GONE_ON)
        return rows if condition is None else rows.filter(condition)

    def touched_by(self, user: User) -> Self:
        """What a person may act upon: seen with its sums, or without them."""
        if user.role == Role.LOGISTICS:
            return self.seen_without_sums(user)
        return self.visible_to(user)

    def for_picking(self) -> Self:
        """With the places and the number of lines; no column of money is read."""
        rows = self.select_related("client", "outlet").only(
            *("number", "state", "kind", "dated_on", "desired_on", "promised_on", "note"),
            *("delivered_on", "version", "client__name", "client__code", "client__address"),
            *("outlet__name", "outlet__address", "outlet__delivery_window"),
        )
        return rows.annotate(lines_count=Count("lines"), due=Coalesce("promised_on", "desired_on"))

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
