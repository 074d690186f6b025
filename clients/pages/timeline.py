"""The timeline of a client: planned above, done below, paged by the moment (CL-10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Q, prefetch_related_objects
from django.http import QueryDict
from django.utils.translation import gettext as _

from clients import dictionaries
from clients.forms.contacts import kind_choices
from clients.models import Client, ContactDirection, ContactKind, ContactLog, ContactState
from crm.lists.state import NOT_KNOWN, Problem

if TYPE_CHECKING:
    from crm.accounts.models import User

PAGE = 20
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class TimelineFilter:
    """What the address narrows the timeline to."""

    kind: str = ""
    result: int | None = None
    mine: bool = False
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, params: QueryDict) -> TimelineFilter:
        """Known values only; of others it is said that they narrow nothing."""
        results = {str(word.pk) for word in dictionaries.results()}
        known = {
            "kind": (_("How"), dict(kind_choices())),
            "result": (_("Result"), results),
            "mine": (_("Only mine"), {"1"}),
        }
        said = {name: params.get(name, "").strip() for name in known}
        wrong = [
            name for name, (_label, of) in known.items() if said[name] and said[name] not in of
        ]
        right = {name: "" if name in wrong else text for name, text in said.items()}
        return cls(
            kind=right["kind"],
            result=int(right["result"]) if right["result"] else None,
            mine=bool(right["mine"]),
            problems=tuple(Problem(name, f"{known[name][0]}: {NOT_KNOWN}") for name in wrong),
        )

    @property
    def condition(self) -> Q:
        condition = Q()
        if self.kind in {"call_in", "call_out"}:
            way = ContactDirection.IN if self.kind == "call_in" else ContactDirection.OUT
            condition &= Q(kind=ContactKind.CALL, direction=way)
        elif self.kind:
            condition &= Q(kind=self.kind)
        if self.result is not None:
            condition &= Q(result=self.result)
        return condition

    @property
    def query(self) -> str:
        pairs = {"kind": self.kind, "result": self.result, "mine": "1" if self.mine else ""}
        return urlencode({key: value for key, value in pairs.items() if value})

    def __bool__(self) -> bool:
        return bool(self.kind or self.result or self.mine)


@dataclass(frozen=True)
class TimelinePage:
    """One page of what is past, and the address part of the next one."""

    rows: list[ContactLog]
    following: str


def planned_contacts(client: Client) -> list[ContactLog]:
    """Contacts ahead, the nearest first."""
    rows = ContactLog.objects.filter(client=client).planned().for_timeline()
    return with_rare_links(list(rows.order_by("planned_at", "pk")))


def past_contacts(client: Client, user: User, narrowed: TimelineFilter, after: str) -> TimelinePage:
    """Past contacts after the cursor, the latest first; a wrong cursor means the beginning."""
    rows = ContactLog.objects.filter(client=client).past().filter(narrowed.condition)
    if narrowed.mine:
        rows = rows.filter(manager=user)
    place = read_cursor(after)
    if place is not None:
        moment, pk = place
        rows = rows.filter(Q(at__lt=moment) | Q(at=moment, pk__lt=pk))
    found = list(rows.for_timeline().order_by("-at", "-pk")[: PAGE + 1])
    more = cursor_of(found[PAGE - 1]) if len(found) > PAGE else ""
    return TimelinePage(with_rare_links(found[:PAGE]), more)


def with_rare_links(contacts: list[ContactLog]) -> list[ContactLog]:
    """Reads what few items show, where one of these does: three joins less in every query."""
    shown_by = {
        "on_behalf_of": contacts,
        "scheme_step": [c for c in contacts if c.state == ContactState.PLANNED],
        "successor": [c for c in contacts if c.state == ContactState.RESCHEDULED],
    }
    for link, rows in shown_by.items():
        if linked := [row for row in rows if getattr(row, f"{link}_id")]:
            prefetch_related_objects(linked, link)
    return contacts


def cursor_of(contact: ContactLog) -> str:
    """The place after the contact: microseconds since 1970 and the key."""
    moment = contact.done_at or contact.planned_at
    assert moment is not None
    return f"{int(moment.timestamp()) * 1_000_000 + moment.microsecond}-{contact.pk}"


def read_cursor(text: str) -> tuple[datetime, int] | None:
    """The place that the address names, None for anything else."""
    moment, _dash, pk = text.partition("-")
    if not (moment.isascii() and moment.isdigit() and pk.isascii() and pk.isdigit()):
        return None
    if len(moment) > 16 or len(pk) > 18:
        return None
    seconds, micro = divmod(int(moment), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro), int(pk)
