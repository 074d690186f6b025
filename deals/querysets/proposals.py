"""Reads of proposals."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db.models import Q

from crm.accounts.querysets import names_of, own_columns
from deals.querysets.base import OfClientQuerySet


class ProposalQuerySet(OfClientQuerySet):
    """Proposals to visible clients."""

    def sent(self) -> Self:
        """With the client, who has not answered."""
        return self.filter(state="sent")

    def overdue(self, today: date) -> Self:
        """Sent, and the last day on which they hold has passed."""
        return self.sent().filter(valid_to__lt=today)

    def of_family(self, root_id: int) -> Self:
        """The first proposal and all its later versions."""
        return self.filter(Q(pk=root_id) | Q(root=root_id))

    def for_list(self) -> Self:
        """With the names that the register shows."""
        names = ("client__name", *names_of("client__manager"))
        rows = self.select_related("client", "client__manager")
        return rows.only(*own_columns(self.model), *names)
