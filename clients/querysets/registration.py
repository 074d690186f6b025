"""Reads of registration sheets and their campaigns; what was collected by whom in time."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import BooleanField, Count, DateField, ExpressionWrapper, F, Q, Sum

from clients.querysets.clients import WholeCardQuerySet, scope_of_many
from crm.accounts.querysets import names_of
from crm.accounts.scope import scope_of
from crm.money import percent

if TYPE_CHECKING:
    from crm.accounts.models import User

OPEN = ("not_started", "in_progress", "returned")
# A client in the archive owes no sheet; what was approved before stays.
COUNTED = Q(client__archived_at=None) | Q(state="approved")
IN_TIME = Q(state="approved", first_submitted_on__lte=F("deadline"))
COUNTS: dict[str, Any] = {
    "total": Count("pk"),
    "not_started": Count("pk", filter=Q(state="not_started")),
    "in_progress": Count("pk", filter=Q(state="in_progress")),
    "returned": Count("pk", filter=Q(state="returned")),
    "submitted": Count("pk", filter=Q(state="submitted")),
    "approved": Count("pk", filter=Q(state="approved")),
    "in_time": Count("pk", filter=IN_TIME),
    "required": Sum("required_count"),
    "filled": Sum("filled_count"),
}


IS_EARLY = ExpressionWrapper(Q(first_submitted_on__lte=F("deadline")), output_field=BooleanField())


@dataclass(frozen=True)
class SheetSums:
    """Figures of some sheets (REG-1); percentages come from the sums, never from percentages.

    `total`: sheets due · `in_time`: approved and handed in first not later than their day ·
    `late`: approved, but handed in first after it · `overdue`: their day has gone by and the
    manager has still to fill in or to mend them; a sheet that waits for the head is none.
    """

    total: int = 0
    not_started: int = 0
    in_progress: int = 0
    returned: int = 0
    submitted: int = 0
    approved: int = 0
    in_time: int = 0
    overdue: int = 0
    required: int = 0
    filled: int = 0

    def __add__(self, other: SheetSums) -> SheetSums:
        return SheetSums(*(getattr(self, name) + getattr(other, name) for name in NAMES))

    @property
    def late(self) -> int:
        """Approved, but handed in after the day."""
        return self.approved - self.in_time

    @property
    def collected_pct(self) -> Decimal | None:
        """Approved sheets of all sheets; None without any."""
        return percent(self.approved, self.total)

    @property
    def completeness_pct(self) -> Decimal | None:
        """Obligatory questions answered of all obligatory ones."""
        return percent(self.filled, self.required)

    @property
    def in_time_pct(self) -> Decimal | None:
        """Approved and in time of all sheets."""
        return percent(self.in_time, self.total)


NAMES = tuple(field.name for field in fields(SheetSums))


class CampaignQuerySet(models.QuerySet[Any]):
    """Reads of campaigns."""

    def visible_to(self, user: User) -> Self:
        """Of departments above or below the own clients; all for those who see all clients."""
        scope = scope_of(user)
        if scope.limited_fields:
            return self.none()
        if scope.everything:
            return self.all()
        units = set(scope.unit_ids) | _homes(scope.manager_ids)
        own = Q(sheets__manager__in=sorted(scope.manager_ids))
        held = self.model._default_manager.filter(own).order_by().values("pk")
        return self.filter(Q(org_unit__in=sorted(units)) | Q(pk__in=held))

    def running(self) -> Self:
        """Begun and not closed."""
        return self.filter(state="running")

    def for_list(self) -> Self:
        """With the names that the register shows."""
        return self.select_related("org_unit", "author")


def _homes(people: Any) -> set[int]:
    """The units of the people and all above them."""
    from crm.accounts.models import User  # it knows this module

    rows = User.objects.filter(pk__in=people, org_unit__isnull=False).values_list("org_unit__path")
    return {int(part) for (path,) in rows for part in path.split("/") if part}


class SheetQuerySet(WholeCardQuerySet):
    """Reads of sheets: seen by those who see the client whole."""

    def visible_to(self, user: User) -> Self:
        """Of visible clients; none for the limited roles."""
        rows: Any = super().visible_to(user)
        return rows  # type: ignore[no-any-return]

    def in_sums_of(self, user: User) -> Self:
        """The rows of `visible_to`, asked for in the way that suits counts and sums of many."""
        if scope_of(user).limited_fields:
            return self.none()
        clients = self.model._meta.get_field("client").related_model._default_manager.all()
        condition = scope_of_many(user, clients)
        return self if condition is None else self.filter(condition)

    def open(self) -> Self:
        """The manager has to do something: fill in, or mend what was returned."""
        return self.filter(state__in=OPEN)

    def waiting(self) -> Self:
        """Handed in, to be checked by the head."""
        return self.filter(state="submitted")

    def counted(self) -> Self:
        """All but those that nobody owes: the client is in the archive and nothing is approved."""
        return self.filter(COUNTED)

    def overdue(self, today: date) -> Self:
        """Open, and their day has gone by."""
        return self.open().filter(deadline__lt=today)

    def with_due_day(self) -> Self:
        """Their last day as `due_day`, which no index keeps in order.

        Each campaign has days of its own, so whoever sees the clients of one department would walk
        the index of days through the sheets of all others. These are sooner found and then sorted.
        """
        day = ExpressionWrapper(F("deadline") + 0, output_field=DateField())
        return self.annotate(due_day=day)

    def of_running(self) -> Self:
        """Of campaigns that run."""
        return self.filter(campaign__state="running")

    def for_list(self) -> Self:
        """With names, without the answers."""
        related = self.select_related("campaign", "client__org_unit", "manager")
        return related.only(
            *("id", "deadline", "state", "required_count", "filled_count", "completeness_pct"),
            *("proposed_category", "first_submitted_on", "submitted_at", "return_reason"),
            *("version", "client_id", "manager_id", "campaign_id", "submitted_by_id"),
            *("campaign__id", "campaign__year", "campaign__state"),
            *("client__id", "client__name", "client__code", "client__category"),
            *("client__org_unit__id", "client__org_unit__name"),
            *names_of("manager"),
        )

    def for_page(self) -> Self:
        """With everything that its page shows."""
        people = ("manager", "submitted_by", "decided_by", "client__manager")
        return self.select_related("campaign__org_unit", "client__org_unit", *people)

    def sums(self, today: date) -> SheetSums:
        """Figures of all of them: one query."""
        return _sums(self.counted().order_by().aggregate(**_counts(today)))

    def sums_by(self, today: date, *keys: str) -> dict[Any, SheetSums]:
        """Figures by columns (`client__org_unit`, `manager`, …): one query.

        The key of the result is the value of the one column, or the tuple of several.
        """
        rows = self.counted().order_by().values_list(*keys, "state", IS_EARLY, _is_late(today))
        found: dict[Any, dict[str, int]] = {}
        for row in rows.annotate(Count("pk"), Sum("required_count"), Sum("filled_count")):
            key = row[0] if len(keys) == 1 else row[: len(keys)]
            _put(found.setdefault(key, dict.fromkeys(NAMES, 0)), *row[len(keys) :])
        return {key: SheetSums(**figures) for key, figures in found.items()}


def _is_late(today: date) -> ExpressionWrapper:
    return ExpressionWrapper(Q(deadline__lt=today), output_field=BooleanField())


def _put(
    to: dict[str, int], state: str, early: bool | None, late: bool, count: int, *answers: int
) -> None:
    """Add sheets that have all this in common; `answers`: obligatory and answered ones."""
    required, filled = answers
    to["total"] += count
    to[state] += count
    to["required"] += required
    to["filled"] += filled
    if state == "approved" and early:
        to["in_time"] += count
    if state in OPEN and late:
        to["overdue"] += count


def _counts(today: date) -> dict[str, Any]:
    late = Q(state__in=OPEN, deadline__lt=today)
    return COUNTS | {"overdue": Count("pk", filter=late)}


def _sums(row: dict[str, Any]) -> SheetSums:
    return SheetSums(**{name: int(value or 0) for name, value in row.items()})
