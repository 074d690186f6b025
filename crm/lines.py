"""Lines of a document, saved by difference: what stays as it was is not written again.

A document that is edited comes whole, with all its lines. Deleting the old ones and adding the new
would tell the history that all went and all came; so each line that is meant keeps its row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet

L = TypeVar("L", bound=Model)
PLACE = "position"
ASIDE = 10_000  # places beyond those of any document, and within the smallest column
Key = Callable[[Any], Hashable]


def write_lines(rows: QuerySet[L], wanted: Sequence[L], *, same: Key) -> None:
    """Make `rows`, the lines of one record, those `wanted`; each of these has its `position`.

    Lines with an equal `same` are one line that was changed, alike ones first. Runs in the
    transaction of the caller, who has locked the record.
    """
    names = [field.name for field in rows.model._meta.concrete_fields if not field.primary_key]
    facts = [name for name in names if name != PLACE]
    before = list(rows.order_by(PLACE))
    gone = _paired(before, wanted, lambda line: _values(line, facts))
    gone = _paired(gone, [line for line in wanted if line.pk is None], same)
    known = {row.pk: row for row in before}
    kept = [line for line in wanted if line.pk is not None]
    moved = [line.pk for line in kept if _values(line, [PLACE]) != _values(known[line.pk], [PLACE])]
    changed = [line for line in kept if _values(line, names) != _values(known[line.pk], names)]
    if gone:
        rows.filter(pk__in=[row.pk for row in gone]).delete()
    if moved:  # places change hands: nobody may stand on one that is still taken
        rows.filter(pk__in=moved).update(position=F(PLACE) + ASIDE)
    lines = rows.model._default_manager
    lines.bulk_update(changed, names)
    lines.bulk_create([line for line in wanted if line.pk is None])


def _paired(before: Sequence[L], wanted: Sequence[L], same: Key) -> list[L]:
    """Give wanted lines the rows of equal ones; the rows that nobody took."""
    waiting: defaultdict[Hashable, list[L]] = defaultdict(list)
    for row in reversed(before):
        waiting[same(row)].append(row)
    for line in wanted:
        alike = waiting[same(line)]
        if alike:
            line.pk = alike.pop().pk
    left = {row.pk for rows in waiting.values() for row in rows}
    return [row for row in before if row.pk in left]


def _values(line: Model, names: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(line, line._meta.get_field(name).attname) for name in names)  # type: ignore[union-attr]
