"""What pages of control show to one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, Q, QuerySet

from crm.accounts.models import User
from crm.library.screens import address_of
from reports.lists.control import result_chip, state_chip
from reports.models import ControlPoint, SpotCheck, SpotCheckItem
from reports.permissions import control as permissions
from reports.sampling import sources
from reports.sampling.drawing import ALGORITHM, draw, frame_digest


@dataclass(frozen=True)
class Row:
    """A row of the sample with what was found."""

    item: SpotCheckItem
    chip: str


class CheckPage:
    """One check for one person."""

    def __init__(self, check: SpotCheck, user: User) -> None:
        self.check, self.user = check, user

    @property
    def state(self) -> str:
        return state_chip(self.check)

    @property
    def may_start(self) -> bool:
        return permissions.can_start(self.user, self.check)

    @property
    def may_mark(self) -> bool:
        return permissions.can_mark(self.user, self.check)

    @cached_property
    def rows(self) -> list[Row]:
        """The sample in the order in which it was drawn."""
        items = self.check.items.select_related("person", "violation__work")
        return [Row(one, result_chip(one.result, one.get_result_display())) for one in items]

    @property
    def left(self) -> int:
        """Rows that are not marked yet."""
        return sum(not row.item.result for row in self.rows)

    @property
    def where(self) -> str:
        """The page where everybody can look."""
        name = self.check.point.url_name
        return address_of(name) if name else ""

    @property
    def source(self) -> str:
        found = sources.get(self.check.source)
        return str(found.label) if found else self.check.source


@dataclass(frozen=True)
class Redrawn:
    """The sample drawn again of what was recorded."""

    rows: list[int]
    recorded: list[int]
    digest: str
    is_same: bool
    algorithm: str = ALGORITHM


def redraw(check: SpotCheck) -> Redrawn:
    """By the recorded seed and frame: the same rows in the same order, or something was touched."""
    frame = check.frame or []
    rows, digest = draw(check.seed, frame, check.size), frame_digest(frame)
    recorded = list(check.items.order_by("position").values_list("object_id", flat=True))
    return Redrawn(rows, recorded, digest, rows == recorded and digest == check.frame_digest)


@dataclass(frozen=True)
class PointRow:
    """A control point with its checks of a month, and where to look."""

    point: ControlPoint
    url: str
    source: str


def points(user: User, first: date, last: date) -> QuerySet[ControlPoint]:
    """Points with how many checks the person sees: planned, begun and completed in the month."""
    seen = SpotCheck.objects.visible_to(user).filter(planned_on__range=(first, last))
    mine = Q(checks__in=seen.values("pk"))
    counted = {
        name: Count("checks", filter=mine & Q(checks__state=name), distinct=True)
        for name in ("planned", "in_progress", "completed")
    }
    return ControlPoint.objects.visible_to(user).select_related("process").annotate(**counted)


def point_rows(user: User, first: date, last: date) -> list[PointRow]:
    """The same with addresses and names of their rows."""
    rows = []
    for point in points(user, first, last):
        source = sources.get(point.source)
        url = address_of(point.url_name) if point.url_name else ""
        rows.append(PointRow(point, url, str(source.label) if source else ""))
    return rows
