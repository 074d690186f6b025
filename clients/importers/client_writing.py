"""Writing of imported clients: new ones by COPY, changed ones one by one under a lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.importers.client_plans import Plan
from clients.keys import (
    CLIENT_KEYS,
    COUNTERPARTY_KEYS,
    PERSON_KEYS,
    set_client_keys,
    set_counterparty_keys,
    set_person_keys,
)
from clients.models import (
    Bank,
    BankAccount,
    CategoryAssignment,
    CategoryAssignmentKind,
    Client,
    ClientAssignment,
    ContactPerson,
    Counterparty,
)
from clients.search import CODE_PREFIX
from crm.accounts.models import User
from crm.copying import copy_records
from crm.errors import RuleViolation
from crm.imports.registry import Outcome, Result, Run
from crm.names import sort_key
from crm.numbering import take_numbers
from crm.refusals import Sentence, politely

_MEANWHILE = gettext_lazy("Somebody added one of these clients meanwhile. Import the file again.")
CONSTRAINTS: dict[str, Sentence] = {
    "counterparty_inn_kpp_once": (_MEANWHILE, None),
    "client_external_id_once": (_MEANWHILE, None),
}


class ClientWriter:
    """Writes the plans of one file."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.ids: dict[str, int] = {}  # sort key of name or id → client of this file
        self.orphans: list[tuple[int, str]] = []  # client and the key of its parent

    def write(self, outcomes: Iterable[Outcome]) -> None:
        """Write one portion; raises RuleViolation when the base changed under it."""
        outcomes = list(outcomes)
        with politely(CONSTRAINTS):
            self._create([o.plan for o in outcomes if o.result == Result.CREATED])
            self._update([o.plan for o in outcomes if o.result == Result.UPDATED])
        for outcome in outcomes:
            if outcome.result in {Result.UPDATED, Result.UNCHANGED}:
                self._remember(outcome.plan.client)

    def _remember(self, client: Client) -> None:
        self.ids.setdefault(sort_key(client.name), client.pk)
        if client.external_id:
            self.ids.setdefault(sort_key(client.external_id), client.pk)

    # New clients

    def _create(self, plans: Sequence[Plan]) -> None:
        if not plans:
            return
        numbers = take_numbers("client", count=len(plans))
        clients = [self._client(plan, n) for plan, n in zip(plans, numbers, strict=True)]
        self._copy(Client, clients)
        for plan, client in zip(plans, clients, strict=True):
            plan.client = client
            self._remember(client)
            if plan.parent_key:
                self.orphans.append((client.pk, plan.parent_key))
        self._create_parts(plans)
        self._copy(
            ClientAssignment, [self._assignment(p.client, p.manager) for p in plans if p.manager]
        )
        self._copy(CategoryAssignment, [self._category(p) for p in plans if p.category])

    def _client(self, plan: Plan, number: int) -> Client:
        client = Client(
            code=f"{CODE_PREFIX}{number:06d}",
            external_id=plan.facts.external_id,
            manager=plan.manager,
            org_unit=plan.unit,
            parent=plan.parent,
            created_by=self.run.by,
            **plan.facts.client,
        )
        if plan.category:
            client.category, client.category_since = plan.category, self.run.today
        set_client_keys(client)
        return client

    def _assignment(self, client: Client | None, manager: User) -> ClientAssignment:
        return ClientAssignment(
            client=client, manager=manager, valid_from=self.run.today, created_by=self.run.by
        )

    def _category(self, plan: Plan) -> CategoryAssignment:
        return CategoryAssignment(
            client=plan.client,
            category=plan.category,
            kind=CategoryAssignmentKind.INITIAL,
            valid_from=self.run.today,
            decided_by=self.run.by,
        )

    def _create_parts(self, plans: Sequence[Plan]) -> None:
        """Legal sides, accounts and people of new and of known clients."""
        legal = [self._legal(plan) for plan in plans if plan.new_legal]
        self._copy(Counterparty, legal)
        accounts = [plan for plan in plans if plan.new_account and plan.legal]
        banks = Bank.objects.in_bulk({plan.facts.account["bic"] for plan in accounts})
        self._copy(BankAccount, [self._account(plan, banks) for plan in accounts])
        self._copy(ContactPerson, [self._person(plan) for plan in plans if plan.new_person])

    def _legal(self, plan: Plan) -> Counterparty:
        facts = {"full_name": plan.facts.client["name"], **plan.facts.legal}
        is_main = plan.legal_is_main
        plan.legal = Counterparty(client=plan.client, is_main=is_main, **facts)
        set_counterparty_keys(plan.legal)
        return plan.legal

    def _account(self, plan: Plan, banks: Mapping[str, Bank]) -> BankAccount:
        facts = dict(plan.facts.account)
        if bank := banks.get(facts["bic"]):
            facts.setdefault("bank_name", bank.name)
            facts.setdefault("corr_account", bank.corr_account)
        return BankAccount(counterparty=plan.legal, is_main=plan.account_is_main, **facts)

    def _person(self, plan: Plan) -> ContactPerson:
        person = ContactPerson(client=plan.client, **plan.facts.person)
        set_person_keys(person)
        return person

    def _copy(self, model: type[models.Model], records: Sequence[models.Model]) -> None:
        self.run.journal.add(model, copy_records(records))

    # Known clients

    def _update(self, plans: Sequence[Plan]) -> None:
        ids = sorted(plan.client.pk for plan in plans if plan.client)
        locked = Client.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids)
        versions = dict(locked.order_by("pk").values_list("pk", "version"))
        for plan in plans:
            assert plan.client is not None
            if versions.get(plan.client.pk) != plan.client.version:
                raise RuleViolation(
                    _("Somebody changed “%(name)s” meanwhile. Import the file again.")
                    % {"name": plan.client.name}
                )
            self._change_client(plan.client, dict(plan.changes))
            if plan.legal and plan.legal_changes:
                self._change(
                    plan.legal, plan.legal_changes, set_counterparty_keys, COUNTERPARTY_KEYS
                )
            if plan.person and plan.person_changes:
                self._change(plan.person, plan.person_changes, set_person_keys, PERSON_KEYS)
        self._create_parts(plans)

    def _change_client(self, client: Client, changes: dict[str, Any]) -> None:
        key = changes.pop("parent_key", "")
        if key:
            self.orphans.append((client.pk, key))
        manager = changes.get("manager")
        if manager is not None:
            self._copy(ClientAssignment, [self._assignment(client, manager)])
            changes["org_unit"] = manager.org_unit
        if changes:
            self._change(client, changes, set_client_keys, (*CLIENT_KEYS, "updated_at"))

    def _change(
        self, record: Any, changes: Mapping[str, Any], set_keys: Any, keys: Sequence[str]
    ) -> None:
        """Save the changes of one record and note what it was."""
        kept = [name for name in keys if name != "updated_at"]
        former = {name: _raw(record, name) for name in (*changes, *kept, "version")}
        for name, value in changes.items():
            setattr(record, name, value)
        set_keys(record)
        record.version += 1
        record.save(update_fields=[*changes, *keys, "version"])
        self.run.journal.change(record, former)

    def join_parents(self) -> None:
        """Give clients the parents that stood below them in the file."""
        pairs = {pk: self.ids.get(key) for pk, key in self.orphans}
        children = Client.objects.filter(pk__in=pairs, parent=None).in_bulk()
        for pk, child in children.items():
            parent_id = pairs[pk]
            if parent_id is None or parent_id == pk:
                continue
            if not self._is_created(pk):
                self._note_parent(child)
            child.parent_id = parent_id
            child.save(update_fields=["parent", "version", "updated_at"])

    def _note_parent(self, child: Client) -> None:
        """A known client: one version more in this import, however often it is saved."""
        noted = self.run.journal.changed.get(Client._meta.label, {})
        former: dict[str, Any] = {"parent": None}
        if str(child.pk) not in noted:
            former["version"] = child.version
            child.version += 1
        self.run.journal.change(child, former)

    def _is_created(self, pk: int) -> bool:
        spans = self.run.journal.created.get(Client._meta.label, [])
        return any(first <= pk <= last for first, last in spans)


def _raw(record: Any, name: str) -> Any:
    """A value as the database keeps it: keys instead of records."""
    return getattr(record, record._meta.get_field(name).attname)
