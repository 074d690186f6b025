"""Reads of the key rate: no secret, and the same for everybody."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models

from claims.outgoing.accruals import Rate


class KeyRateQuerySet(models.QuerySet[Any]):
    """Reads of key rates."""

    def open(self) -> Self:
        """Without those taken out."""
        return self.filter(archived_at=None)

    def table(self) -> list[Rate]:
        """All rates by their days, for counting."""
        rows = self.open().order_by("valid_from").values_list("valid_from", "percent")
        return [Rate(*row) for row in rows]

    def on(self, day: date) -> int | None:
        """Key of the rate that holds on the day."""
        rows = self.open().filter(valid_from__lte=day).order_by("-valid_from")
        found: int | None = rows.values_list("pk", flat=True).first()
        return found

    def last_day(self) -> date | None:
        """The day of the last rate that was entered."""
        found: date | None = self.open().aggregate(day=models.Max("valid_from"))["day"]
        return found
