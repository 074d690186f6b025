"""Reads of returns of goods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Q

from crm.accounts.models.roles import Role
from crm.accounts.querysets import names_of, own_columns
from deals.querysets import OfClientQuerySet

if TYPE_CHECKING:
    from crm.accounts.models import User

OPEN = ("requested", "approved", "goods_received", "accepted")


class ReturnQuerySet(OfClientQuerySet):
    """Reads of returns."""

    def seen_without_sums(self, user: User) -> Self:
        """What the delivery sees: approved returns of ours, on pages that show no sums."""
        if not user.is_active or user.role != Role.LOGISTICS:
            return self.none()
        rows = self.exclude(state__in=["requested", "rejected", "withdrawn"])
        return rows.filter(created_by__isnull=False)

    def open(self) -> Self:
        """On its way: neither credited nor refused."""
        return self.filter(state__in=OPEN)

    def to_approve(self) -> Self:
        """The head has not decided yet."""
        return self.filter(state="requested")

    def to_receive(self) -> Self:
        """Approved, and the goods have not come."""
        return self.filter(state="approved")

    def to_accept(self) -> Self:
        """The goods came, and nobody has looked at them."""
        return self.filter(state="goods_received")

    def to_credit(self) -> Self:
        """Taken, and the books do not say it; or their document was reversed."""
        lost = Q(state__in=["credited", "closed"], document__state="reversed")
        lost &= Q(created_by__isnull=False)
        return self.filter(Q(state="accepted", amount__gt=0) | lost)

    def of_person(self, user: User) -> Self:
        """Asked for by the person, or of clients that it answers for."""
        return self.filter(Q(created_by=user.pk) | Q(client__manager=user.pk))

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

    def for_receiving(self) -> Self:
        """With what the delivery sees; the columns of money are not read."""
        rows = self.select_related("client", "shipment")
        shown = (
            *("number", "asked_on", "state", "decided_on", "received_on", "accepted_on"),
            *("acceptance_note", "version", "created_by"),
        )
        of_others = ("client__name", "client__address", "shipment__number", "shipment__posted_on")
        return rows.only(*shown, *of_others).annotate(lines_count=Count("lines"))


class ReturnLineQuerySet(models.QuerySet[Any]):
    """Reads of the lines of returns."""

    def visible_to(self, user: User) -> Self:
        """Lines of visible returns."""
        from claims.models import Return  # it knows this module

        return self.filter(return_request__in=Return.objects.visible_to(user))
