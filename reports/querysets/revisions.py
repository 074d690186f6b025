"""Reads of what the director approves in revisions: monthly plans, cost budgets."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models

from crm.accounts.querysets import names_of, own_columns


class RevisionQuerySet(models.QuerySet[Any]):
    """Reads of revisions of a department and period."""

    PERIOD: ClassVar[str]
    IN_WORK: ClassVar[tuple[str, ...]]
    IN_FORCE: ClassVar[tuple[str, ...]]

    def of_same(self, row: Any) -> Self:
        """All revisions of the same department and period."""
        period = {self.PERIOD: getattr(row, self.PERIOD)}
        return self.filter(org_unit=row.org_unit_id, **period)

    def in_force(self) -> Self:
        """What holds: one of each period and department."""
        return self.filter(state__in=self.IN_FORCE)

    def in_work(self) -> Self:
        """What is being made: one of each period and department."""
        return self.filter(state__in=self.IN_WORK)

    def for_list(self) -> Self:
        """With the names that a page shows."""
        rows = self.select_related("org_unit", "sent_by", "approved_by")
        people = names_of("sent_by", "approved_by")
        unit = ("org_unit__name", "org_unit__path", "org_unit__kind")
        return rows.only(*own_columns(self.model), *unit, *people)
