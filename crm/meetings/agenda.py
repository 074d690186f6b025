"""What problems are there for this unit: apps declare theirs, an agenda is chosen of them.

    agenda.register(AgendaSource("overdue", _("Problem receivables"), find=problem_debts,
                                 may_see=permissions.can_see_money))

`find(unit, user, today)` gives the problems of the unit and below that the person sees, the worst
first. `may_see` says who reads the facts of such a point, also in minutes: amounts are not for
every participant.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.utils.functional import Promise

from crm.accounts.models import OrgUnit, User
from crm.declaring import declare

MOST = 30  # of one source: an agenda is not a register


@dataclass(frozen=True)
class Problem:
    """One problem in words with its page."""

    pk: int
    title: str
    facts: str = ""
    url: str = ""


def _everybody(_user: User) -> bool:
    return True


@dataclass(frozen=True)
class AgendaSource:
    """A kind of problem."""

    key: str
    label: str | Promise
    find: Callable[[OrgUnit, User, date], Iterable[Problem]]
    may_see: Callable[[User], bool] = _everybody
    order: int = 50


_sources: dict[str, AgendaSource] = {}


def register(source: AgendaSource) -> None:
    """Declare a kind of problem; apps call it from AppConfig.ready()."""
    declare(_sources, source.key, source)


def sources() -> list[AgendaSource]:
    """All of them in their order."""
    return sorted(_sources.values(), key=lambda source: (source.order, source.key))


def get(key: str) -> AgendaSource | None:
    """One by its key; None for an own point of the chair or an app that is gone."""
    return _sources.get(key)


def shows_facts(user: User, key: str) -> bool:
    """Whether the person reads the facts of points of this kind."""
    if not key:
        return True
    source = get(key)
    return source is not None and source.may_see(user)


def problems(
    unit: OrgUnit, user: User, today: date, there: Collection[tuple[str, int]] = ()
) -> list[tuple[AgendaSource, list[Problem]]]:
    """What there is for the unit beside what is on the agenda already, kind by kind."""
    found = []
    for source in sources():
        if source.may_see(user):
            rows = [
                row
                for row in islice(source.find(unit, user, today), MOST)
                if (source.key, row.pk) not in there
            ]
            if rows:
                found.append((source, rows))
    return found
