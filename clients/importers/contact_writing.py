"""Writing of imported contacts: new ones by COPY, changed ones one by one under a lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.actions.contact_dates import refresh_contact_dates
from clients.importers.owners import Owners
from clients.importers.words import Words
from clients.models import ContactLog, ContactState
from crm.accounts.models import Role, User
from crm.copying import copy_records
from crm.errors import RuleViolation
from crm.imports.people.directory import name_key
from crm.imports.people.places import Places, add_person, must_change_passwords
from crm.imports.registry import Outcome, Result, Run
from crm.refusals import Sentence, politely

if TYPE_CHECKING:
    from clients.importers.contact_rows import Plan

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
            plan.contact.manager = self.added[key]

    def _add_person(self, name: str) -> User:
        directory = self.owners.directory
        unit = Places(self.run, directory, set()).top()
        person = add_person(self.run, directory, name, Role.MANAGER, unit)
        self.run.count("people_created")
        self.owners.found.clear()
        return person

    def _create(self, plans: Sequence[Plan]) -> None:
        planned = [self._planned(plan) for plan in plans if plan.next_at]
        self.run.journal.add(ContactLog, copy_records([contact for _plan, contact in planned]))
        for plan, contact in planned:
            plan.contact.successor = contact
        for plan in plans:
            topic = plan.contact.topic  # a new word has got its key since it was set
            plan.contact.topic_id = topic.pk if topic else None
        contacts = [plan.contact for plan in plans]
        self.run.journal.add(ContactLog, copy_records(contacts))
        self.clients |= {contact.client_id for contact in contacts if contact.client_id}

    def _planned(self, plan: Plan) -> tuple[Plan, ContactLog]:
        contact = plan.contact
        planned = ContactLog(
            client_id=contact.client_id,
            person=contact.person,
            manager=contact.manager,
            kind=contact.kind,
            state=ContactState.PLANNED,
            planned_at=plan.next_at,
            created_by=self.run.by,
        )
        return plan, planned

    def _update(self, plans: Sequence[Plan]) -> None:
        ids = sorted(plan.known.pk for plan in plans if plan.known)
        locked = ContactLog.objects.select_for_update(of=("self",)).filter(pk__in=ids)
        fresh = {contact.pk: contact for contact in locked.order_by("pk")}
        for plan in plans:
            assert plan.known is not None
            contact = fresh.get(plan.known.pk)
            if contact is None or contact.version != plan.known.version:
                raise RuleViolation(
                    _("Somebody changed one of these contacts meanwhile. Import the file again.")
                )
            self._change(contact, plan.changes)

    def _change(self, contact: ContactLog, changes: dict[str, Any]) -> None:
        names = [name.removesuffix("_id") for name in changes]
        former = {n: getattr(contact, contact._meta.get_field(n).attname) for n in names}  # type: ignore[union-attr]
        if contact.client_id:
            self.clients.add(contact.client_id)
        for name, value in changes.items():
            setattr(contact, name, value)
        self.run.journal.change(contact, {**former, "version": contact.version})
        contact.version += 1
        contact.save(update_fields=[*names, "version"])
        if contact.client_id:
            self.clients.add(contact.client_id)

    def finish(self) -> None:
        """Keep the dates of the clients; people added replace the first password they get."""
        must_change_passwords([person.pk for person in self.added.values()])
        refresh_contact_dates(self.clients)
