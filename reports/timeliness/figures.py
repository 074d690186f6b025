"""How many terms were kept and missed, by kind, unit and person: one query over all kinds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import CharField, Count, Q, QuerySet, Value

from crm.accounts.models import User
from crm.accounts.scope import scope_of
from crm.sql import Kept, Statement
from reports.parameters import Period
from reports.timeliness.kind import Kind
from reports.timeliness.terms import Counts, standing_of

NOBODY = 0
_kept = Kept(100)
COLUMNS = ("t_kind", "t_who", "t_unit", "t_since", "t_due", "t_done")


class Place(NamedTuple):
    """Whose terms: of a kind, in a unit, of a person."""

    kind: str
    unit_id: int | None
    person_id: int | None


@dataclass(frozen=True)
class Figures:
    """Counts by place; whatever is asked of them is a sum, so percentages are never averaged."""

    by_place: dict[Place, Counts] = field(default_factory=dict)

    def of_kind(self, code: str) -> Counts:
        """Of one kind."""
        return _sum(one for place, one in self.by_place.items() if place.kind == code)

    def of_units(self, unit_ids: Collection[int | None], code: str = "") -> Counts:
        """Of these units; of one kind where it is named."""
        return _sum(
            one
            for place, one in self.by_place.items()
            if place.unit_id in unit_ids and code in {"", place.kind}
        )

    def of_person(self, person_id: int | None, code: str = "") -> Counts:
        """Of one person, None: of nobody."""
        return _sum(
            one
            for place, one in self.by_place.items()
            if place.person_id == person_id and code in {"", place.kind}
        )

    @property
    def whole(self) -> Counts:
        """Of all."""
        return _sum(self.by_place.values())


def figures(
    user: User | None,
    period: Period,
    kinds: Sequence[Kind],
    *,
    today: date,
    units: Collection[int | None] | None = None,
    person: int | None = None,
) -> Figures:
    """Terms that fall into the period, of the units and the person where they are named."""
    found: dict[Place, Counts] = {}
    due_of = {kind.code: cache(kind.due_of) for kind in kinds}
    for code, who, unit, since, due, done, count in _counted(user, period, kinds, units, person):
        standing = standing_of(due_of[code](due, since), done, today)
        found.setdefault(Place(code, unit, who), Counts()).add(standing, count)
    return Figures(found)


def _counted(
    user: User | None,
    period: Period,
    kinds: Sequence[Kind],
    units: Collection[int | None] | None,
    person: int | None,
) -> list[tuple[Any, ...]]:
    """How many rows of the same kind, person, unit and days there are; the SQL is kept, as it
    takes longer to build than to run."""
    whose = None if user is None else (user.pk, user.role, user.is_active, scope_of(user))
    starts = tuple(kind.starts_in(period.first, period.last) for kind in kinds)
    place = (None if units is None else frozenset(units), person)
    key = (whose, period, tuple(kind.code for kind in kinds), starts, place)

    def build() -> Statement:
        asked = [_grouped(termed_rows(kind, user, period), kind, units, person) for kind in kinds]
        return Statement.of(asked[0].union(*asked[1:], all=True))

    try:
        return _kept.get(key, build).rows() if kinds else []
    except EmptyResultSet:  # somebody who sees no client at all
        return []


def termed_rows(kind: Kind, user: User | None, period: Period) -> QuerySet[Any]:
    """Rows of a kind whose last day is in the period, as far as the person oversees them.

    A head sees the terms of the own units and people, not those of colleagues whose papers happen
    to be shown.
    """
    rows = kind.due_within(kind.rows(user), period.first, period.last)
    scope = scope_of(user) if user is not None else None
    if scope is None or scope.everything:
        return rows
    own = Q(t_unit__in=sorted(scope.unit_ids)) | Q(t_who__in=sorted(scope.manager_ids))
    return rows.filter(own)


def narrowed(
    rows: QuerySet[Any], units: Collection[int | None] | None, person: int | None
) -> QuerySet[Any]:
    """Of the units (None: of no unit) and the person alone, where they are named.

    The person NOBODY asks for rows that nobody answers for.
    """
    if units is not None:
        known = sorted(pk for pk in units if pk is not None)
        rows = rows.filter(Q(t_unit=None) if None in units else Q(t_unit__in=known))
    if person is None:
        return rows
    return rows.filter(t_who=None) if person == NOBODY else rows.filter(t_who=person)


def _grouped(
    rows: QuerySet[Any], kind: Kind, units: Collection[int | None] | None, person: int | None
) -> QuerySet[Any]:
    coded = narrowed(rows, units, person).annotate(
        t_kind=Value(kind.code, output_field=CharField())
    )
    return coded.order_by().values_list(*COLUMNS).annotate(t_count=Count("pk"))


def _sum(many: Iterable[Counts]) -> Counts:
    total = Counts()
    for one in many:
        total = total + one
    return total
