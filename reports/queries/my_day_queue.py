"""The queue of My day, ranked by the database: only what is shown comes back, with the counts.

What is asked depends on the day, the settings and the rules, so the SQL is built once for these and
kept, and the database plans it once for everybody who asks the like.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import Count, Q, QuerySet
from django.db.models.expressions import RawSQL

from clients.contacting.next_step import (
    WIDTH,
    Line,
    Moment,
    Reason,
    contacts_of_asked,
    reason_of,
    rules,
    state_of_rules,
    with_reasons,
)
from clients.contacting.norms import day_in_sql, start_of
from clients.models import Client, ContactLog, ContactPerson
from clients.querysets import ids_of_as_seen_by
from crm.accounts.scope import scope_of
from crm.sql import Blank, Kept, Planned, Statement, joined

if TYPE_CHECKING:
    from collections.abc import Hashable

    from clients.querysets import ClientQuerySet
    from crm.accounts.models import User

PERSON, REASON, SHOW = Blank(), Blank(), Blank()
_kept = Kept()


class Asked(NamedTuple):
    """Who looks at whose queue, and what of it is to be shown."""

    viewer: User
    person: User
    reason: str
    snoozed: bool
    show: int


class Row(NamedTuple):
    """A shown client, once for each of its reasons; without clients one row with the sums."""

    clients: int
    total: int
    snoozed: int
    counts: str | None
    planned: str | None
    done: str | None
    # The client.
    pk: int | None
    category: str | None
    status: str
    next_contact_at: datetime | None
    last_contact_at: datetime | None
    created_at: datetime | None
    snoozed_until: date | None
    name: str
    phone: str
    manager_id: int | None
    last_name: str
    first_name: str
    middle_name: str
    username: str
    person: str | None
    person_phone: str | None
    place: int | None
    since: datetime | None
    day: date | None
    amount: Decimal | None
    note: str | None


@dataclass(frozen=True)
class Ranked:
    """What the database answers."""

    clients: int
    total: int
    snoozed: int
    counts: dict[str, int]
    planned: Counter[date]
    done: Counter[date]
    rows: list[tuple[Row, list[Reason]]]


def ranked(asked: Asked, at: Moment, since: date, monday: date) -> Ranked:
    """The shown clients with their reasons, the worst first; sums; contacts by day since `since`.

    Planned contacts are those with the clients, done ones those of the person: one query.
    """
    managers = ids_of_as_seen_by(asked.person, asked.viewer)
    scope = scope_of(asked.viewer)
    seen = scope.key if managers is None else None
    ids = managers
    if ids is None:
        ids = sorted({asked.person.pk, *scope_of(asked.person).substituted_ids})
    shape = Shape(seen, scope.limited_fields, len(ids), bool(asked.reason), asked.snoozed)
    key = (shape, since, monday, state_of_rules(at))
    planned: Planned = _kept.get(key, lambda: _query(asked, shape, at, since, monday))
    codes = [rule.code for rule in rules()]
    reason = [codes.index(asked.reason)] if asked.reason else []
    found = planned.rows(asked.person.pk, asked.show, *reason, *ids)
    rows = [Row._make(columns) for columns in found]
    counts = json.loads(rows[0].counts or "{}")
    return Ranked(
        clients=rows[0].clients,
        total=rows[0].total,
        snoozed=rows[0].snoozed,
        counts={codes[int(place)]: count for place, count in counts.items()},
        planned=_days(rows[0].planned),
        done=_days(rows[0].done),
        rows=_grouped(rows, at),
    )


def _days(counted: str | None) -> Counter[date]:
    by_day = json.loads(counted or "{}").items()
    return Counter({date.fromisoformat(day): count for day, count in by_day})


def _grouped(rows: list[Row], at: Moment) -> list[tuple[Row, list[Reason]]]:
    found = []
    for _pk, group in groupby((row for row in rows if row.pk), key=lambda row: row.pk):
        of_client = list(group)
        first = of_client[0]
        line = Line._make(first[6:12])  # type: ignore[arg-type]
        reasons = [reason_of(line, at, row[-WIDTH:]) for row in of_client]
        found.append((first, [reason for reason in reasons if reason]))
    return found


class Shape(NamedTuple):
    """What the SQL depends on besides the day, the settings and the rules."""

    seen: Hashable  # where visibility is a condition of its own
    limited: bool
    managers: int
    by_reason: bool
    snoozed: bool


def _query(asked: Asked, shape: Shape, at: Moment, since: date, monday: date) -> Planned:
    managers = [Blank() for _place in range(shape.managers)]
    of_managers = Q(*(("manager", one.expression) for one in managers), _connector=Q.OR)
    clients = Client.objects.open().filter(of_managers) if managers else Client.objects.none()
    if shape.seen is not None:
        clients = clients.visible_to(asked.viewer)
    statement = _statement(clients, asked, at, since, monday)
    reason = [REASON] if shape.by_reason else []
    return Planned(statement, PERSON, SHOW, *reason, *managers)


def _statement(
    clients: ClientQuerySet, asked: Asked, at: Moment, since: date, monday: date
) -> Statement:
    sunday = monday + timedelta(days=6)
    done = ContactLog.objects.done().filter(manager=PERSON.expression).on_days(since, sunday)
    named = {
        "asleep (client_id, until)": Statement(ASLEEP, (PERSON, at.today)),
        "worst": Statement(WORST),
        "chosen": _chosen(asked),
        "shown": Statement(SHOWN, (SHOW,)),
        "person (client_id, full_name, phone)": _people(asked.viewer),
        "counted": Statement(COUNTED),
        "planned (day, count)": _by_day(_planned(since, sunday)),
        "done (day, count)": _by_day(done),
    }
    head = with_reasons(clients, at)
    parts = [Statement(f"{name} AS ({rows.sql})", rows.params) for name, rows in named.items()]
    whole = joined(", ", [head, *parts])
    return Statement(whole.sql + ANSWER, whole.params)


ASLEEP = """
    SELECT client_id, max(until) FROM clients_clientsnooze
    WHERE user_id = %s AND until > %s AND cancelled_at IS NULL GROUP BY client_id
"""
WORST = """
    SELECT DISTINCT ON (client_id) client_id, rank, by_category, since
    FROM reason ORDER BY client_id, place
"""
SHOWN = """
    SELECT * FROM chosen ORDER BY rank, weight COLLATE "C", since, id LIMIT %s
"""
COUNTED = """
    SELECT place, count(*) AS count FROM reason
    WHERE client_id NOT IN (SELECT client_id FROM asleep) GROUP BY place
"""
ANSWER = """
    SELECT (SELECT count(*) FROM asked), (SELECT count(*) FROM chosen),
           (SELECT count(*) FROM asked JOIN asleep ON client_id = id),
           (SELECT jsonb_object_agg(place, count) FROM counted),
           (SELECT jsonb_object_agg(day, count) FROM planned),
           (SELECT jsonb_object_agg(day, count) FROM done),
           shown.id, shown.category, shown.status, shown.next_contact_at, shown.last_contact_at,
           shown.created_at, shown.until, client.name, client.phone, client.manager_id,
           manager.last_name, manager.first_name, manager.middle_name, manager.username,
           person.full_name, person.phone, place, reason.since, day, amount, note
    FROM (SELECT) AS always LEFT JOIN shown ON true
         LEFT JOIN clients_client AS client ON client.id = shown.id
         LEFT JOIN accounts_user AS manager ON manager.id = client.manager_id
         LEFT JOIN person ON person.client_id = shown.id
         LEFT JOIN reason ON reason.client_id = shown.id
    ORDER BY shown.rank, weight COLLATE "C", shown.since, shown.id, place
"""


def _chosen(asked: Asked) -> Statement:
    """The clients of the queue, or those put off, with what they are ranked by."""
    condition = "until IS NULL AND worst.client_id IS NOT NULL"
    if asked.snoozed:
        condition = "until IS NOT NULL"
    params: tuple[Blank, ...] = ()
    if asked.reason:
        condition += " AND id IN (SELECT client_id FROM reason WHERE place = %s)"
        params = (REASON,)
    return Statement(
        f"""
        SELECT id, category, status, next_contact_at, last_contact_at, created_at, until, since,
               coalesce(rank, 1000) AS rank,
               CASE WHEN by_category THEN coalesce(category, 'Z') ELSE '' END AS weight
        FROM asked LEFT JOIN worst ON worst.client_id = id
             LEFT JOIN asleep ON asleep.client_id = id
        WHERE {condition}
        """,  # noqa: S608
        params,
    )


def _people(viewer: User) -> Statement:
    """Whom to ring up at each of the shown clients: the decision maker, else the first."""
    shown = RawSQL("SELECT id FROM shown", [])
    people = ContactPerson.objects.of_seen(shown, viewer).open()
    first = people.order_by("client_id", "-is_decision_maker", "sort_key", "pk").distinct(
        "client_id"
    )
    try:
        return Statement.of(first.values_list("client_id", "full_name", "phone"))
    except EmptyResultSet:  # somebody to whom people are closed
        return Statement("SELECT NULL::bigint, NULL::text, NULL::text WHERE false")


def _planned(since: date, sunday: date) -> QuerySet[ContactLog]:
    """Whoever has nothing before the next week has nothing in this one: few are looked up."""
    following = start_of(sunday + timedelta(days=1)).isoformat()
    soon = contacts_of_asked(f"next_contact_at < '{following}'")
    return soon.planned().on_days(since, sunday)


def _by_day(contacts: QuerySet[Any]) -> Statement:
    return Statement.of(contacts.order_by().values_list(day_in_sql("at")).annotate(n=Count("pk")))
