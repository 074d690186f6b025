"""What a client needs next and why: the rules of My day and of the banner on the client card.

Two kinds of rules. One over the client's own columns is a comparison in Python, made for every
client of the queue: it has `since`. One over other tables is a QuerySet of only those clients for
which it holds: it has `cases`. All `cases` are read by one query together, so one more rule adds
a branch to it, never a query; their SQL is built once a day. Later apps register theirs from
AppConfig.ready():

    def _overdue(today: date) -> Cases:
        overdue = Invoice.objects.overdue(today).filter(client__in=asked())
        by_client = overdue.values("client").annotate(oldest=Min("due_on"), debt=Sum("rest"))
        return Cases(by_client, on=F("oldest"), amount=F("debt"))

    next_step.register(ReasonRule("debt", rank=20, cases=_overdue, label=_debt_label, …))

Ranks (ux.md, worst first): promise 10 · debt 20 · claim 30 · silence 40 · missed 45 · planned
today 50 · planned earlier 55 · act 60 · contract 65 · sheet 70 · no next contact 80 · card 90.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    Case,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    F,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.functional import Promise

from clients.models import ContactLog
from clients.norms import ContactNorm, contact_norms, silent_since, start_of
from clients.querysets import ClientQuerySet, ContactLogQuerySet
from crm.work import registry

Rows = QuerySet[Any, Any]
ASKED = ("id", "category", "next_contact_at", "last_contact_at")
CONTACTED = ""  # the code of the rows that say who was called today


def asked(condition: str = "true") -> Any:
    """The ids of the clients in question: what a rule narrows its rows by.

    `condition` compares their category, next_contact_at and last_contact_at with constants; the
    fewer clients are left, the fewer are looked up.
    """
    return RawSQL(f"SELECT id FROM asked WHERE {condition}", [])  # noqa: S608, S611


@dataclass(frozen=True)
class Moment:
    """The present, and the norms in force: read once for all clients."""

    today: date
    now: datetime
    norms: dict[str, ContactNorm]

    @classmethod
    def of(cls, now: datetime) -> Moment:
        """The moment with its day by the company's clock."""
        return cls(timezone.localtime(now).date(), now, contact_norms())

    @cached_property
    def midnight(self) -> datetime:
        return start_of(self.today)

    @cached_property
    def next_midnight(self) -> datetime:
        return start_of(self.today + timedelta(days=1))

    @cached_property
    def silence_borders(self) -> dict[str, datetime]:
        """By norm: whoever was last contacted before this moment is silent for too long."""
        return {
            key: start_of(self.today - timedelta(days=norm.silence_days))
            for key, norm in self.norms.items()
        }


class Line(NamedTuple):
    """The columns of a client that rules compare.

    `taken_at` and `created_at` are of clients who were never reached, else None: a thousand moments
    that nobody compares need not be read.
    """

    pk: int
    category: str | None
    status: str
    next_contact_at: datetime | None
    last_contact_at: datetime | None
    taken_at: datetime | None
    created_at: datetime | None


Since = Callable[[Line, Moment], "datetime | None"]


class Fact(NamedTuple):
    """What the QuerySet of a rule found for a client."""

    client_id: int = 0
    code: str = ""
    since: datetime | None = None
    on: date | None = None
    amount: Decimal | None = None
    text: str | None = None


NO_CASE = Fact()
NOTHING: dict[str, Any] = {
    "since": Cast(Value(None), DateTimeField()),
    "on": Cast(Value(None), DateField()),
    "amount": Cast(Value(None), DecimalField(max_digits=15, decimal_places=2)),
    "text": Cast(Value(None), CharField()),
}


@dataclass(frozen=True)
class Cases:
    """Rows for whose clients a rule holds, at most one for each client, narrowed by `asked()`.

    `client` leads to the client's id; the rest are expressions for what the label tells, as far
    as there is something. Without `since` the reason holds since the start of the day `on`.
    """

    rows: Rows
    client: str = "client"
    since: Any = None
    on: Any = None
    amount: Any = None
    text: Any = None

    def statement(self, code: str) -> tuple[str, tuple[Any, ...]]:
        """The rows in the columns of `Fact`, as SQL with its parameters."""
        given = {"since": self.since, "on": self.on, "amount": self.amount, "text": self.text}
        facts = [NOTHING[name] if value is None else value for name, value in given.items()]
        rows = self.rows.order_by().values_list(F(self.client), Value(code), *facts)
        return rows.query.sql_with_params()


class Reason(NamedTuple):
    """A rule that holds for one client; `case` is what the rule's QuerySet found, if it has one."""

    rule: ReasonRule
    since: datetime
    client: Line
    at: Moment
    case: Fact = NO_CASE

    @property
    def label(self) -> str:
        return self.rule.label(self)

    @property
    def link(self) -> str:
        return self.rule.link(self) if self.rule.link else ""

    @property
    def order(self) -> tuple[int, str, float]:
        """Worse reasons first; then A before B before C; then the older."""
        weight = (self.client.category or "Z") if self.rule.by_category else ""
        return (self.rule.rank, weight, self.since.timestamp())


@dataclass(frozen=True, eq=False)
class ReasonRule:
    """One reason to take up a client.

    Either `since`: when it began to hold for a client, None while it does not; or `cases`: the
    clients for which it holds. What `cases` gives may depend on the day and on settings only.
    `label`: the chip; `verb`: what to do, for the banner; `link`: the rows behind it, where they
    are not on the card itself. A reason that any contact of today settles is `settled_by_contact`;
    within a rank A comes before B before C if it is `by_category`.
    """

    code: str
    rank: int
    name: str | Promise
    verb: str | Promise
    tone: str
    icon: str
    label: Callable[[Reason], str]
    since: Since | None = None
    cases: Callable[[date], Cases] | None = None
    link: Callable[[Reason], str] | None = None
    settled_by_contact: bool = True
    by_category: bool = True

    def __post_init__(self) -> None:
        if (self.since is None) == (self.cases is None):
            raise ValueError(f"The rule {self.code} needs either since or cases.")


class Found(NamedTuple):
    """A client with its reasons, the worst first, and what was read along with it."""

    client: Line
    reasons: list[Reason]
    more: tuple[Any, ...]


_rules: dict[str, ReasonRule] = {}


def register(rule: ReasonRule) -> None:
    """Add a reason; the same code replaces the former one."""
    _rules[rule.code] = rule


def rules() -> list[ReasonRule]:
    """All reasons, the worst first."""
    return sorted(_rules.values(), key=lambda rule: rule.rank)


def find_reasons(clients: ClientQuerySet, at: Moment, **more: Any) -> list[Found]:
    """Reasons of each of the clients: two queries, however many clients and rules.

    `more` are further SQL expressions to be read along.
    """
    worst_first = rules()
    cases, contacted = _read_cases(clients, at, worst_first)
    comparing = [(rule, rule.since) for rule in worst_first if rule.since]
    unsettled = [(rule, since) for rule, since in comparing if not rule.settled_by_contact]
    wide = len(Line._fields)
    found = []
    for row in _lines(clients, more):
        line = Line._make(row[:wide])
        is_done = line.pk in contacted
        reasons = _compared(line, at, unsettled if is_done else comparing)
        if line.pk in cases:
            reasons += _looked_up(line, at, cases[line.pk], is_done)
            reasons.sort(key=lambda reason: reason.rule.rank)
        found.append(Found(line, reasons, row[wide:]))
    return found


def _lines(clients: ClientQuerySet, more: dict[str, Any]) -> Rows:
    never_reached = {
        "taken_at": Case(When(last_contact_at=None, then=silent_since())),
        "_created_at": Case(When(last_contact_at=None, then=F("created_at"))),
    }
    rows: Rows = clients.order_by().annotate(**never_reached, **more)
    return rows.values_list(*Line._fields[:-1], "_created_at", *more)


def _compared(line: Line, at: Moment, comparing: list[tuple[ReasonRule, Since]]) -> list[Reason]:
    return [
        Reason(rule, since, line, at)
        for rule, compare in comparing
        if (since := compare(line, at)) is not None
    ]


def _looked_up(line: Line, at: Moment, cases: list[Fact], is_done: bool) -> Iterator[Reason]:
    for case in cases:
        rule = _rules[case.code]
        if not (is_done and rule.settled_by_contact):
            yield Reason(rule, case.since or start_of(case.on or at.today), line, at, case)


def _read_cases(
    clients: ClientQuerySet, at: Moment, worst_first: list[ReasonRule]
) -> tuple[dict[int, list[Fact]], set[int]]:
    """What the QuerySets of all rules found, by client, and who was called today: one query."""
    cases: dict[int, list[Fact]] = {}
    contacted: set[int] = set()
    try:
        chosen, chosen_by = clients.order_by().values_list(*ASKED).query.sql_with_params()
    except EmptyResultSet:  # somebody who sees no client at all
        return cases, contacted
    looking = tuple(rule for rule in worst_first if rule.cases)
    rows, params = _statement(looking, at.today, registry.version())
    names = ", ".join(ASKED)
    # The names come from the ORM, the values are parameters.
    statement = f"WITH asked ({names}) AS MATERIALIZED ({chosen}) {rows}"
    with connection.cursor() as cursor:
        cursor.execute(statement, (*chosen_by, *params))
        for case in map(Fact._make, cursor):
            if case.code == CONTACTED:
                contacted.add(case.client_id)
            else:
                cases.setdefault(case.client_id, []).append(case)
    return cases, contacted


@lru_cache(maxsize=8)
def _statement(
    looking: tuple[ReasonRule, ...], today: date, settings_version: int
) -> tuple[str, tuple[Any, ...]]:
    """The rows of all rules: built anew with another day, another setting or another rule."""
    all_cases = [(CONTACTED, Cases(contacts_of_asked().done().on_day(today).distinct()))]
    all_cases += [(rule.code, rule.cases(today)) for rule in looking if rule.cases]
    parts = []
    for code, cases in all_cases:
        with suppress(EmptyResultSet):
            parts.append(cases.statement(code))
    return (
        " UNION ALL ".join(rows for rows, _params in parts),
        tuple(chain.from_iterable(params for _rows, params in parts)),
    )


def contacts_of_asked(condition: str = "true") -> ContactLogQuerySet:
    """The contacts of the clients in question, for the cases of a rule."""
    contacts: ContactLogQuerySet = ContactLog.objects.filter(client__in=asked(condition))
    return contacts
