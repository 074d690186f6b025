"""Writing of imported contacts: new ones by COPY, changed ones one by one under a lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter

from django.utils.translation import gettext_lazy

from clients.actions.contact_dates import refresh_contact_dates
from clients.importers.contact_plans import WRITTEN, Plan
from clients.importers.owners import Owners
from clients.importers.words import Words
from clients.models import ContactLog, ContactState
from crm.accounts.models import Role, User
from crm.copying import copy_values
from crm.errors import RuleViolation
from crm.imports.people.directory import name_key
from crm.imports.people.places import Places, add_person, must_change_passwords
from crm.imports.registry import Outcome, Result, Run
from crm.refusals import Sentence, politely
from crm.said import gettext as _

PLANNED = ("client_id", "manager_id", "person_id", "kind", "planned_at")
CONSTRAINTS: dict[str, Sentence] = {
    "contact_external_id_once": (
        gettext_lazy("Somebody imported one of these contacts meanwhile. Import the file again."),
        None,
    ),
}


class ContactWriter:
    """Writes the plans of one file."""

    def __init__(self, run: Run, owners: Owners, words: Words) -> None:
        self.run = run
        self.owners = owners
        self.words = words
        self.added: dict[str, User] = {}
        self.clients: set[int] = set()

    def write(self, outcomes: Iterable[Outcome]) -> None:
        """Write one portion; raises RuleViolation when the base changed under it."""
        outcomes = list(outcomes)
        self.words.write()
        new = [outcome.plan for outcome in outcomes if outcome.result == Result.CREATED]
        self._add_people(new)
        with politely(CONSTRAINTS):
            self._create(new)
            self._update([o.plan for o in outcomes if o.result == Result.UPDATED])

    def _add_people(self, plans: Sequence[Plan]) -> None:
        """People named by rows and not known yet: managers who cannot sign in so far."""
        for plan in plans:
            if not plan.manager_name:
                continue
            key = name_key(plan.manager_name)
            if key not in self.added:
                self.added[key] = self._add_person(plan.manager_name)
            plan.draft.manager_id = self.added[key].pk

    def _add_person(self, name: str) -> User:
        directory = self.owners.directory
        unit = Places(self.run, directory, set()).top()
        person = add_person(self.run, directory, name, Role.MANAGER, unit)
        self.run.count("people_created")
        self.owners.found.clear()
        return person

    def _create(self, plans: Sequence[Plan]) -> None:
        planned = [plan for plan in plans if plan.next_at]
        ids = copy_values(
            ContactLog,
            PLANNED,
            [
                (p.draft.client_id, p.draft.manager_id, p.draft.person_id, p.draft.kind, p.next_at)
                for p in planned
            ],
            state=ContactState.PLANNED,
            created_by_id=self._author_id,
        )
        self.run.journal.add(ContactLog, ids)
        successors = dict(zip(map(id, planned), ids, strict=True))
        read = attrgetter(*WRITTEN)
        rows = [(*read(plan.draft), successors.get(id(plan))) for plan in plans]
        ids = copy_values(
            ContactLog,
            (*WRITTEN, "successor_id"),
            rows,
            state=ContactState.DONE,
            logged_at=self.run.now,
            created_by_id=self._author_id,
        )
        self.run.journal.add(ContactLog, ids)
        self.clients |= {plan.draft.client_id for plan in plans if plan.draft.client_id}

    @property
    def _author_id(self) -> int | None:
        return self.run.by.pk if self.run.by else None

    def _update(self, plans: Sequence[Plan]) -> None:
        ids = sorted(plan.known.id for plan in plans if plan.known)
        locked = ContactLog.objects.select_for_update(of=("self",)).filter(pk__in=ids)
        fresh = {contact.pk: contact for contact in locked.order_by("pk")}
        for plan in plans:
            assert plan.known is not None
            contact = fresh.get(plan.known.id)
            if contact is None or contact.version != plan.known.version:
                raise RuleViolation(
                    _("Somebody changed one of these contacts meanwhile. Import the file again.")
                )
            self._change(contact, plan)

    def _change(self, contact: ContactLog, plan: Plan) -> None:
        former = {name.removesuffix("_id"): getattr(contact, name) for name in plan.changes}
        for name in plan.changes:
            setattr(contact, name, getattr(plan.draft, name))
        self.run.journal.change(contact, {**former, "version": contact.version})
        contact.version += 1
        contact.save(update_fields=[*former, "version"])
        if contact.client_id:
            self.clients.add(contact.client_id)

    def finish(self) -> None:
        """Keep the dates of the clients; people added replace the first password they get."""
        must_change_passwords([person.pk for person in self.added.values()])
        refresh_contact_dates(self.clients)
