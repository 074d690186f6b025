"""Contact history of the demo: 18 months ending today, plans, silence, promises."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from clients.models import ContactLog, ContactPlanLine, ContactResult, ContactTopic
from crm.calendar import current, is_working_day, previous_working_day
from reports.demo import words
from reports.demo.clients import DemoClient
from reports.demo.copying import Bulk
from reports.demo.scales import Scale

NORM = {"A": 8, "B": 4, "C": 2}
VISITS = {"A": 2, "B": 1, "C": 0}
SILENCE = {"A": 7, "B": 14, "C": 30}
KINDS = ("call",) * 11 + ("email",) * 4 + ("messenger",) * 3 + ("meeting",) + ("visit",) * 2
RESULTS = (
    ("order",) * 22
    + ("agreement",) * 24
    + ("information",) * 20
    + ("no_answer",) * 11
    + ("proposal_sent",) * 8
    + ("payment_promise",) * 7
    + ("problem",) * 4
    + ("refusal",) * 4
)
COLUMNS = (
    "client_id",
    "person_id",
    "manager_id",
    "kind",
    "direction",
    "state",
    "planned_at",
    "done_at",
    "result_id",
    "topic_id",
    "summary",
    "duration_seconds",
    "promise_amount",
    "promise_on",
    "created_at",
    "created_by_id",
)
Row = tuple[Any, ...]


@dataclass
class Month:
    """A month of the history and its working days up to today."""

    first: date
    days: list[date]
    share: float  # of the month that has passed


class ContactMaker:
    """Makes the contacts of one client after another; keeps the dictionaries at hand."""

    def __init__(self, scale: Scale, random: Random, today: date) -> None:
        self.random = random
        self.today = today
        self.calendar = current()
        self.results = dict(ContactResult.objects.values_list("code", "pk"))
        self.topics = list(ContactTopic.objects.order_by("order").values_list("pk", flat=True))
        self.months = _months(today, scale.months)
        # Contacts a month at full diligence; three quarters of the clients are older than a month
        # of the history on average.
        monthly = scale.clients * 2.4
        recent = monthly * (1 + self.months[0].share)
        older_months = max(1, scale.months - 2) * 0.75
        self.older = min(1.0, max(0.03, (scale.contacts - recent) / (monthly * older_months)))
        self.plan_months = scale.plan_months
        self.diligence: dict[int, float] = {}

    def make(self, client: DemoClient) -> list[Row]:
        """Done, missed and planned contacts; notes the last and the next one at the client."""
        if client.status == "archived" or (client.category is None and self.random.random() < 0.5):
            return []
        norm = NORM.get(client.category or "C", 2) if client.status != "trading_hall" else 1
        diligence = self.diligence.setdefault(client.manager.pk, 0.62 + 0.42 * self.random.random())
        quiet_from = self._quiet_from(client)
        rows: list[Row] = []
        for index, month in enumerate(self.months):
            rate = norm * diligence * month.share * (1 if index < 2 else self.older)
            count = int(rate) + (self.random.random() < rate % 1)
            for _place in range(count):
                day = month.days[int(self.random.random() * len(month.days))]
                if client.since <= day < quiet_from:
                    rows.append(self._done(client, day))
        reached = [r[7] for r in rows if r[8] != self.results["no_answer"]]
        client.last_contact_at = max(reached, default=None)
        rows += self._ahead(client, norm)
        return rows

    def _quiet_from(self, client: DemoClient) -> date:
        """About one client in fourteen has not been heard for longer than its norm."""
        if self.random.random() < 0.07:
            limit = SILENCE.get(client.category or "C", 30)
            return self.today - timedelta(days=int(limit * (1.1 + 1.5 * self.random.random())))
        return self.today + timedelta(days=1)

    def _moment(self, day: date) -> str:
        minutes = 9 * 60 + int(self.random.random() * 500)
        if day == self.today:
            minutes = 8 * 60 + int(self.random.random() * 45)
        return f"{day.isoformat()} {minutes // 60:02d}:{minutes % 60:02d}:00+03:00"

    def _done(self, client: DemoClient, day: date) -> Row:
        random = self.random
        code = RESULTS[int(random.random() * len(RESULTS))]
        kind = KINDS[int(random.random() * len(KINDS))]
        moment = self._moment(day)
        phrases = words.NOTES[code]
        note = phrases[int(random.random() * len(phrases))]
        if "{" in note:
            note = note.format(
                day=random.choice(words.WEEKDAYS), need=random.choice(words.NEEDS).lower()
            )
        amount = promised = None
        if code == "payment_promise":
            amount = f"{random.randrange(10, 400)}000.00"
            promised = day + timedelta(days=random.randrange(2, 9))
        return (
            client.pk,
            client.people[0] if client.people else None,
            client.manager.pk,
            kind,
            "in" if random.random() < 0.25 else "out",
            "done",
            None,
            moment,
            self.results[code],
            self.topics[int(random.random() * len(self.topics))],
            note,
            60 * (1 + int(random.random() * 14)),
            amount,
            promised,
            moment,
            client.manager.pk,
        )

    def _ahead(self, client: DemoClient, norm: int) -> list[Row]:
        """A missed contact now and then, and the next one for most clients."""
        rows = []
        if self.random.random() < 0.04:
            days = -1 - int(self.random.random() * 8)
            missed = self.calendar.backward(self.today + timedelta(days=days))
            rows.append(self._planned(client, missed, "missed"))
        if self.random.random() < 0.78:
            ahead = int(self.random.random() * max(2, 21 // max(1, norm)) * 1.3)
            day = self.calendar.add(self.today, ahead) if ahead else self.today
            if not self.calendar.is_working(day):
                day = self.calendar.add(day, 1)
            row = self._planned(client, day, "planned")
            client.next_contact_at = row[6]
            rows.append(row)
        return rows

    def _planned(self, client: DemoClient, day: date, state: str) -> Row:
        minutes = 10 * 60 + 15 * int(self.random.random() * 30)
        moment = f"{day.isoformat()} {minutes // 60:02d}:{minutes % 60:02d}:00+03:00"
        kind = KINDS[int(self.random.random() * len(KINDS))]
        return (
            client.pk,
            client.people[0] if client.people else None,
            client.manager.pk,
            kind,
            "out",
            state,
            moment,
            None,
            None,
            self.topics[0],
            "",
            None,
            None,
            None,
            f"{(self.today - timedelta(days=12)).isoformat()} 09:00:00+03:00",
            client.manager.pk,
        )

    def plan_lines(self, client: DemoClient) -> list[Row]:
        """The contact plan of the last months by the norm of the category."""
        if client.status not in {"client", "prospect"} or client.category is None:
            return []
        return [
            (
                month.first,
                client.pk,
                client.manager.pk,
                NORM[client.category],
                VISITS[client.category],
            )
            for month in self.months[: self.plan_months]
            if client.since <= month.first
        ]


def copy_contacts(bulk: Bulk, maker: ContactMaker, chunk: list[DemoClient], rows: list[Row]) -> int:
    """Write the contacts and the plan of a chunk; returns how many contacts."""
    count = bulk.copy(ContactLog, COLUMNS, rows)
    bulk.copy(
        ContactPlanLine,
        ("month", "client_id", "manager_id", "planned_count", "planned_visits"),
        (line for client in chunk for line in maker.plan_lines(client)),
    )
    return count


def _months(today: date, count: int) -> list[Month]:
    """Months from this one back, each with its working days that have come."""
    months, first = [], today.replace(day=1)
    for _index in range(count):
        last = monthrange(first.year, first.month)[1]
        days = [first.replace(day=d) for d in range(1, last + 1)]
        working = [day for day in days if is_working_day(day)]
        passed = [day for day in working if day <= today] or [previous_working_day(first)]
        months.append(Month(first, passed, len(passed) / max(1, len(working))))
        first = (first - timedelta(days=1)).replace(day=1)
    return months
