"""Claims to be answered told in time, late and unsettled ones told upwards (C.6).

A digest for each person, kind and day; what it told stands in it as `told`, so that a claim is
told to a person once for one kind and term, however often the clock runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from claims.models import Claim
from clients.heads import chains_of_units
from crm.calendar import current
from crm.notices.actions import notify
from crm.notices.models import Notice, NoticeChannel
from crm.shell.nav import address
from crm.work.registry import setting

NAMED = 3
PAGES = {
    "claim.soon": "step=decide&mine=true&sort=response_due",
    "claim.late": "step=late&sort=response_due",
    "claim.unsettled": "step=settle&sort=decided_on",
}


@dataclass(frozen=True)
class Line:
    """A claim in a digest of a person; `day` is the term that it is told for."""

    person: int
    kind: str
    day: date
    claim: Claim

    @property
    def mark(self) -> str:
        """What is told once to the person."""
        return f"{self.kind}:{self.claim.pk}:{self.day}"

    @property
    def digest(self) -> tuple[int, str, str]:
        """What stands in one notice: late and unsettled ones of all days together."""
        return self.person, self.kind, str(self.day) if self.kind == "claim.soon" else ""


@transaction.atomic
def alert_claims(*, today: date) -> int:
    """Tell people what is due soon, heads what is late or unsettled; how many notices were new."""
    chains = chains_of_units()
    lines = [*_soon(today, chains), *_late(today, chains), *_unsettled(today, chains)]
    known = _known({line.person for line in lines})
    digests: dict[tuple[int, str, str], list[Line]] = defaultdict(list)
    for line in lines:
        if line.mark not in known[line.person]:
            digests[line.digest].append(line)
    return sum(_tell(theirs) for _key, theirs in sorted(digests.items()))


def _soon(today: date, chains: dict[int, list[int]]) -> Iterator[Line]:
    """Whoever looks into it, else the manager, else the nearest head."""
    last = current().add(today, setting("claim.soon_days"))
    for claim in _rows(Claim.objects.open().filter(response_due__range=(today, last))):
        for person in _workers(claim, chains):
            yield Line(person, "claim.soon", claim.response_due, claim)


def _late(today: date, chains: dict[int, list[int]]) -> Iterator[Line]:
    """The first head at once, the one above when the days of the setting are over."""
    higher = current().add(today, -setting("claim.head_days"))
    for claim in _rows(Claim.objects.late(today)):
        heads = _heads(claim, chains)[: 2 if claim.response_due < higher else 1]
        for person in {*_workers(claim, chains), *heads}:
            yield Line(person, "claim.late", claim.response_due, claim)


def _unsettled(today: date, chains: dict[int, list[int]]) -> Iterator[Line]:
    """Decided longer ago than the setting says, and the client has not got it or not been told."""
    before = current().add(today, -setting("claim.settle_days"))
    for claim in _rows(Claim.objects.to_settle().filter(decided_on__lt=before)):
        for person in {*_workers(claim, chains), *_heads(claim, chains)[:1]}:
            yield Line(person, "claim.unsettled", claim.decided_on, claim)


def _rows(rows: Any) -> Any:
    related = ("client__manager", "assigned_to")
    return rows.select_related(*related).order_by("response_due", "pk")


def _workers(claim: Claim, chains: dict[int, list[int]]) -> list[int]:
    for person in (claim.assigned_to, claim.client.manager):
        if person is not None and person.is_active:
            return [person.pk]
    return _heads(claim, chains)[:1]


def _heads(claim: Claim, chains: dict[int, list[int]]) -> list[int]:
    heads = chains.get(claim.client.org_unit_id or 0, [])
    return [head for head in heads if head != claim.client.manager_id]


def _known(people: set[int]) -> dict[int, set[str]]:
    """What each person has been told."""
    since = Q(user__in=people, channel=NoticeChannel.UI, dedupe_key__startswith="claim.")
    found: dict[int, set[str]] = defaultdict(set)
    rows = Notice.objects.filter(since, kind__in=PAGES)
    for person, params in rows.values_list("user", "params"):
        found[person].update(params["told"])
    return found


def _tell(lines: list[Line]) -> int:
    first = lines[0]
    names = ", ".join(f"{line.claim.number} {line.claim.client.name}" for line in lines[:NAMED])
    page = address("claims:list")
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
