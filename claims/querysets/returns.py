"""Reads of returns of goods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from crm.accounts.models.roles import Role
from crm.accounts.querysets import names_of, own_columns
from deals.querysets import OfClientQuerySet

if TYPE_CHECKING:
    from crm.accounts.models import User

OPEN = ("requested", "approved", "goods_received", "accepted")


class ReturnQuerySet(OfClientQuerySet):
    """Reads of returns."""

    def seen_without_sums(self, user: User) -> Self:
        """What the delivery sees: returns that were approved, on pages that show no sums."""
        if not user.is_active or user.role != Role.LOGISTICS:
            return self.none()
        return self.exclude(state__in=["requested", "rejected", "withdrawn"])

    def open(self) -> Self:
        """On its way: neither credited nor refused."""
        return self.filter(state__in=OPEN)

    def counted(self) -> Self:
        """All but the refused ones and those that were taken back."""
        return self.exclude(state__in=["rejected", "withdrawn"])

    def for_list(self) -> Self:
        """With what a register shows."""
        rows = self.select_related("client", "reason", "shipment", "manager", "document")
        return rows.only(
            *own_columns(self.model),
            "client__name",
            "client__category",
            "reason__name_ru",
            "reason__name_en",
            "shipment__number",
            "shipment__kind",
            "shipment__posted_on",
            "document__number",
            "document__kind",
            *names_of("manager"),
        )


class ReturnLineQuerySet(models.QuerySet[Any]):
    """Reads of the lines of returns."""

    def visible_to(self, user: User) -> Self:
        """Lines of visible returns."""
        from claims.models import Return  # it knows this module

        return self.filter(return_request__in=Return.objects.visible_to(user))
