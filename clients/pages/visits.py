"""What the pages of visits show: the merchandiser's day, one visit, the calendar of a month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.utils.dates import WEEKDAYS_ABBR

from clients import permissions
from clients.actions.visits import photos_of
from clients.forms.visits import title_of
from clients.lists.visits import plan_chip, state_chip
from clients.models import MerchandiserVisit, VisitPlan, VisitState
from crm.accounts.models import User
from crm.calendar import is_working_day, month_start
from crm.work.registry import setting

DAYS_AHEAD = 7


@dataclass(frozen=True)
class Day:
    """The merchandiser's visits of today, and how many come on the next days."""

    user: User
    today: date

    @cached_property
    def visits(self) -> list[MerchandiserVisit]:
        """Of today: the begun one first, then those to be made by address, the done ones last."""
        rows = MerchandiserVisit.objects.visible_to(self.user).on(self.today).for_list()
        ranked = rows.order_by("outlet__address", "outlet__client__sort_key", "pk")
        return sorted(ranked, key=lambda v: (not v.is_open, v.started_at is None))

    @property
    def done(self) -> int:
        return sum(visit.state == VisitState.DONE for visit in self.visits)

    @cached_property
    def coming(self) -> list[MerchandiserVisit]:
        """Of the next days, in their order."""
        last = self.today + timedelta(days=DAYS_AHEAD)
        rows = MerchandiserVisit.objects.visible_to(self.user).for_list()
        rows = rows.filter(state=VisitState.PLANNED, planned_on__gt=self.today)
        return list(rows.filter(planned_on__lte=last).order_by("planned_on", "outlet__address"))

    @cached_property
    def missed(self) -> int:
        """Of this month."""
        rows = MerchandiserVisit.objects.visible_to(self.user)
        since = month_start(self.today)
        found: int = rows.filter(state=VisitState.MISSED, planned_on__gte=since).count()
        return found


@dataclass(frozen=True)
class VisitPage:
    """One visit for one person."""

    visit: MerchandiserVisit
    user: User
    today: date

    @property
    def state(self) -> str:
        return state_chip(self.visit)

    @property
    def is_mine(self) -> bool:
        """The person makes it."""
        return permissions.can_make_visit(self.user, self.visit)

    @property
    def may_start(self) -> bool:
        return self.is_mine and not self.visit.started_at and self.visit.planned_on == self.today

    @property
    def may_note(self) -> bool:
        return self.is_mine and self.visit.started_at is not None

    @property
    def may_move(self) -> bool:
        begun = self.visit.started_at is not None
        return not begun and permissions.can_move_visit(self.user, self.visit)

    @property
    def may_cancel(self) -> bool:
        return permissions.can_cancel_visit(self.user, self.visit)

    @property
    def may_see_client(self) -> bool:
        """A merchandiser has no card of the client."""
        return not permissions.makes_visits(self.user)

    @property
    def may_add_photos(self) -> bool:
        return permissions.can_add_visit_photos(self.user, self.visit)

    @cached_property
    def photos(self) -> int:
        return photos_of(self.visit)

    @property
    def least_photos(self) -> int:
        least: int = setting("visits.least_photos")
        return least

    @property
    def points(self) -> list[tuple[str, bool | None]]:
        """What was looked at, with the marks."""
        return [(title_of(point), point["ok"]) for point in self.visit.checklist]

    @property
    def goods(self) -> list[tuple[str, bool | None]]:
        """What had to stand on the shelf."""
        return [(title_of(point), point["ok"]) for point in self.visit.goods]


@dataclass(frozen=True)
class PlanDay:
    """A day of the calendar with its visits by state."""

    day: date
    counts: dict[str, int]
    is_working: bool
    is_today: bool

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return self.counts.get(VisitState.DONE, 0)

    @property
    def missed(self) -> int:
        return self.counts.get(VisitState.MISSED, 0)


@dataclass(frozen=True)
class PlanLine:
    """One merchandiser in the month."""

    person: User
    total: int
    done: int
    missed: int
    outlets: int


@dataclass(frozen=True)
class PlanPage:
    """The calendar of one month for one person."""

    plan: VisitPlan
    user: User
    today: date

    @property
    def state(self) -> str:
        return plan_chip(self.plan)

    @property
    def may_agree(self) -> bool:
        return permissions.can_agree_visit_plan(self.user, self.plan)

    @property
    def may_add(self) -> bool:
        """Draw up anew what the norm wants by now."""
        return self.plan.state == "draft" and permissions.can_make_visit_plan(self.user)

    @property
    def weekdays(self) -> list[str]:
        """From Monday on."""
        return [str(WEEKDAYS_ABBR[number]) for number in range(7)]

    @property
    def last(self) -> date:
        return month_start(self.plan.month, 1) - timedelta(days=1)

    @property
    def _rows(self) -> Any:
        rows = MerchandiserVisit.objects.visible_to(self.user).exclude(state=VisitState.CANCELLED)
        return rows.filter(planned_on__gte=self.plan.month, planned_on__lte=self.last).order_by()

    @cached_property
    def weeks(self) -> list[list[PlanDay | None]]:
        """Weeks from Monday on; days of other months are empty."""
        found: dict[date, Counter[str]] = {}
        for day, state, count in self._rows.values_list("planned_on", "state").annotate(
            n=Count("pk")
        ):
            found.setdefault(day, Counter())[state] = count
        days: list[PlanDay | None] = [None] * self.plan.month.weekday()
        for number in range((self.last - self.plan.month).days + 1):
            day = self.plan.month + timedelta(days=number)
            counts = dict(found.get(day, {}))
            days.append(PlanDay(day, counts, is_working_day(day), day == self.today))
        days += [None] * (-len(days) % 7)
        return [days[start : start + 7] for start in range(0, len(days), 7)]

    @cached_property
    def lines(self) -> list[PlanLine]:
        """Merchandisers with what they have and have done."""
        counts: dict[int, Counter[str]] = {}
        for person, state, count in self._rows.values_list("merchandiser", "state").annotate(
            n=Count("pk")
        ):
            counts.setdefault(person, Counter())[state] = count
        outlets = dict(
            self._rows.values_list("merchandiser").annotate(n=Count("outlet", distinct=True))
        )
        people = User.objects.filter(pk__in=counts).order_by("sort_key", "pk")
        return [
            PlanLine(
                person,
                counts[person.pk].total(),
                counts[person.pk][VisitState.DONE],
                counts[person.pk][VisitState.MISSED],
                outlets[person.pk],
            )
            for person in people
        ]

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def done(self) -> int:
        return sum(line.done for line in self.lines)

    @property
    def missed(self) -> int:
        return sum(line.missed for line in self.lines)
