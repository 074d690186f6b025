"""One pass over a file of contacts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from clients.importers.contact_facts import Facts, Habits, read_facts
from clients.importers.contact_shown import explain
from clients.importers.contact_writing import ContactWriter
from clients.importers.finding import ClientFinder
from clients.importers.owners import Owners, is_unchecked
from clients.importers.words import Words
from clients.models import ContactDirection, ContactLog, ContactPerson, ContactState
from crm.accounts.models import User
from crm.accounts.scope import scope_of
from crm.calendar import next_working_day
from crm.imports import values
from crm.imports.people.directory import name_key
from crm.imports.reading import Line
from crm.imports.registry import Change, Outcome, Result, Run
from crm.names import search_key

# What a file may still tell about a contact that was imported before.
COMPARED = (
    *("kind", "direction", "result", "topic", "person", "summary"),
    *("duration_seconds", "wait_seconds", "resolved", "rating"),
)
FURTHEST = timedelta(days=366)


@dataclass(slots=True)
class Plan:
    """One row, decided."""

    contact: ContactLog
    manager_name: str = ""  # of a person who is added when the portion is written
    known: ContactLog | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    next_at: datetime | None = None


class Contacts:
    """The importer of contacts."""

    def __init__(self, run: Run, lines: list[Line]) -> None:  # noqa: ARG002  (as kinds are started)
        self.run = run
        self.owners = Owners(run.by)
        self.finder = ClientFinder(run.by)
        self.words = Words(run)
        self.habits = self._habits()
        self.default_client = run.options["client"]
        self.default_manager: User | None = run.options["manager"]
        self.seen: dict[str, int] = {}
        self.people: dict[tuple[int, str], ContactPerson] = {}
        self.writer = ContactWriter(run, self.owners, self.words)

    def _habits(self) -> Habits:
        options, columns = self.run.options, self.run.columns
        direction = options["direction"]
        if not direction:  # a log of a call centre tells how long the caller waited
            incoming = "wait" in columns or "answered" in columns
            direction = ContactDirection.IN if incoming else ContactDirection.OUT
        zone = ZoneInfo(options["time_zone"])
        return Habits(zone, options["kind"], str(direction), self.run.now)

    # Deciding

    def decide(self, lines: list[Line]) -> list[Outcome]:
        """Say of every row what becomes of it."""
        outcomes = [Outcome(line, Result.REFUSED) for line in lines]
        read: list[tuple[Outcome, Facts]] = []
        for outcome in outcomes:
            try:
                read.append((outcome, read_facts(self.run.values(outcome.line), self.habits)))
            except ValidationError as error:
                outcome.reason = values.reason(error)
        self.finder.load({facts.client for _outcome, facts in read})
        self._load_people(read)
        planned = []
        for outcome, facts in read:
            try:
                planned.append((outcome, self._plan(outcome, facts)))
            except ValidationError as error:
                outcome.reason = values.reason(error)
        self._compare(planned)
        return outcomes

    def _load_people(self, read: list[tuple[Outcome, Facts]]) -> None:
        """Contact persons of the clients whose rows name one."""
        clients: set[int] = set()
        for _outcome, facts in read:
            if facts.person and facts.client:
                clients |= self.finder.known[facts.client]
        people = ContactPerson.objects.open().filter(client__in=clients) if clients else ()
        self.people = {(person.client_id, person.search_key): person for person in people}

    def _plan(self, outcome: Outcome, facts: Facts) -> Plan:
        manager, manager_name = self._manager(facts)
        client_id = self._client(facts)
        contact = ContactLog(
            client_id=client_id,
            manager=manager,
            kind=facts.kind,
            direction=facts.direction,
            state=ContactState.DONE,
            done_at=facts.done_at,
            logged_at=self.run.now,
            result=self.words.result(facts.result, facts.answered),
            topic=self.words.topic(facts.topic),
            summary=facts.summary,
            duration_seconds=facts.duration,
            wait_seconds=facts.wait,
            resolved=facts.resolved,
            rating=facts.rating,
            created_by=self.run.by,
        )
        self._put_person(contact, facts)
        contact.external_id = facts.external_id or _digest(contact, manager_name)
        self._refuse_repeated(contact.external_id, outcome.line.number)
        plan = Plan(contact, manager_name)
        if facts.next_on:
            plan.next_at = self._next_at(facts, client_id, outcome)
        outcome.plan, outcome.title = plan, facts.client or facts.manager or facts.external_id
        return plan

    def _manager(self, facts: Facts) -> tuple[User | None, str]:
        """The person, or the name of one who is added on the way."""
        if not facts.manager:
            if self.default_manager is None:
                raise ValidationError(_("The row names no manager."))
            return self.default_manager, ""
        try:
            return self.owners.find(facts.manager), ""
        except ValidationError:
            unknown = not self.owners.directory.by_name.get(name_key(facts.manager))
            if not (unknown and self.run.options.get("create_people")):
                raise
            return None, values.text(facts.manager, 100)

    def _client(self, facts: Facts) -> int | None:
        if facts.client:
            return self.finder.find(facts.client)
        return self.default_client.pk if self.default_client else None

    def _put_person(self, contact: ContactLog, facts: Facts) -> None:
        """The client's person of this name; an unknown one stays in the note."""
        if not facts.person:
            return
        key = (contact.client_id or 0, search_key(facts.person))
        contact.person = self.people.get(key)
        if contact.person is None:
            with override(settings.LANGUAGE_CODE):
                line = _("Contact person: %(name)s") % {"name": values.text(facts.person, 200)}
            contact.summary = f"{contact.summary}\n{line}".strip()

    def _refuse_repeated(self, key: str, number: int) -> None:
        first = self.seen.setdefault(key, number)
        if first != number:
            raise ValidationError(_("The same contact stands in row %(row)s.") % {"row": first})

    def _next_at(self, facts: Facts, client_id: int | None, outcome: Outcome) -> datetime | None:
        """The working day of the next contact; a day that is past needs no plan."""
        day = facts.next_on
        assert day is not None
        if day < self.run.today:
            return None
        if client_id is None or day > self.run.today + FURTHEST:
            outcome.warnings.append(_("The next contact is not planned: no client or too far off."))
            return None
        if next_working_day(day) != day:
            day = next_working_day(day)
        zone = ZoneInfo(settings.TIME_ZONE)
        return datetime.combine(day, datetime.min.time(), zone)

    # Comparing with what was imported before

    def _compare(self, planned: list[tuple[Outcome, Plan]]) -> None:
        ids = [plan.contact.external_id for _outcome, plan in planned]
        rows = ContactLog.objects.filter(external_id__in=ids)
        known = {row.external_id: row for row in rows.select_related(*COMPARED[2:5], "client")}
        for outcome, plan in planned:
            plan.known = known.get(plan.contact.external_id)
            try:
                outcome.result = self._differs(plan) if plan.known else Result.CREATED
            except ValidationError as error:
                outcome.reason = values.reason(error)

    def _differs(self, plan: Plan) -> Result:
        """A contact that somebody edited or took back since stays as it is."""
        known, contact = plan.known, plan.contact
        assert known is not None
        if known.done_at != contact.done_at or known.manager_id != contact.manager_id:
            raise ValidationError(
                _("This id belongs to another contact, of %(moment)s.")
                % {"moment": f"{known.local_moment:%d.%m.%Y %H:%M}"}
            )
        if not self._is_visible(known):
            raise ValidationError(_("This contact exists already, but you do not see it."))
        if known.version > 1:
            return Result.UNCHANGED
        plan.changes = {
            name: getattr(contact, name)
            for name in COMPARED
            if getattr(contact, name) not in (None, "")
            and getattr(contact, name) != getattr(known, name)
        }
        if known.client_id is None and contact.client_id is not None:
            plan.changes["client_id"] = contact.client_id
        return Result.UPDATED if plan.changes else Result.UNCHANGED

    def _is_visible(self, contact: ContactLog) -> bool:
        by = self.run.by
        if by is None or is_unchecked(by):
            return True
        scope = scope_of(by)
        if contact.client is None:
            manager = self.owners.directory.people[contact.manager_id]
            return manager.org_unit_id in scope.unit_ids or manager.pk in scope.manager_ids
        own = contact.client.manager_id in scope.manager_ids
        return scope.everything or own or contact.client.org_unit_id in scope.unit_ids

    # Writing and showing

    def write(self, outcomes: list[Outcome]) -> None:
        """Add and change contacts, people and topics first."""
        self.writer.write(outcomes)

    def finish(self) -> None:
        """Clients get their last and next contact."""
        self.writer.finish()

    def explain(self, outcome: Outcome) -> list[Change]:
        """Values before and after."""
        return explain(outcome)


def _digest(contact: ContactLog, manager_name: str) -> str:
    """The id of a contact whose file has none: client, manager, moment, kind and note (CL-10)."""
    who = contact.manager_id or name_key(manager_name)
    parts = (contact.client_id or "", who, contact.done_at, contact.kind, contact.summary)
    text = "\x1f".join(str(part) for part in parts)
    return "#" + blake2b(text.encode(), digest_size=16).hexdigest()
