"""What the page of a meeting shows to one person."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from crm.accounts.models import User
from crm.assignments.tables import state_chip as work_chip
from crm.meetings import agenda, permissions, tables
from crm.meetings.models import ActionItem, AgendaPoint, Meeting, Participant


@dataclass(frozen=True)
class Decided:
    """A decision and, once the minutes are signed, what became of it."""

    decision: ActionItem

    @property
    def state(self) -> str:
        work = self.decision.work
        return work_chip(work) if work else ""


@dataclass(frozen=True)
class Point:
    """A point with its decisions; facts only for those who may read them."""

    point: AgendaPoint
    number: int
    source: str
    facts: str
    decisions: list[Decided]
    is_first: bool
    is_last: bool


class MeetingPage:
    """One meeting for one person."""

    def __init__(self, meeting: Meeting, user: User, now: datetime) -> None:
        self.meeting, self.user, self.now = meeting, user, now

    @property
    def state(self) -> str:
        return tables.state_chip(self.meeting)

    @property
    def may_prepare(self) -> bool:
        return permissions.can_prepare(self.user, self.meeting)

    @property
    def may_sign(self) -> bool:
        return permissions.can_sign(self.user, self.meeting)

    @property
    def may_see_history(self) -> bool:
        return permissions.leads(self.user, self.meeting)

    @property
    def is_held(self) -> bool:
        """Its time has come."""
        return self.meeting.held_at <= self.now

    @cached_property
    def people(self) -> list[Participant]:
        """Who was invited."""
        return list(self.meeting.participants.select_related("person"))

    @cached_property
    def points(self) -> list[Point]:
        """The agenda in its order."""
        decided: dict[int, list[Decided]] = defaultdict(list)
        for one in self.meeting.decisions.select_related("executor", "work"):
            decided[one.point_id].append(Decided(one))
        rows = list(self.meeting.points.all())
        return [
            self._point(row, number, decided[row.pk], len(rows))
            for number, row in enumerate(rows, start=1)
        ]

    def _point(self, row: AgendaPoint, number: int, decided: list[Decided], count: int) -> Point:
        source = agenda.get(row.source)
        seen = agenda.shows_facts(self.user, row.source)
        return Point(
            row,
            number,
            str(source.label) if source else "",
            row.facts if seen else "",
            decided,
            number == 1,
            number == count,
        )
