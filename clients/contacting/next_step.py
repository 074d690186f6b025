"""What a client needs next and why: the rules of My day and of the banner on the client card.

The database weighs the clients: one query, however many clients and rules. It reads the clients in
question once (`asked`), lets every rule find those for which it holds, drops what a contact of
today has settled (`reason`), and goes on from there: `with_reasons`. A rule over the client's own
columns is an expression: `since`. A rule over other tables is a QuerySet of only those clients for
which it holds, narrowed by `asked()`: `cases`. Their SQL is built once a day. Later apps register
theirs from AppConfig.ready():

    def _overdue(today: date) -> Cases:
        overdue = Invoice.objects.overdue(today).filter(client__in=asked())
        by_client = overdue.values("client").annotate(oldest=Min("due_on"), debt=Sum("rest"))
        return Cases(by_client, on=F("oldest"), amount=F("debt"))

    next_step.register(ReasonRule("debt", rank=20, cases=_overdue, label=_debt_label, …))

Ranks (ux.md, worst first): promise 10 · debt 20 · claim 30 · silence 40 · missed 45 · planned
today 50 · planned earlier 55 · act 60 · contract 65 · sheet 70 · no next contact 80 · card 90.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    F,
    Func,
    QuerySet,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.functional import Promise

from clients.contacting.norms import ContactNorm, contact_norms, start_of
from clients.models import Client, ContactLog
from clients.querysets import ClientQuerySet, ContactLogQuerySet
from crm.declaring import declare
from crm.sql import Statement, joined
from crm.work import registry

Rows = QuerySet[Any, Any]
ASKED = ("id", "category", "status", "next_contact_at", "last_contact_at", "created_at")
IDS = "asked_ids AS MATERIALIZED (SELECT array_agg(id ORDER BY id) AS ids FROM asked)"
ASKED_IDS = "(SELECT ids FROM asked_ids)::bigint[]"  # all of them as one array
WIDTH = 5  # place, since, day, amount, note
REASON = ("client_id", "place", "rank", "by_category", "since", "day", "amount", "note")


def asked(condition: str = "true") -> Any:
    """The ids of the clients in question: what a rule narrows its rows by.

    `condition` compares the columns of ASKED with constants; the fewer clients are left, the fewer
    are looked up.
    """
    return RawSQL(f"SELECT id FROM asked WHERE {condition}", [])  # noqa: S608, S611


def of_asked(column: str = "client_id") -> Func:
    """A condition: the client is one in question.

    Instead of `asked()` where the table is large and has an index that begins with the client: it
    takes the whole array in one go, faster than client by client.
    """
    template = f"%(expressions)s = ANY ({ASKED_IDS})"
    return Func(F(column), template=template, output_field=BooleanField())


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


class Line(NamedTuple):
    """The columns of a client that labels tell."""

    pk: int
    category: str | None
    status: str
    next_contact_at: datetime | None
    last_contact_at: datetime | None
    created_at: datetime


class Fact(NamedTuple):
    """What a rule found for a client."""

    on: date | None = None
    amount: Decimal | None = None
    text: str | None = None


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

    def statement(self) -> Statement:
        """The rows as SQL: client, since, on, amount, text."""
        given = {"since": self.since, "on": self.on, "amount": self.amount, "text": self.text}
        facts = [NOTHING[name] if value is None else value for name, value in given.items()]
        return Statement.of(self.rows.order_by().values_list(F(self.client), *facts))


class Reason(NamedTuple):
    """A rule that holds for one client; `case` is what else the rule found."""

    rule: ReasonRule
    since: datetime
    client: Line
    at: Moment
    case: Fact = Fact()

    @property
    def label(self) -> str:
        return self.rule.label(self)

    @property
    def link(self) -> str:
        return self.rule.link(self) if self.rule.link else ""


@dataclass(frozen=True, eq=False)
class ReasonRule:
    """One reason to take up a client.

    Either `since`: an expression over the client, when the rule begins to hold for it; it does not
    hold if that is null or comes after today. Or `cases`: the clients for which it holds, as a
    QuerySet, or as SQL over `asked` with the columns client, since, on, amount, text. Both may
    depend on the day and on settings only.
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
    since: Callable[[Moment], Any] | None = None
    cases: Callable[[date], Cases | Statement] | None = None
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
    """Add a reason."""
    declare(_rules, rule.code, rule)


def rules() -> tuple[ReasonRule, ...]:
    """All reasons, the worst first."""
    return _ranked(tuple(_rules.values()))


@lru_cache(maxsize=8)
def _ranked(registered: tuple[ReasonRule, ...]) -> tuple[ReasonRule, ...]:
    return tuple(sorted(registered, key=lambda rule: rule.rank))


def state_of_rules(at: Moment) -> tuple[Any, ...]:
    """What the SQL of `with_reasons` depends on besides the clients: for whoever keeps it."""
    return (rules(), at.today, registry.version())


def find_reasons(clients: ClientQuerySet, at: Moment, **more: Any) -> list[Found]:
    """Reasons of each of the clients, by id: one query.

    `more` are further SQL expressions to be read along.
    """
    return read_reasons(reasons_statement(clients, at, **more).rows(), at)


def reasons_statement(clients: ClientQuerySet, at: Moment, **more: Any) -> Statement:
    """The SQL of `find_reasons`, for whoever keeps it."""
    head = with_reasons(clients, at, **more)
    names = ", ".join((*ASKED, *more))
    # The names come from the code, the values are parameters.
    sql = f"""
        {head.sql} SELECT {names}, place, since, day, amount, note
        FROM asked LEFT JOIN reason ON client_id = id ORDER BY id, place
    """  # noqa: S608
    return Statement(sql, head.params)


def read_reasons(rows: list[tuple[Any, ...]], at: Moment) -> list[Found]:
    """What the database answers to `reasons_statement`."""
    found = []
    for columns, group in groupby(rows, key=lambda row: row[:-WIDTH]):
        line = Line._make(columns[: len(ASKED)])
        reasons = [reason_of(line, at, row[-WIDTH:]) for row in group]
        worst_first = [reason for reason in reasons if reason]
        found.append(Found(line, worst_first, columns[len(ASKED) :]))
    return found


def reason_of(line: Line, at: Moment, columns: tuple[Any, ...]) -> Reason | None:
    """The reason in the columns place, since, day, amount, note; None if they are empty."""
    place, since, *facts = columns
    return None if place is None else Reason(rules()[place], since, line, at, Fact(*facts))


def with_reasons(clients: ClientQuerySet, at: Moment, **more: Any) -> Statement:
    """The beginning of a query, `WITH asked AS (…), …, reason AS (…)`, to be gone on with.

    `asked` has a row for each of the clients: the columns of ASKED and the expressions `more`;
    `reason` a row for each reason of each client: the columns of REASON, `place` being its place
    among `rules()`.
    """
    worst_first = rules()
    compared = {
        _column(place): rule.since(at) for place, rule in enumerate(worst_first) if rule.since
    }
    columns = (*ASKED, *compared, *more)
    try:
        chosen = _chosen(clients, columns, compared | more)
    except EmptyResultSet:  # somebody who sees no client at all
        chosen = _chosen(Client.objects.filter(pk=0), columns, compared | more)
    names = ", ".join(columns)
    reasons = _reasons(*state_of_rules(at))
    return Statement(
        f"WITH asked ({names}) AS MATERIALIZED ({chosen.sql}), {IDS}, {reasons.sql}",
        chosen.params + reasons.params,
    )


def _chosen(
    clients: ClientQuerySet, columns: tuple[str, ...], computed: dict[str, Any]
) -> Statement:
    return Statement.of(clients.order_by().annotate(**computed).values_list(*columns))


def contacts_of_asked(condition: str = "true") -> ContactLogQuerySet:
    """The contacts of the clients in question, for the cases of a rule."""
    contacts: ContactLogQuerySet = ContactLog.objects.filter(client__in=asked(condition))
    return contacts


@lru_cache(maxsize=8)
def _reasons(worst_first: tuple[ReasonRule, ...], today: date, settings_version: int) -> Statement:
    """`reason` without what a contact of today settles, for one state of rules and settings."""
    settled: list[Statement] = []
    others = [NO_REASON]
    for place, rule in enumerate(worst_first):
        try:
            branch = _branch(place, rule, today)
        except EmptyResultSet:
            continue
        (settled if rule.settled_by_contact else others).append(branch)
    found = joined(" UNION ALL ", settled or [NO_REASON])
    rest = joined(" UNION ALL ", others)
    names = ", ".join(REASON)
    # An index takes a whole array of clients in one go, faster than client by client.
    sql = f"""
        settled ({names}) AS MATERIALIZED ({found.sql}),
        contacted AS (
            SELECT client_id FROM clients_contactlog
            WHERE state = 'done' AND done_at >= %s AND done_at < %s
                AND client_id = ANY (ARRAY(SELECT client_id FROM settled))
        ),
        reason ({names}) AS MATERIALIZED (
            SELECT * FROM settled WHERE client_id NOT IN (SELECT client_id FROM contacted)
            UNION ALL {rest.sql}
        )
    """  # noqa: S608
    bounds = (start_of(today), start_of(today + timedelta(days=1)))
    return Statement(sql, (*found.params, *bounds, *rest.params))


NO_REASON = Statement(
    """
    SELECT NULL::bigint, NULL::int, NULL::int, NULL::boolean, NULL::timestamptz, NULL::date,
           NULL::numeric, NULL::text
    WHERE false
    """
)


def _column(place: int) -> str:
    """The column of `asked` that says since when a comparing rule holds."""
    return f"since_{place}"


def _branch(place: int, rule: ReasonRule, today: date) -> Statement:
    marks = f"{place}, {rule.rank}, {rule.by_category}"
    if rule.cases is None:
        since = _column(place)
        return Statement(
            f"SELECT id, {marks}, {since}, NULL::date, NULL::numeric, NULL::text "  # noqa: S608
            f"FROM asked WHERE {since} < %s",
            (start_of(today + timedelta(days=1)),),
        )
    cases = rule.cases(today)
    rows = cases.statement() if isinstance(cases, Cases) else cases
    return Statement(
        f"""
        SELECT client_id, {marks},
               coalesce(since, coalesce(day, %s)::timestamp AT TIME ZONE %s), day, amount, note
        FROM ({rows.sql}) AS found (client_id, since, day, amount, note)
        """,  # noqa: S608
        (today, timezone.get_default_timezone_name(), *rows.params),
    )
