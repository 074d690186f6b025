"""My day: one queue over all kinds of work, one row per client, the worst first (ux.md).

The reasons are rules of `clients.next_step`; later apps register theirs there and appear here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from heapq import nsmallest
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, ClientSnooze, ContactLog, ContactPerson, ContactPlanLine
from clients.next_step import Found, Moment, Reason, ReasonRule, find_reasons, rules
from clients.norms import start_of
from clients.plan_page import due_by, tone_of
from clients.querysets import ClientQuerySet
from clients.querysets.plan_totals import PlanSums, sums_by_manager
from crm.calendar import count_working_days, current, month_end, previous_working_day
from crm.money import percent, round_half_up

if TYPE_CHECKING:
    from crm.accounts.models import User

PAGE = 25
SHOWN = (
    *("name", "category", "phone", "last_contact_at"),
    *(f"manager__{name}" for name in ("last_name", "first_name", "middle_name", "username")),
)


class Callee(NamedTuple):
    """A person at a client."""

    full_name: str
    phone: str


@dataclass(frozen=True)
class QueueRow:
    """One client of the queue with why it is there; `absent` is the manager substituted."""

    client: Client
    reasons: list[Reason]
    person: Callee | None
    snoozed_until: date | None = None
    absent: User | None = None

    @property
    def phone(self) -> str:
        """Whom to ring up: the decision maker, else the client itself."""
        return (self.person.phone if self.person else "") or self.client.phone


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
    def code(self) -> str:
        """The day for an address."""
        return self.day.isoformat()

    @property
    def words(self) -> str:
        """The figures for those who listen."""
        return _("planned %(planned)s, done %(done)s") % {
            "planned": self.planned,
            "done": self.done,
        }


@dataclass(frozen=True)
class Progress:
    """Contacts of the month: plan, fact, credited, and where the month is heading."""

    month: date
    today: date
    sums: PlanSums
    days_gone: int
    days_total: int

    @property
    def forecast(self) -> int | None:
        """Credited contacts at the end of the month if the pace stays; None on its first day."""
        if not self.days_gone:
            return None
        pace = Decimal(self.sums.credited) * self.days_total / self.days_gone
        return min(int(round_half_up(pace, 0)), self.sums.planned)

    @property
    def forecast_percent(self) -> Decimal | None:
        """The forecast to the plan."""
        forecast = self.forecast
        return None if forecast is None else percent(forecast, self.sums.planned)

    @property
    def expected(self) -> int:
        """What the plan asks for by today, working days counted."""
        return due_by(self.sums, self.month, self.today)

    @property
    def tone(self) -> str:
        """How the fact stands against what is due by today."""
        return tone_of(self.sums, self.month, self.today)


@dataclass(frozen=True)
class MyDay:
    """Everything on the page."""

    person: User
    queue: Queue
    week: list[WeekDay]
    progress: Progress
    closed_on: date
    closed: int
    at: Moment
    clients: int = 0

    @property
    def closed_is_yesterday(self) -> bool:
        return self.closed_on == self.at.today - timedelta(days=1)


class Asked(NamedTuple):
    """Who looks at whose queue, and what of it is to be shown."""

    viewer: User
    person: User
    reason: str
    snoozed: bool
    show: int


def my_day(
    viewer: User, person: User, now: datetime, *, reason: str = "", snoozed: bool = False, show: int
) -> MyDay:
    """The day of a person, as far as the viewer sees the clients."""
    at = Moment.of(now)
    clients = Client.objects.visible_to(viewer).of(person).open()
    found = find_reasons(clients, at)
    closed_on = previous_working_day(at.today - timedelta(days=1))
    planned, done = _week_counts(clients, person, at, closed_on)
    return MyDay(
        person=person,
        queue=_queue(found, _snoozed(person, at), Asked(viewer, person, reason, snoozed, show)),
        week=_week(at.today, planned, done),
        progress=_progress(viewer, person, at.today),
        closed_on=closed_on,
        closed=done[closed_on],
        at=at,
        clients=len(found),
    )


def _snoozed(person: User, at: Moment) -> dict[int, date]:
    """Clients that the person has put off, with the day on which they come back."""
    put_off = ClientSnooze.objects.filter(user=person, until__gt=at.today, cancelled_at=None)
    rows = put_off.order_by().values_list("client_id").annotate(last=Max("until"))
    return dict(rows)


def _queue(found: list[Found], asleep: dict[int, date], asked: Asked) -> Queue:
    waiting = [one for one in found if one.reasons and one.client.pk not in asleep]
    resting = [one for one in found if one.client.pk in asleep]
    counts = Counter(reason.rule.code for one in waiting for reason in one.reasons)
    chosen = resting if asked.snoozed else waiting
    if asked.reason:
        chosen = [one for one in chosen if any(r.rule.code == asked.reason for r in one.reasons)]
    return Queue(
        rows=_rows(asked, nsmallest(asked.show, chosen, key=_order), asleep),
        total=len(chosen),
        counts=[Counted(rule, counts[rule.code]) for rule in rules() if counts[rule.code]],
        snoozed=len(resting),
        reason=asked.reason,
        asked_snoozed=asked.snoozed,
    )


def _order(one: Found) -> tuple[tuple[int, str, float], int]:
    worst = one.reasons[0].order if one.reasons else (1000, "", 0.0)
    return (worst, one.client.pk)


def _rows(asked: Asked, chosen: list[Found], asleep: dict[int, date]) -> list[QueueRow]:
    """The shown clients with the person to ring up: two queries."""
    keys = [one.client.pk for one in chosen]
    shown = Client.objects.visible_to(asked.viewer).select_related("manager").only(*SHOWN)
    clients = shown.in_bulk(keys)
    callees: dict[int, Callee] = {}
    people = ContactPerson.objects.visible_to(asked.viewer).open().filter(client__in=keys)
    for client_id, *callee in people.values_list("client_id", "full_name", "phone"):
        callees.setdefault(client_id, Callee(*callee))
    return [
        QueueRow(
            client,
            one.reasons,
            callees.get(client.pk),
            asleep.get(client.pk),
            None if client.manager_id == asked.person.pk else client.manager,
        )
        for one in chosen
        if (client := clients.get(one.client.pk))
    ]


def _week_counts(
    clients: ClientQuerySet, person: User, at: Moment, closed_on: date
) -> tuple[Counter[date], Counter[date]]:
    """Contacts by day: planned with the clients, done by the person since the last working day."""
    monday = at.today - timedelta(days=at.today.weekday())
    contacts = ContactLog.objects.on_days(min(monday, closed_on), monday + timedelta(days=6))
    # Whoever has nothing before the next week has nothing in this one: few are looked up.
    soon = clients.filter(next_contact_at__lt=start_of(monday + timedelta(days=7)))
    theirs = contacts.planned().filter(client__in=soon.order_by().values("pk"))
    counts: dict[str, Counter[date]] = {"planned": Counter(), "done": Counter()}
    for state, day, count in _by_day(theirs).union(
        _by_day(contacts.done().filter(manager=person)), all=True
    ):
        counts[state][day] = count
    return counts["planned"], counts["done"]


def _by_day(contacts: QuerySet[ContactLog]) -> QuerySet[Any, Any]:
    day = TruncDate("at", tzinfo=timezone.get_default_timezone())
    return contacts.order_by().values_list("state", day).annotate(n=Count("pk"))


def _week(today: date, planned: Counter[date], done: Counter[date]) -> list[WeekDay]:
    monday = today - timedelta(days=today.weekday())
    calendar = current()
    days = [monday + timedelta(days=offset) for offset in range(7)]
    return [
        WeekDay(day, planned[day], done[day], calendar.is_working(day), day == today)
        for day in days
    ]


def _progress(viewer: User, person: User, today: date) -> Progress:
    """The month's plan of the person; working days up to yesterday have gone."""
    first = today.replace(day=1)
    lines = ContactPlanLine.objects.visible_to(viewer).filter(manager=person)
    sums = sums_by_manager(lines, first).get(person.pk, PlanSums())
    gone = count_working_days(first, today - timedelta(days=1)) if today > first else 0
    total = count_working_days(first, month_end(today.year, today.month))
    return Progress(first, today, sums, gone, total)
