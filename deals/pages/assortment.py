"""What the page of an assortment matrix shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count

from clients.models import Client, ClientStatus
from crm.accounts.models import User
from crm.approvals.models import Approval
from deals import permissions
from deals.models import AssortmentLine, AssortmentMatrix, AssortmentProposal

SHOWN_PROPOSALS = 20


def known_channels() -> list[str]:
    """Channels that clients have, the most frequent first."""
    rows = Client.objects.open().exclude(channel="").order_by().values_list("channel")
    counted = rows.annotate(n=Count("pk")).order_by("-n", "channel")
    return [channel for channel, _n in counted[:100]]


@dataclass(frozen=True)
class MatrixPage:
    """One matrix for one person."""

    matrix: AssortmentMatrix
    user: User

    @cached_property
    def lines(self) -> list[AssortmentLine]:
        rows = self.matrix.lines.select_related("product__group")  # type: ignore[attr-defined]
        return list(rows.order_by("-obligatory", "product__sort_key", "pk"))

    @property
    def obligatory(self) -> int:
        return sum(line.obligatory for line in self.lines)

    @property
    def clients(self) -> int:
        """Visible clients of the channel and category; those with a preciser matrix among them."""
        rows = Client.objects.visible_to(self.user).open().exclude(status=ClientStatus.PROSPECT)
        if self.matrix.channel:
            rows = rows.filter(channel__iexact=self.matrix.channel)
        if self.matrix.category:
            rows = rows.filter(category=self.matrix.category)
        return rows.count()

    @cached_property
    def proposals(self) -> list[AssortmentProposal]:
        """What heads asked for, the latest first, each with the request that decides it."""
        rows = AssortmentProposal.objects.visible_to(self.user).filter(matrix=self.matrix)
        found = list(rows.select_related("product", "author")[:SHOWN_PROPOSALS])
        requests: dict[int, Any] = {}
        if found:
            asked = Approval.objects.filter(
                kind="assortment.change", object_id__in=[one.pk for one in found]
            )
            requests = {one.object_id: one for one in asked.order_by("pk")}
        for one in found:
            one.request = requests.get(one.pk)  # type: ignore[attr-defined]
        return found

    @property
    def may_keep(self) -> bool:
        return permissions.can_keep_assortment(self.user)

    @property
    def may_propose(self) -> bool:
        return self.matrix.archived_at is None and permissions.can_propose_assortment(self.user)
