"""One pass over a file of contacts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import override

from clients.importers.contact_facts import Facts, Habits, read_facts
from clients.importers.contact_plans import COMPARED, Draft, KnownContact, Plan, digest
from clients.importers.contact_shown import Names, explain
from clients.importers.contact_writing import ContactWriter
from clients.importers.finding import ClientFinder
from clients.importers.owners import Owners, is_unchecked
from clients.importers.words import Words
from clients.models import ContactDirection, ContactLog, ContactPerson
from crm.accounts.models import User
from crm.accounts.scope import scope_of
from crm.calendar import next_working_day
from crm.imports import values
from crm.imports.people.directory import name_key
from crm.imports.reading import Line
from crm.imports.registry import Change, Outcome, Result, Run
from crm.names import search_key
from crm.said import gettext as _

FURTHEST = timedelta(days=366)
KNOWN = (
    *("id", "version", "external_id", "done_at", "manager_id", "client_id"),
    *("client__manager_id", "client__org_unit_id"),
)
MOST_NAMES = 10


class Contacts:
    """The importer of contacts."""

    def __init__(self, run: Run, lines: Sequence[Line]) -> None:  # noqa: ARG002  (as kinds are started)
        self.run = run
        self.owners = Owners(run.by)
        self.finder = ClientFinder(run.by)
        self.words = Words(run)
        self.habits = self._habits()
        self.default_client = run.options["client"]
        self.default_manager: User | None = run.options["manager"]
        self.seen: dict[str, int] = {}
        self.people: dict[tuple[int, str], ContactPerson] = {}
        self.strangers: dict[str, None] = {}
        self.shown: Names = {}
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

    def decide(self, lines: Sequence[Line]) -> list[Outcome]:
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
        planned: list[tuple[Outcome, Plan]] = []
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
        manager_id, manager_name = self._manager(facts)
        draft = Draft(
            client_id=self._client(facts),
            manager_id=manager_id,
            done_at=facts.done_at,
            kind=facts.kind,
            direction=facts.direction,
            result_id=self.words.result(facts.result, facts.answered).pk,
            topic=self.words.topic(facts.topic),
            summary=facts.summary,
            duration_seconds=facts.duration,
            wait_seconds=facts.wait,
            resolved=facts.resolved,
            rating=facts.rating,
        )
        if facts.person:
            self._put_person(draft, facts.person)
        draft.external_id = facts.external_id or digest(draft, manager_name)
        self._refuse_repeated(draft.external_id, outcome.line.number)
        plan = Plan(draft, manager_name)
        if facts.next_on:
            plan.next_at = self._next_at(facts, draft.client_id, outcome)
        outcome.plan, outcome.title = plan, facts.client or facts.manager or facts.external_id
        return plan

    def _manager(self, facts: Facts) -> tuple[int | None, str]:
        """The person, or the name of one who is added on the way."""
        name = facts.manager
        if not name:
            if self.default_manager is None:
                raise ValidationError(_("The row names no manager."))
            return self.default_manager.pk, ""
        try:
            return self.owners.find(name).pk, ""
        except ValidationError:
            unknown = not self.owners.directory.by_name.get(name_key(name))
            if unknown and self.run.options.get("create_people"):
                return None, values.text(name, 100)
            if unknown:
                self.strangers[name] = None
            raise

    def _client(self, facts: Facts) -> int | None:
        if facts.client:
            return self.finder.find(facts.client)
        return self.default_client.pk if self.default_client else None

    def _put_person(self, draft: Draft, name: str) -> None:
        """The client's person of this name; an unknown one stays in the note."""
        person = self.people.get((draft.client_id or 0, search_key(name)))
        if person is not None:
            draft.person_id = person.pk
            return
        with override(settings.LANGUAGE_CODE):
            line = _("Contact person: %(name)s") % {"name": values.text(name, 200)}
        draft.summary = f"{draft.summary}\n{line}".strip()

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
        return datetime.combine(day, datetime.min.time(), ZoneInfo(settings.TIME_ZONE))

    # Comparing with what was imported before

    def _compare(self, planned: list[tuple[Outcome, Plan]]) -> None:
        ids = [plan.draft.external_id for _outcome, plan in planned]
        # One array instead of thousands of parameters.
        listed = RawSQL("SELECT unnest(%s::text[])", [ids])
        rows = ContactLog.objects.filter(external_id__in=listed).order_by()
        known = {row[2]: row for row in rows.values_list(*KNOWN, *COMPARED)}
        for outcome, plan in planned:
            row = known.get(plan.draft.external_id)
            if row is None:
                outcome.result = Result.CREATED
                continue
            plan.known = KnownContact(*row[: len(KNOWN)])
            try:
                outcome.result = self._differs(plan, row[len(KNOWN) :])
            except ValidationError as error:
                outcome.reason = values.reason(error)

    def _differs(self, plan: Plan, present: tuple[object, ...]) -> Result:
        """A contact that somebody edited or took back since stays as it is."""
        known, draft = plan.known, plan.draft
        assert known is not None
        if known.done_at != draft.done_at or known.manager_id != draft.manager_id:
            raise ValidationError(
                _("This id belongs to another contact, of %(moment)s.")
                % {"moment": f"{timezone.localtime(known.done_at):%d.%m.%Y %H:%M}"}
            )
        if not self._is_visible(known):
            raise ValidationError(_("This contact exists already, but you do not see it."))
        if known.version > 1:
            return Result.UNCHANGED
        for name, before in zip(COMPARED, present, strict=True):
            after = getattr(draft, name)
            if after != before and after not in (None, ""):
                plan.changes[name] = (before, after)
        if draft.topic and not draft.topic.pk:
            plan.changes["topic_id"] = (present[COMPARED.index("topic_id")], None)
        if known.client_id is None and draft.client_id is not None:
            plan.changes["client_id"] = (None, draft.client_id)
        return Result.UPDATED if plan.changes else Result.UNCHANGED

    def _is_visible(self, known: KnownContact) -> bool:
        by = self.run.by
        if by is None or is_unchecked(by):
            return True
        scope = scope_of(by)
        if known.client_id is None:
            manager = self.owners.directory.people[known.manager_id]
            return manager.org_unit_id in scope.unit_ids or manager.pk in scope.manager_ids
        own = known.client_manager_id in scope.manager_ids
        return scope.everything or own or known.client_unit_id in scope.unit_ids

    # Writing and showing

    def write(self, outcomes: list[Outcome]) -> None:
        """Add and change contacts, people and topics first."""
        self.writer.write(outcomes)

    def finish(self) -> None:
        """Clients get their last and next contact; unknown people are named once."""
        if self.strangers:
            names = ", ".join([*self.strangers][:MOST_NAMES])
            text = _("Not known here: %(names)s. Import people first or let them be added.")
            self.run.notes.append(text % {"names": names})
        if not self.run.dry:
            self.writer.finish()

    def explain(self, outcome: Outcome) -> list[Change]:
        """Values before and after."""
        return explain(outcome, self.shown)
