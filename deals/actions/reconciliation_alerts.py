"""Deadlines of reconciliations told in time, and those gone by told upwards (C.6, L260).

A digest for each person, kind and last day, not a bell for each act: on 31 December a manager has
all clients at once. What a digest told stands in it as `told`, so an act that came later is told
as well, and none is told twice for one (act, kind, day and step).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from clients.heads import chains_of_units
from crm.accounts.models import Role, User
from crm.calendar import current, previous_working_day
from crm.notices.actions import notify, notify_many
from crm.notices.models import Notice, NoticeChannel
from crm.shell.nav import address
from crm.work.registry import setting
from deals.actions.reconciliation_schedules import Half
from deals.models import ReconciliationItem, ReconciliationSchedule, ScheduleState
from deals.policy.reconciliations import steps_of

NAMED = 3
LAST_DAYS = {"send": "send_by", "sign": "sign_by"}
LATE = "late"
PAGES = {
    "reconciliation.to_send": "step=send&sort=send_by",
    "reconciliation.to_sign": "step=open&sort=sign_by",
    "reconciliation.late_to_send": "step=late&sort=send_by",
    "reconciliation.late_to_sign": "step=late&sort=sign_by",
}


@dataclass(frozen=True)
class Line:
    """An act in a digest of a person; `day` is its last day for what the kind says."""

    person: int
    kind: str
    day: date
    step: str
    item: ReconciliationItem

    @property
    def digest(self) -> tuple[int, str, str, str]:
        """What stands in one notice: late ones of all days together."""
        return self.person, self.kind, "" if self.step == LATE else str(self.day), self.step

    @property
    def mark(self) -> str:
        """What is told once to the person."""
        return f"{self.kind}:{self.item.pk}:{self.day}:{self.step}"


@transaction.atomic
def alert_deadlines(*, today: date) -> int:
    """Tell managers what is to be sent and signed soon, heads what is late; how many were told.

    Twice a day tells nobody anew; after an outage each act is told at the step of the day alone.
    """
    chains = chains_of_units()
    lines = [*_soon(today, chains), *_late(today, chains)]
    known = _known({line.person for line in lines})
    digests: dict[tuple[int, str, str, str], list[Line]] = defaultdict(list)
    for line in lines:
        if line.mark not in known[line.person]:
            digests[line.digest].append(line)
    told = sum(_tell(theirs) for _key, theirs in sorted(digests.items()))
    return told + remind_of_drafts(today)


def _soon(today: date, chains: dict[int, list[int]]) -> Iterator[Line]:
    """Each act at the nearest step that it has reached; to the head where nobody answers."""
    for step, after, last in windows(today):
        for what, day in LAST_DAYS.items():
            for item in _waiting(what).filter(**{f"{day}__gt": after, f"{day}__lte": last}):
                manager = item.client.manager
                works = manager is not None and manager.is_active
                people = [item.client.manager_id] if works else _heads(item, chains)[:1]
                for person in people:
                    due = getattr(item, day)
                    yield Line(person, f"reconciliation.to_{what}", due, str(step), item)


def windows(today: date) -> list[tuple[int, date, date]]:
    """Each step in working days with the last days that are its own: after one, up to another."""
    steps = sorted(steps_of(setting("reconciliation.alerts")))
    ends = [current().add(today, step) for step in steps]
    return list(zip(steps, [today - timedelta(days=1), *ends[:-1]], ends, strict=True))


def _late(today: date, chains: dict[int, list[int]]) -> Iterator[Line]:
    """The first head at once, the one above when the days of the setting are over."""
    handed_up = current().add(today, -setting("reconciliation.late_days"))
    for what, day in LAST_DAYS.items():
        for item in _waiting(what).filter(**{f"{day}__lt": today}):
            due = getattr(item, day)
            for head in _heads(item, chains)[: 2 if due < handed_up else 1]:
                yield Line(head, f"reconciliation.late_to_{what}", due, LATE, item)


def _heads(item: ReconciliationItem, chains: dict[int, list[int]]) -> list[int]:
    """The heads above the client from the nearest up, without whoever answers for it already."""
    heads = chains.get(item.client.org_unit_id or 0, [])
    return [head for head in heads if head != item.client.manager_id]


def _waiting(what: str) -> Any:
    items = ReconciliationItem.objects
    rows = items.to_send() if what == "send" else items.open()
    return rows.select_related("client__manager").order_by(LAST_DAYS[what], "client__name", "pk")


def _known(people: Iterable[int]) -> dict[int, set[str]]:
    """What each person has been told."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Notice.objects.filter(
        user__in=list(people), channel=NoticeChannel.UI, dedupe_key__startswith="reconciliation."
    )
    for person, params in rows.filter(kind__in=PAGES).values_list("user", "params"):
        found[person].update(params["told"])
    return found


def _tell(lines: list[Line]) -> int:
    first = lines[0]
    names = ", ".join(line.item.client.name for line in lines[:NAMED])
    page = address("deals:reconciliation_list")
    new = notify(
        first.person,
        kind=first.kind,
        params={
            "count": len(lines),
            "day": f"{first.day:%d.%m.%Y}",
            "which": names if len(lines) <= NAMED else f"{names}, …",
            "told": [line.mark for line in lines],
        },
        url=f"{page}?{PAGES[first.kind]}" if page else "",
        dedupe_key=first.mark,
    )
    return min(1, new)


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
