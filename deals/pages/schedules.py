"""What the pages of schedules show; every number is a link to the register that makes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.filters.clients import NONE
from clients.models import ClientCategory
from crm import calendar
from crm.accounts.models import OrgUnit, OrgUnitKind, User
from crm.money import percent
from deals import permissions
from deals.actions.reconciliation_schedules import Half
from deals.models import ReconciliationItem, ReconciliationSchedule, ScheduleState
from deals.querysets.reconciliations import is_late

SENT = Q(sent_on__isnull=False)
SENT_IN_TIME = Q(sent_on__lte=F("send_by"))
SIGNED_IN_TIME = Q(signed_on__lte=F("sign_by"))


@dataclass(frozen=True)
class Figure:
    """A number and the register that makes it."""

    count: int
    url: str
    month: date | None = None


@dataclass(frozen=True)
class Done:
    """How many of how many are done by a day."""

    done: int
    of: int
    url: str
    is_late: bool


@dataclass
class Day:
    """What is to be sent and to come back signed by one day."""

    day: date
    send: Done | None = None
    sign: Done | None = None


@dataclass(frozen=True)
class ManagerLine:
    """Plan and fact of one manager."""

    manager: User | None
    planned: Figure
    sent: Figure
    signed: Figure
    late: Figure
    percent: Any  # of what was to be signed by today; None before the first day


@dataclass(frozen=True)
class CategoryLine:
    """How many reconciliations of a category each month has."""

    category: str
    months: list[Figure]
    total: Figure


class SchedulePage:
    """One visible schedule for one person: of the clients that the person sees."""

    def __init__(self, schedule: ReconciliationSchedule, user: User, today: date) -> None:
        self.schedule, self.user, self.today = schedule, user, today
        self.half = Half(schedule.year, schedule.half)

    @property
    def items(self) -> Any:
        """Visible items, cancelled ones left out."""
        rows = ReconciliationItem.objects.in_sums_of(self.user)
        return rows.filter(schedule=self.schedule).standing().order_by()

    @property
    def is_draft(self) -> bool:
        return self.schedule.state == ScheduleState.DRAFT

    @property
    def is_overdue(self) -> bool:
        """Still a draft after the day by which it is approved in time."""
        return self.is_draft and self.half.approve_by < self.today

    @property
    def may_approve(self) -> bool:
        return permissions.can_approve_schedule(self.user, self.schedule)

    @property
    def may_reopen(self) -> bool:
        return permissions.can_reopen_schedule(self.user, self.schedule)

    @property
    def may_add(self) -> bool:
        return permissions.can_add_item(self.user, self.schedule)

    @property
    def may_change(self) -> bool:
        """Move and cancel its items."""
        return permissions.approves_reconciliations(self.user, self.schedule.org_unit_id)

    @cached_property
    def months(self) -> list[date]:
        """First days of the six months."""
        first = self.half.first.month
        return [date(self.half.year, month, 1) for month in range(first, first + 6)]

    @cached_property
    def categories(self) -> list[CategoryLine]:
        """Categories of today by month; the last line is the sum."""
        counted: dict[tuple[str, date], int] = defaultdict(int)
        rows = self.items.annotate(month=TruncMonth("as_of"))
        for row in rows.values("client__category", "month").annotate(n=Count("pk")):
            counted[row["client__category"] or NONE, row["month"]] += row["n"]
        known = [*ClientCategory.values, NONE]
        lines = [self._category(name, [counted[name, month] for month in self.months])
                 for name in known]  # fmt: skip
        sums = [sum(counted[name, month] for name in known) for month in self.months]
        return [*(line for line in lines if line.total.count), self._category("", sums)]

    def _category(self, name: str, counts: list[int]) -> CategoryLine:
        narrowed = {"category": name} if name else {}
        figures = [
            Figure(count, self._url(as_of_from=month, as_of_to=_end(month), **narrowed), month)
            for month, count in zip(self.months, counts, strict=True)
        ]
        return CategoryLine(name, figures, self._figure(sum(counts), **narrowed))

    @cached_property
    def managers(self) -> list[ManagerLine]:
        """Everybody who answers for items, by name; without a manager last."""
        rows = self.items.with_answerer().values("answerer").annotate(
            planned=Count("pk"),
            sent=Count("pk", filter=SENT_IN_TIME),
            signed=Count("pk", filter=SIGNED_IN_TIME),
            due=Count("pk", filter=Q(sign_by__lte=self.today)),
            late=Count("pk", filter=is_late(self.today)),
        )  # fmt: skip
        found = list(rows)
        people = User.objects.in_bulk([row["answerer"] for row in found if row["answerer"]])
        lines = [self._manager(people.get(row["answerer"]), row) for row in found]
        return sorted(lines, key=lambda line: (line.manager is None, _name(line.manager)))

    def _manager(self, manager: User | None, row: dict[str, int]) -> ManagerLine:
        whose = {"manager": manager.pk if manager else NONE}
        late = 0 if self.is_draft else row["late"]
        return ManagerLine(
            manager,
            self._figure(row["planned"], **whose),
            self._figure(row["sent"], in_time="sent", **whose),
            self._figure(row["signed"], in_time="signed", **whose),
            self._figure(late, step="late", **whose),
            percent(row["signed"], row["due"]) if row["due"] and not self.is_draft else None,
        )

    @cached_property
    def calendar(self) -> list[tuple[date, list[Day]]]:
        """Months with the days on which something is to be sent or to come back."""
        return half_calendar(self.items, self._url, None if self.is_draft else self.today)

    def _figure(self, count: int, **narrowed: Any) -> Figure:
        return Figure(count, self._url(**narrowed))

    def _url(self, **narrowed: Any) -> str:
        query = {"schedule": self.schedule.pk, "step": "standing"} | narrowed
        return f"{reverse('deals:reconciliation_list')}?{urlencode(query)}"


def _end(month: date) -> date:
    return calendar.month_end(month.year, month.month)


def _name(person: User | None) -> str:
    return person.sort_key if person else ""


def half_calendar(
    items: Any, url: Callable[..., str], today: date | None
) -> list[tuple[date, list[Day]]]:
    """Months with the days by which items are to be sent or to come back, how many are done.

    `url` opens the register of a day; late is what lies before today, nothing without it.
    """
    days: dict[date, Day] = {}
    for name, done in (("send", SENT), ("sign", Q(state="signed"))):
        by = f"{name}_by"
        counts = {"n": Count("pk"), "done": Count("pk", filter=done)}
        for row in items.order_by().values(by).annotate(**counts):
            day, left = row[by], row["n"] - row["done"]
            late = left > 0 and today is not None and day < today
            found = Done(
                row["done"], row["n"], url(**{f"{name}_from": day, f"{name}_to": day}), late
            )
            setattr(days.setdefault(day, Day(day)), name, found)
    months: dict[date, list[Day]] = defaultdict(list)
    for day in sorted(days):
        months[day.replace(day=1)].append(days[day])
    return list(months.items())


@dataclass
class ScheduleLine:
    """One schedule with its visible reconciliations."""

    schedule: ReconciliationSchedule
    planned: int = 0
    signed: int = 0
    late: int = 0

    @property
    def percent(self) -> Any:
        """Signed of planned; None where nothing is planned."""
        return percent(self.signed, self.planned) if self.planned else None


@dataclass
class HalfLines:
    """The schedules of a half-year."""

    half: Half
    lines: list[ScheduleLine] = field(default_factory=list)
    may_draw_up: bool = False

    @property
    def name(self) -> str:
        words = {"half": self.half.half, "year": self.half.year}
        return _("Half-year %(half)s of %(year)s") % words


class ScheduleList:
    """Schedules of a year, and of the next half-year at its end."""

    def __init__(self, user: User, today: date, year: int | None) -> None:
        self.user, self.today = user, today
        self.running = Half.of(today)
        self.year = year if year in self.years else today.year

    @cached_property
    def visible(self) -> Any:
        return ReconciliationSchedule.objects.visible_to(self.user)

    @cached_property
    def years(self) -> list[int]:
        """Years that have schedules, and this one."""
        found = self.visible.order_by().values_list("year", flat=True).distinct()
        return sorted({*found, self.today.year}, reverse=True)

    @cached_property
    def halves(self) -> list[HalfLines]:
        """The newest first; this and the next one also where nothing was drawn up."""
        shown = {Half(self.year, 1), Half(self.year, 2)}
        if self.year == self.today.year:
            shown |= {self.running, self.running.following}
        lines: dict[Half, list[ScheduleLine]] = defaultdict(list)
        years = {half.year for half in shown}
        rows = self.visible.filter(year__in=years).select_related("org_unit", "approved_by")
        schedules = [row for row in rows if Half(row.year, row.half) in shown]
        for line in self._counted(schedules):
            lines[Half(line.schedule.year, line.schedule.half)].append(line)
        made = [HalfLines(half, lines[half], self._lacks(half, lines[half])) for half in shown]
        kept = [one for one in made if one.lines or one.may_draw_up or self._is_near(one.half)]
        return sorted(kept, key=lambda one: one.half.first, reverse=True)

    def _counted(self, schedules: list[ReconciliationSchedule]) -> list[ScheduleLine]:
        lines = {schedule.pk: ScheduleLine(schedule) for schedule in schedules}
        rows = ReconciliationItem.objects.in_sums_of(self.user).standing()
        counts = (
            rows.filter(schedule__in=list(lines))
            .order_by()
            .values("schedule")
            .annotate(
                planned=Count("pk"),
                signed=Count("pk", filter=Q(state="signed")),
                late=Count("pk", filter=is_late(self.today)),
            )
        )
        for row in counts:
            line = lines[row["schedule"]]
            line.planned, line.signed = row["planned"], row["signed"]
            line.late = 0 if line.schedule.state == ScheduleState.DRAFT else row["late"]
        return sorted(lines.values(), key=lambda line: line.schedule.org_unit.sort_key)

    def _is_near(self, half: Half) -> bool:
        return half in {self.running, self.running.following}

    def _lacks(self, half: Half, lines: list[ScheduleLine]) -> bool:
        """A department of the person has no schedule of this or the next half-year yet."""
        if not self._is_near(half):
            return False
        there = {line.schedule.org_unit_id for line in lines}
        return bool(self._departments - there)

    @cached_property
    def _departments(self) -> set[int]:
        if not permissions.can_draw_up_schedule(self.user):
            return set()
        rows = OrgUnit.objects.open().filter(kind=OrgUnitKind.DEPARTMENT)
        return {
            pk
            for pk in rows.values_list("pk", flat=True)
            if permissions.approves_reconciliations(self.user, pk)
        }
