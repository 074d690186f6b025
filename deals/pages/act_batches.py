"""What the page of a forming of acts shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q

from deals.models import ActBatch, ActBatchRow

REFUSALS = 100


@dataclass(frozen=True)
class BatchPage:
    """A visible forming: counts and refusals."""

    batch: ActBatch

    @cached_property
    def counts(self) -> dict[str, int]:
        """All rows, those that are done and those that were refused."""
        found: dict[str, int] = ActBatchRow.objects.filter(batch=self.batch).aggregate(
            all=Count("pk"),
            formed=Count("pk", filter=Q(state="done")),
            refused=Count("pk", filter=Q(state="refused")),
        )
        return found

    @property
    def done(self) -> int:
        """Formed or refused."""
        return self.counts["formed"] + self.counts["refused"]

    @cached_property
    def refusals(self) -> list[ActBatchRow]:
        """The first of the refused ones, by the day."""
        rows = ActBatchRow.objects.filter(batch=self.batch, state="refused")
        return list(rows.select_related("item__client").order_by("pk")[:REFUSALS])

    @property
    def more_refusals(self) -> int:
        """How many are not shown."""
        return self.counts["refused"] - len(self.refusals)
