"""Deadlines of reconciliations told in time, and those gone by told upwards (C.6, L260).

A digest for each person, kind and last day, not a bell for each act: on 31 December a manager has
all clients at once. What a digest told stands in it as `told`, so an act that came later is told
as well, and none is told twice for one (act, kind, day and step).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from itertools import starmap
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from clients.heads import chains_of_units
from crm.accounts.models import Role, User
from crm.calendar import current, previous_working_day
from crm.notices.actions import Told, notify_each, notify_many
from crm.notices.models import Notice, NoticeChannel
from crm.shell.nav import address
from crm.work.registry import setting
from deals.actions.reconciliation_schedules import Half
from deals.models import ReconciliationItem, ReconciliationSchedule, ScheduleState
from deals.policy.reconciliations import steps_of

NAMED = 3
LAST_DAYS = {"send": "send_by", "sign": "sign_by"}
LATE = "late"
Mark = tuple[str, int, str, str]  # kind, item, last day, step
PAGES = {
    "reconciliation.to_send": "step=send&sort=send_by",
    "reconciliation.to_sign": "step=open&sort=sign_by",
    "reconciliation.late_to_send": "step=late&sort=send_by",
    "reconciliation.late_to_sign": "step=late&sort=sign_by",
}


class Item(NamedTuple):
    """What a digest says of a reconciliation, and whom; `due` is the last day asked about."""

    pk: int
    client: str
    manager_id: int | None
    manager_works: bool | None
    unit_id: int | None
    due: date


class Line(NamedTuple):
    """An act in a digest of a person; `day` is its last day for what the kind says."""

    person: int
    kind: str
    step: str
    item: Item

    @property
    def digest(self) -> tuple[int, str, str, str]:
        """What stands in one notice: late ones of all days together."""
        return self.person, self.kind, "" if self.step == LATE else str(self.item.due), self.step

    @property
    def mark(self) -> Mark:
        """What is told once to the person."""
        return self.kind, self.item.pk, str(self.item.due), self.step


@transaction.atomic
def alert_deadlines(*, today: date) -> int:
    """Tell managers what is to be sent and signed soon, heads what is late; how many were told.

    Twice a day tells nobody anew; after an outage each act is told at the step of the day alone.
    """
    chains = chains_of_units()
    lines = [*_soon(today, chains), *_late(today, chains)]
    known = _known(lines)
    digests: dict[tuple[int, str, str, str], list[Line]] = defaultdict(list)
    for line in lines:
        if line.mark not in known[line.person]:
            digests[line.digest].append(line)
    told = notify_each([_told(theirs) for _key, theirs in sorted(digests.items())])
    return told + remind_of_drafts(today)


def _soon(today: date, chains: dict[int, list[int]]) -> Iterator[Line]:
    """Each act at the nearest step that it has reached; to the head where nobody answers."""
    for step, after, last in windows(today):
        for what, day in LAST_DAYS.items():
            for item in _waiting(what, **{f"{day}__gt": after, f"{day}__lte": last}):
                people = [item.manager_id] if item.manager_works else _heads(item, chains)[:1]
                for person in people:
                    assert person is not None
                    yield Line(person, f"reconciliation.to_{what}", str(step), item)


def windows(today: date) -> list[tuple[int, date, date]]:
    """Each step in working days with the last days that are its own: after one, up to another."""
    steps = sorted(steps_of(setting("reconciliation.alerts")))
    ends = [current().add(today, step) for step in steps]
    return list(zip(steps, [today - timedelta(days=1), *ends[:-1]], ends, strict=True))


def _late(today: date, chains: dict[int, list[int]]) -> Iterator[Line]:
    """The first head at once, the one above when the days of the setting are over."""
    handed_up = current().add(today, -setting("reconciliation.late_days"))
    for what, day in LAST_DAYS.items():
        for item in _waiting(what, **{f"{day}__lt": today}):
            for head in _heads(item, chains)[: 2 if item.due < handed_up else 1]:
                yield Line(head, f"reconciliation.late_to_{what}", LATE, item)


def _heads(item: Item, chains: dict[int, list[int]]) -> list[int]:
    """The heads above the client from the nearest up, without whoever answers for it already."""
    return [head for head in chains.get(item.unit_id or 0, []) if head != item.manager_id]


def _waiting(what: str, **within: date) -> Iterator[Item]:
    """Ordered by their last days; all clients may have the same one: nothing else is read."""
    items, day = ReconciliationItem.objects, LAST_DAYS[what]
    rows = (items.to_send() if what == "send" else items.open()).filter(**within)
    facts = ("client__manager", "client__manager__is_active", "client__org_unit", day)
    ordered = rows.order_by(day, "client__name", "pk")
    return starmap(Item, ordered.values_list("pk", "client__name", *facts))


def _known(lines: Collection[Line]) -> dict[int, set[Mark]]:
    """What each person has been told of these; older notices speak of none of them."""
    found: dict[int, set[Mark]] = defaultdict(set)
    if not lines:
        return found
    furthest = max(steps_of(setting("reconciliation.alerts")))
    since = current().add(min(line.item.due for line in lines), -furthest) - timedelta(days=1)
    rows = Notice.objects.filter(
        user__in={line.person for line in lines},
        channel=NoticeChannel.UI,
        kind__in=PAGES,
        created_at__gte=timezone.make_aware(datetime.combine(since, time())),
    )
    for person, kind, params in rows.values_list("user", "kind", "params").iterator():
        marks = found[person]
        for day, items in params["told"].items():
            marks.update((kind, item, day, params["step"]) for item in items)
    return found


def _told(lines: list[Line]) -> Told:
    """The digest of a person with what it told, by last days."""
    first, told = lines[0], defaultdict(list)
    for line in lines:
        told[str(line.item.due)].append(line.item.pk)
    names = ", ".join(line.item.client for line in lines[:NAMED])
    page = address("deals:reconciliation_list")
    params = {
        "count": len(lines),
        "day": f"{first.item.due:%d.%m.%Y}",
        "which": names if len(lines) <= NAMED else f"{names}, …",
        "step": first.step,
        "told": told,
    }
    url = f"{page}?{PAGES[first.kind]}" if page else ""
    return Told(first.person, first.kind, params, url, ":".join(map(str, first.mark)))


def remind_of_drafts(today: date) -> int:
    """Schedules that should be approved by now, to the head once a week until they are (D.11)."""
    year, week, _weekday = today.isocalendar()
    told = 0
    drafts = ReconciliationSchedule.objects.filter(state=ScheduleState.DRAFT)
    for schedule in drafts.select_related("org_unit__head").order_by("pk"):
        by = Half(schedule.year, schedule.half).approve_by
        if previous_working_day(by) <= today <= schedule.last_day:
            new = notify_many(
                _deciders(schedule),
                kind="reconciliation.draft",
                params={
                    "department": schedule.org_unit.name,
                    "half": schedule.half,
                    "year": schedule.year,
                    "day": f"{by:%d.%m.%Y}",
                },
                url=address("deals:schedule_list"),
                dedupe_key=f"reconciliation.draft:{schedule.pk}:{year}-W{week:02d}",
            )
            told += min(1, new)
    return told


def _deciders(schedule: ReconciliationSchedule) -> list[User]:
    head = schedule.org_unit.head
    if head is not None and head.is_active:
        return [head]
    return list(User.objects.working().filter(role=Role.DIRECTOR))
