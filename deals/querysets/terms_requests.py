"""Reads of requests for terms and of what holds by them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Self

from django.db.models import Max

from crm.accounts.querysets import names_of, own_columns
from deals.querysets.base import OfClientQuerySet


class TermsRequestQuerySet(OfClientQuerySet):
    """Reads of requests."""

    def open(self) -> Self:
        """Not decided yet: the author or a signer has to do something."""
        return self.filter(state__in=("draft", "submitted", "returned"))

    def holding(self, day: date) -> Self:
        """Approved, and the day is inside their period; also of a day gone by."""
        return self.approved().filter(valid_from__lte=day, valid_to__gte=day)

    def approved(self) -> Self:
        """Approved once, whether the last day has gone by or not."""
        return self.filter(state__in=("approved", "expired"))

    def in_force(self, client_id: int, kind: str, day: date) -> Decimal | None:
        """The most that the client has of the kind on the day; None without an approval."""
        rows = self.holding(day).filter(client=client_id, kind=kind).order_by()
        found: Decimal | None = rows.aggregate(most=Max("value"))["most"]
        return found

    def most_in_force(self, client_id: int, day: date) -> dict[str, Decimal]:
        """`in_force` for every kind the client has something of."""
        rows = self.holding(day).filter(client=client_id).order_by()
        return dict(rows.values("kind").annotate(most=Max("value")).values_list("kind", "most"))

    def over(self, today: date) -> Self:
        """Approved, but the last day has gone by."""
        return self.filter(state="approved", valid_to__lt=today)

    def for_list(self) -> Self:
        """With what a register shows."""
        people = ("client__manager", "author", "approved_by")
        rows = self.select_related("client", "order", *people)
        return rows.only(
            *(name for name in own_columns(self.model) if name != "evidence"),
            "client__name",
            "order__number",
            *names_of(*people),
        )
