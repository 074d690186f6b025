"""My day: one queue over all kinds of work, one row per client, the worst first (ux.md).

The reasons are rules of `clients.contacting.next_step`; later apps register theirs there and appear
here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import EmptyResultSet
from django.utils.translation import gettext as _

from clients.contacting.next_step import Moment, Reason, ReasonRule, rules
from clients.contacting.plan_progress import Progress
from clients.models import ContactPlanLine
from clients.querysets.plan_totals import PlanSums, sums_of, sums_statement
from crm.accounts.models import User
from crm.accounts.scope import scope_of
from crm.calendar import current, previous_working_day
from crm.sql import Kept, Statement
from reports.queries.my_day_queue import Asked, Ranked, Row, ranked

PAGE = 25
_kept = Kept()


@dataclass(frozen=True)
class QueueRow:
    """One client of the queue with why it is there; `absent` is the manager substituted."""

    client: Row
    reasons: list[Reason]
    absent: str = ""

    @property
    def phone(self) -> str:
        """Whom to ring up: the decision maker, else the client itself."""
        return self.client.person_phone or self.client.phone


@dataclass(frozen=True)
class Counted:
    """How many clients a reason holds for."""

    rule: ReasonRule
    count: int


@dataclass(frozen=True)
class Queue:
    """The queue as it is shown."""

    rows: list[QueueRow]
    total: int
    counts: list[Counted]
    snoozed: int
    reason: str = ""
    asked_snoozed: bool = False

    @property
    def rest(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True)
class WeekDay:
    """A day of the strip: what was planned, what was done."""

    day: date
    planned: int
    done: int
    is_working: bool
    is_today: bool

    @property
    def words(self) -> str:
        """The figures for those who listen."""
        return _("planned %(planned)s, done %(done)s") % {
            "planned": self.planned,
            "done": self.done,
        }


@dataclass(frozen=True)
class MyDay:
    """What the page asks for itself; the month comes after it."""

    person: User
    queue: Queue
    week: list[WeekDay]
    closed_on: date
    closed: int
    at: Moment
    clients: int = 0

    @property
    def closed_is_yesterday(self) -> bool:
        return self.closed_on == self.at.today - timedelta(days=1)


def my_day(
    viewer: User, person: User, now: datetime, *, reason: str = "", snoozed: bool = False, show: int
) -> MyDay:
    """The day of a person, as far as the viewer sees the clients."""
    at = Moment.of(now)
    asked = Asked(viewer, person, reason, snoozed, show)
    monday = at.today - timedelta(days=at.today.weekday())
    closed_on = previous_working_day(at.today - timedelta(days=1))
    found = ranked(asked, at, min(monday, closed_on), monday)
    return MyDay(
        person=person,
        queue=_queue(found, asked),
        week=_week(at.today, found.planned, found.done),
        closed_on=closed_on,
        closed=found.done[closed_on],
        at=at,
        clients=found.clients,
    )


def _queue(found: Ranked, asked: Asked) -> Queue:
    counts = [(rule, found.counts.get(rule.code, 0)) for rule in rules()]
    managers = {row.manager_id: row for row, _reasons in found.rows}
    absent = {pk: _absent(row) for pk, row in managers.items() if pk != asked.person.pk}
    return Queue(
        rows=[
            QueueRow(row, reasons, absent.get(row.manager_id, "")) for row, reasons in found.rows
        ],
        total=found.total,
        counts=[Counted(rule, count) for rule, count in counts if count],
        snoozed=found.snoozed,
        reason=asked.reason,
        asked_snoozed=asked.snoozed,
    )


def _absent(row: Row) -> str:
    """The manager who is substituted."""
    names = ("last_name", "first_name", "middle_name", "username")
    return User(**{name: getattr(row, name) for name in names}).short_name


def _week(today: date, planned: Counter[date], done: Counter[date]) -> list[WeekDay]:
    monday = today - timedelta(days=today.weekday())
    calendar = current()
    days = [monday + timedelta(days=offset) for offset in range(7)]
    return [
        WeekDay(day, planned[day], done[day], calendar.is_working(day), day == today)
        for day in days
    ]


def progress_of(viewer: User, person: User, today: date) -> Progress:
    """The month's plan of the person, as far as the viewer sees it: one query."""
    first = today.replace(day=1)
    sums = _sums(viewer, person, first).get(person.pk, PlanSums())
    return Progress.of(first, today, sums)


def _sums(viewer: User, person: User, month: date) -> dict[int, PlanSums]:
    def build() -> Statement:
        lines = ContactPlanLine.objects.visible_to(viewer).filter(manager=person)
        return sums_statement(lines, month)

    scope = scope_of(viewer)
    try:
        return sums_of(_kept.get((scope.key, scope.limited_fields, person.pk, month), build))
    except EmptyResultSet:  # somebody who sees no client at all
        return {}
