"""Reads of the catalogue: not secret, seen by everybody who works here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from crm.accounts.scope import scope_of

if TYPE_CHECKING:
    from crm.accounts.models import User


class ProductQuerySet(models.QuerySet[Any]):
    """Reads of products."""

    def visible_to(self, user: User) -> Self:
        """Everything for a person who works here, nothing otherwise."""
        return self if scope_of(user).own else self.none()

    def open(self) -> Self:
        """Still sold."""
        return self.filter(archived_at=None)

    def for_list(self) -> Self:
        """With the group's name."""
        return self.select_related("group")


class VatRateQuerySet(models.QuerySet[Any]):
    """Reads of the rates of VAT."""

    def open(self) -> Self:
        """Without those taken out."""
        return self.filter(archived_at=None)
