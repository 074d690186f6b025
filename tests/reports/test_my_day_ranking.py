"""The database ranks My day as a plain reading of the rules does, over clients made by chance."""

import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from clients.contacting import next_step
from clients.contacting.norms import contact_norms, norm_key, start_of
from clients.models import Client, ClientAssignment
from clients.querysets import ids_of_as_seen_by
from reports.queries.my_day import my_day
from tests.factories import accounts
from tests.factories import categories as make
from tests.factories import contacts as have
from tests.factories.contacts import NOW
from tests.factories.letters import incoming
from tests.factories.registration import empty_sheet

TODAY = date(2026, 11, 23)
RANKS = {
    "promise": 10, "letter": 35, "silence": 40, "missed": 45, "today": 50, "earlier": 55,
    "sheet": 70, "no_next": 80, "card": 90,
}  # fmt: skip


def ago(chance, days):
    """A moment up to so many days ago, or as far ahead if they are negative."""
    minutes = chance.randrange(days * 1440) if days > 0 else -chance.randrange(-days * 1440)
    return NOW - timedelta(minutes=minutes)


def local_day(moment):
    return timezone.localtime(moment).date()


class Case:
    """A client made by chance, and what is remembered of it."""

    def __init__(self, cast, chance, number):
        self.category = chance.choice(["A", "A", "B", "C", None])
        self.client = make.client(
            cast.manager, name=f"Клиент {number}", category=self.category, by=cast.department_head
        )
        self.status = chance.choice(["client", "client", "client", "trading_hall"])
        self.last = chance.choice([None, ago(chance, 3), ago(chance, 30), ago(chance, 90)])
        self.next = chance.choice([None, None, ago(chance, 4), ago(chance, -1), ago(chance, -9)])
        self.promises = [
            (local_day(NOW) - timedelta(days=chance.randrange(-3, 20)), chance.choice([None, True]))
            for _ in range(chance.choice([0, 0, 1, 2]))
        ]
        self.missed = chance.choice([None, ago(chance, 20)])
        self.letter = chance.choice([None, None, None, -1, 0, 1, 5])  # days to the last one
        self.sheet = chance.choice([None, None, None, -4, 0, 14, 15])  # days to its last one
        self.decides, self.called = chance.random() < 0.5, chance.random() < 0.2
        self.store(cast.manager)

    def store(self, manager):
        Client.objects.filter(pk=self.client.pk).update(
            status=self.status,
            last_contact_at=self.last,
            next_contact_at=self.next,
            created_at=NOW - timedelta(days=200, minutes=self.client.pk % 7),
        )
        self.client.refresh_from_db()
        for on, kept in self.promises:
            have.done(
                self.client, manager, "2026-10-01 09:00",
                promise_amount=Decimal(1000), promise_on=on, promise_kept=kept,
            )  # fmt: skip
        if self.missed:
            when = f"{timezone.localtime(self.missed):%Y-%m-%d %H:%M}"
            self.missed = have.planned(self.client, manager, when, state="missed").planned_at
        if self.letter is not None:
            due = TODAY + timedelta(days=self.letter)
            incoming(self.client, manager, on=date(2026, 11, 2), reply_due=due)
        if self.sheet is not None:
            empty_sheet(self.client, TODAY + timedelta(days=self.sheet))
        have.person(self.client, decides=self.decides)
        if self.called:
            have.done(self.client, manager, "2026-11-23 08:00", code="no_answer")

    def reasons(self):
        """Rank, code and beginning of every reason, as the rules are written down."""
        found = {} if self.called else self.settled_by_a_contact()
        if self.next and local_day(self.next) <= TODAY:
            found["today" if local_day(self.next) == TODAY else "earlier"] = self.next
        if self.letter is not None and self.letter <= 1:  # the next working day, a Tuesday
            found["letter"] = start_of(TODAY + timedelta(days=self.letter))
        if self.sheet is not None and self.sheet <= 14:
            found["sheet"] = start_of(TODAY + timedelta(days=self.sheet))
        return sorted((RANKS[code], code, since) for code, since in found.items() if since)

    def settled_by_a_contact(self):
        hall, incomplete = self.status == "trading_hall", self.category == "A" and not self.decides
        return {
            "promise": self.promise_since(),
            "silence": self.silence_since(),
            "missed": self.missed if self.is_missed() else None,
            "no_next": None if self.next or hall else self.last or self.client.created_at,
            "card": self.client.created_at if incomplete else None,
        }

    def promise_since(self):
        if not self.promises:
            return None
        latest = max(range(len(self.promises)), key=lambda n: (self.promises[n][0], n))
        on, kept = self.promises[latest]
        is_asked = self.last is not None and local_day(self.last) > on
        return start_of(on) if on < TODAY and kept is None and not is_asked else None

    def silence_since(self):
        taken = ClientAssignment.objects.get(client=self.client, valid_to=None).valid_from
        last = local_day(self.last or datetime.combine(taken, time.min, UTC))
        limit = contact_norms()[norm_key(self.category, self.status)].silence_days
        is_silent = (TODAY - last).days > limit
        return start_of(last + timedelta(days=limit + 1)) if is_silent else None

    def is_missed(self):
        return self.missed and not self.next and (not self.last or self.last < self.missed)

    def order(self):
        rank, code, since = self.reasons()[0]
        by_category = code not in {"today", "earlier"}
        return (rank, (self.category or "Z") if by_category else "", since, self.client.pk)


@pytest.fixture
def cases(cast):
    chance = random.Random(20261123)
    return [Case(cast, chance, number) for number in range(60)]


def shown(day):
    return [
        (row.client.name, [(reason.rule.code, reason.since) for reason in row.reasons])
        for row in day.queue.rows
    ]


def expected(cases):
    return [
        (case.client.name, [(code, since) for _rank, code, since in case.reasons()])
        for case in sorted(cases, key=Case.order)
    ]


def test_the_database_ranks_as_the_rules_are_written(cast, cases):
    waiting = [case for case in cases if case.reasons()]
    codes = Counter(code for case in waiting for _rank, code, _since in case.reasons())
    assert set(codes) == set(RANKS), "chance must give every reason"
    day = my_day(cast.manager, cast.manager, NOW, show=500)
    assert shown(day) == expected(waiting)
    assert {one.rule.code: one.count for one in day.queue.counts} == codes
    assert (day.clients, day.queue.total, day.queue.rest) == (60, len(waiting), 0)
    page = my_day(cast.manager, cast.manager, NOW, show=7).queue
    assert ([row.client.pk for row in page.rows], page.total) == (
        [row.client.pk for row in day.queue.rows[:7]], len(waiting),
    )  # fmt: skip
    silent = [case for case in waiting if "silence" in {code for _rank, code, _ in case.reasons()}]
    narrowed = my_day(cast.manager, cast.manager, NOW, reason="silence", show=500)
    assert shown(narrowed) == expected(silent)


def test_whoever_asks_gets_the_clients_that_visibility_and_the_queue_share(cast):
    make.client(cast.manager, name="свой", by=cast.department_head)
    make.client(cast.manager2, name="соседа", by=cast.department_head)
    accounts.delegation(cast.manager, cast.manager2, first="2020-01-01", last="2099-01-01")
    people = (cast.manager, cast.manager2, cast.sector_head, cast.director, cast.stranger_head)
    compared = 0
    for viewer in people:
        for person in people:
            plain = Client.objects.visible_to(viewer).of(person)
            ids = ids_of_as_seen_by(person, viewer)
            if ids is not None:
                quick = Client.objects.filter(manager__in=ids)
                assert set(quick) == set(plain), (viewer.username, person.username)
                compared += 1
    assert compared


def test_a_rule_is_either_compared_or_looked_up():
    facts = dict.fromkeys(("code", "name", "verb", "tone", "icon"), "")
    with pytest.raises(ValueError, match="either since or cases"):
        next_step.ReasonRule(rank=1, label=str, **facts)


def test_whoever_sees_no_client_has_an_empty_queue(cast):
    nobody = Client.objects.none()
    assert next_step.find_reasons(nobody, next_step.Moment.of(NOW)) == []
