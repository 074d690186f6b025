"""A term in a sentence: for facts of decisions and for rows of checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from reports.timeliness.kind import kind_of
from reports.timeliness.rows import TermRow, reader
from reports.timeliness.terms import AHEAD, OVERDUE


def days_in_words(one: TermRow) -> str:
    """By when it was due, when it was done, by how many working days it was late."""
    facts = {"due": f"{one.due:%d.%m.%Y}", "days": one.late}
    if one.standing == AHEAD:
        return _("due by %(due)s") % facts
    if one.standing == OVERDUE:
        return _("due by %(due)s, not done, working days late: %(days)s") % facts
    facts["done"] = f"{one.done:%d.%m.%Y}"
    if one.late:
        return _("due by %(due)s, done on %(done)s, working days late: %(days)s") % facts
    return _("due by %(due)s, done on %(done)s") % facts


def terms_of(
    codes: Iterable[str],
    rows: Mapping[int, Any],
    *,
    today: date,
    key: Callable[[Any], int] = lambda row: row.pk,
    same: Callable[[Any, Any], bool] = lambda row, termed: True,
) -> dict[int, list[str]]:
    """Sentences of the terms of rows by their numbers: a query a kind.

    `key` is the number of the row that the kind keeps the term of, `same` whether it is about this
    row: of the assignments of a client only the first one is its distribution.
    """
    found: dict[int, list[str]] = {}
    for code in codes:
        kind = kind_of(code)
        assert kind is not None
        read = reader(kind, today)
        termed = kind.rows(None).filter(pk__in={key(row) for row in rows.values()})
        by_key = {one.pk: one for one in termed.select_related(*kind.related)}
        for pk, row in rows.items():
            one = by_key.get(key(row))
            if one is not None and same(row, one):
                words = {"kind": kind.label, "days": days_in_words(read(one))}
                found.setdefault(pk, []).append(_("%(kind)s: %(days)s") % words)
    return found
