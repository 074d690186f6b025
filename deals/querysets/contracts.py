"""Reads of contracts and of what belongs to them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef

from crm.accounts.querysets import names_of
from crm.accounts.scope import scope_of
from deals.querysets.base import OfClientQuerySet

if TYPE_CHECKING:
    from crm.accounts.models import User


LIST_FIELDS = (
    *("number", "kind", "state", "amount", "starts_on", "ends_on", "signed_on", "is_standard"),
    *("client__name", "parent__number", *names_of("client__manager", "negotiator")),
)


class ContractQuerySet(OfClientQuerySet):
    """Contracts and addenda of visible clients."""

    def main(self) -> Self:
        """Without addenda."""
        return self.filter(parent=None)

    def in_force(self) -> Self:
        """Signed by both and not ended."""
        return self.filter(state="active")

    def in_negotiation(self) -> Self:
        """On the way to the second signature."""
        return self.filter(
            state__in=["draft", "on_approval", "returned", "approved", "signed_by_us"]
        )

    def ending(self, today: date, days: int) -> Self:
        """In force today, over within so many calendar days."""
        last = today + timedelta(days=days)
        return self.in_force().filter(ends_on__gte=today, ends_on__lte=last)

    def for_list(self) -> Self:
        """With what a register shows."""
        links = ("client", "client__manager", "negotiator", "parent")
        return self.select_related(*links).only(*LIST_FIELDS)

    def with_breaches(self, today: date) -> Self:
        """Marked where an obligation is overdue."""
        late = self.model._meta.apps.get_model("deals", "ContractObligation").objects.overdue(today)
        return self.annotate(breached=Exists(late.filter(contract=OuterRef("pk"))))


class OfContractQuerySet(models.QuerySet[Any]):
    """Rows with a `contract`: whoever sees the contract sees them."""

    def visible_to(self, user: User) -> Self:
        """Rows of visible contracts."""
        contracts: Any = self.model._meta.get_field("contract").related_model
        return self.filter(contract__in=contracts._default_manager.visible_to(user))

    def open(self) -> Self:
        """Not settled yet."""
        return self.filter(state="open")


class ObligationQuerySet(OfContractQuerySet):
    """What was promised in contracts."""

    def open(self) -> Self:
        """Neither done nor dropped."""
        return self.filter(done_on=None, dropped_at=None)

    def overdue(self, today: date) -> Self:
        """Open after the day on which it was due."""
        return self.open().filter(due_on__lt=today)


class PowerOfAttorneyQuerySet(models.QuerySet[Any]):
    """Powers of attorney of our people."""

    def on(self, day: date) -> Self:
        """In force on the day."""
        return self.filter(issued_on__lte=day, valid_to__gte=day, revoked_at=None)


class ContractTemplateQuerySet(models.QuerySet[Any]):
    """Texts that contracts are made from."""

    def visible_to(self, user: User) -> Self:
        """Those who see all, or at least some, contracts see their texts."""
        limited = scope_of(user).limited_fields or scope_of(user).own is None
        return self.none() if limited else self.all()

    def open(self) -> Self:
        """Not in the archive."""
        return self.filter(archived_at=None)
