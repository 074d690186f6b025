"""Facts that a reward or a reduction may refer to; apps add theirs with `register`.

    grounds.register(Source("violation", _("Violation"), find=lambda sheet: …))

`find(sheet)` yields facts of the employee in the month of the sheet. A decision keeps the title and
the address as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from crm.declaring import declare

if TYPE_CHECKING:
    from reports.models import IncentiveSheet

Text = str | Promise


@dataclass(frozen=True)
class Ground:
    """One fact; `key` is unique among all facts of the sheet."""

    kind: str
    pk: int
    title: str
    url: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.pk}"


@dataclass(frozen=True)
class Source:
    """A kind of facts, which all bear it."""

    kind: str
    label: Text
    find: Callable[[IncentiveSheet], Iterable[Ground]]


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Let decisions refer to such facts."""
    declare(_sources, source.kind, source)


def grounds_of(sheet: IncentiveSheet) -> list[tuple[Source, list[Ground]]]:
    """Facts by kind; kinds without facts are left out."""
    found = [(source, list(source.find(sheet))) for source in _sources.values()]
    return [(source, facts) for source, facts in found if facts]


def ground_of(sheet: IncentiveSheet, key: str) -> Ground | None:
    """The fact of the key, if it is one of this sheet."""
    source = _sources.get(key.partition(":")[0])
    facts = source.find(sheet) if source is not None else ()
    return next((fact for fact in facts if fact.key == key), None)


def first_ground(sheet: IncentiveSheet) -> Ground | None:
    """Any fact of the sheet; looks no further than it has to."""
    return next((fact for source in _sources.values() for fact in source.find(sheet)), None)
