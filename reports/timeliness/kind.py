"""What a kind of terms declares, and the kinds that there are.

    # reports/timeliness/kinds/sheets.py
    KIND = Kind(
        code="sheets",
        order=80,
        label=_("Registration sheets"),
        rule=_("By the last day of the campaign"),
        rows=lambda user: termed(
            seen(RegistrationSheet.objects, user), who=F("manager"), unit=F("client__org_unit"),
            due=F("deadline"), done=day_of("approved_at"),
        ),
        what=lambda row: …, url=lambda row: …, client=lambda row: row.client,
        related=("client",),
    )

Every module of `kinds/` with a `KIND` is one; nothing else has to be told of it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, DateField, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, TruncDate
from django.utils.functional import Promise

from clients.models import Client
from clients.querysets.clients import start_of
from crm.accounts.models import User
from reports.timeliness.terms import Term, starts_of

Text = str | Promise
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Kind:
    """Rows with a last day.

    `rows(user)` are those the person sees, `rows(None)` all of them, in the shape of `termed`.
    Where the row keeps no last day, `term` gives it for the day from which it runs; `moment` names
    the column of that day where it is a moment with an index. `client`, `what` and `url` say what
    a row is about.
    """

    code: str
    order: int
    label: Text
    rule: Text
    rows: Callable[[User | None], QuerySet[Any]]
    what: Callable[[Any], str]
    url: Callable[[Any], str]
    client: Callable[[Any], Client | None] = lambda row: row.client
    related: tuple[str, ...] = ()
    term: Term | None = None
    moment: str = ""

    def due_of(self, due: date | None, since: date | None) -> date:
        """The last day of a row: the one it keeps, else by the term."""
        if due is not None:
            return due
        assert self.term is not None
        assert since is not None
        return self.term(since)

    def starts_in(self, first: date, last: date) -> tuple[date, date] | None:
        """From which days the term runs into these ones; None where the rows keep their days."""
        return None if self.term is None else starts_of(self.term, first, last)

    def due_within(self, rows: QuerySet[Any], first: date, last: date) -> QuerySet[Any]:
        """Rows whose last day is one of these days."""
        kept = Q(t_due__range=(first, last))
        if self.term is None:
            return rows.filter(kept)
        begin, end = starts_of(self.term, first, last)
        if self.moment:
            after = {f"{self.moment}__gte": start_of(begin)}
            return rows.filter(**after, **{f"{self.moment}__lt": start_of(end + ONE_DAY)})
        return rows.filter(kept | Q(t_due=None, t_since__range=(begin, end)))


def termed(
    rows: Any, *, who: Any, unit: Any, done: Any, due: Any = None, since: Any = None
) -> QuerySet[Any]:
    """The rows with who answers for each, in which unit, by when it is due (or since when the term
    runs) and when it was done; null: nobody, nowhere, by the term, not yet."""
    nothing = Cast(Value(None), DateField())
    found: QuerySet[Any] = rows.annotate(
        t_who=Cast(who, BigIntegerField()),
        t_unit=Cast(unit, BigIntegerField()),
        t_since=nothing if since is None else since,
        t_due=nothing if due is None else due,
        t_done=done,
    ).order_by()
    return found


def day_of(moment: str) -> Combinable:
    """The day of a moment by the company's clock."""
    return TruncDate(F(moment))


def seen(rows: Any, user: User | None) -> Any:
    """What the person may see; everything for nobody's question."""
    return rows.all() if user is None else rows.visible_to(user)


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds in their order."""
    from reports.timeliness import kinds as package

    names = [one.name for one in pkgutil.iter_modules(package.__path__)]
    modules = [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    return tuple(sorted((module.KIND for module in modules), key=lambda kind: kind.order))


def kind_of(code: str) -> Kind | None:
    """The kind of the code."""
    return next((kind for kind in kinds() if kind.code == code), None)
