"""What the base already has of the clients in one portion of a file, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from clients.importers.client_facts import Facts
from clients.importers.owners import is_unchecked
from clients.models import BankAccount, Client, ContactPerson, Counterparty
from crm.accounts.models import User
from crm.accounts.scope import scope_of
from crm.names import sort_key

Key = tuple[str, str]


@dataclass
class Known:
    """Clients of the base that the rows may mean, with their parts."""

    by: User | None
    by_legal: dict[Key, Counterparty] = field(default_factory=dict)
    by_external: dict[str, Client] = field(default_factory=dict)
    by_name: dict[str, list[Client]] = field(default_factory=lambda: defaultdict(list))
    legal_of: dict[int, list[Counterparty]] = field(default_factory=lambda: defaultdict(list))
    accounts_of: dict[int, list[BankAccount]] = field(default_factory=lambda: defaultdict(list))
    people_of: dict[int, list[ContactPerson]] = field(default_factory=lambda: defaultdict(list))
    with_children: set[int] = field(default_factory=set)

    def is_visible(self, client: Client) -> bool:
        """Whether the person who imports sees the client."""
        if self.by is None or is_unchecked(self.by):
            return True
        scope = scope_of(self.by)
        return (
            scope.everything
            or client.manager_id in scope.manager_ids
            or client.org_unit_id in scope.unit_ids
        )

    def named(self, name: str) -> list[Client]:
        """Visible clients of this very name, case and quotes aside."""
        return [
            client for client in self.by_name.get(sort_key(name), []) if self.is_visible(client)
        ]


def look_up(rows: Iterable[Facts], by: User | None) -> Known:
    """Read what the rows may mean: by INN + KPP, external id, name, and parents by name or id."""
    facts = list(rows)
    known = Known(by)
    _read_legal(known, {f.inn_kpp for f in facts if f.inn_kpp})
    parents = {f.parent for f in facts if f.parent}
    externals = {f.external_id for f in facts if f.external_id} | {p[:100] for p in parents}
    names = {sort_key(f.client["name"]) for f in facts} | {sort_key(p) for p in parents}
    found = Client.objects.filter(Q(external_id__in=externals) | Q(sort_key__in=names))
    for client in found.select_related("manager", "org_unit").order_by("pk"):
        if client.external_id:
            known.by_external[client.external_id] = client
        known.by_name[client.sort_key].append(client)
    ids = {counterparty.client_id for counterparty in known.by_legal.values()}
    ids |= {client.pk for client in known.by_external.values()}
    ids |= {client.pk for clients in known.by_name.values() for client in clients}
    _read_parts(known, ids)
    return known


def _read_legal(known: Known, keys: set[Key | None]) -> None:
    inns = {key[0] for key in keys if key}
    rows = Counterparty.objects.filter(inn__in=inns).select_related(
        "client__manager", "client__org_unit"
    )
    for row in rows:
        if (row.inn, row.kpp) in keys:
            known.by_legal[(row.inn, row.kpp)] = row


def _read_parts(known: Known, ids: set[int]) -> None:
    for legal in Counterparty.objects.open().filter(client__in=ids).order_by("pk"):
        known.legal_of[legal.client_id].append(legal)
    for account in BankAccount.objects.filter(counterparty__client__in=ids).order_by("pk"):
        known.accounts_of[account.counterparty_id].append(account)
    for person in ContactPerson.objects.open().filter(client__in=ids).order_by("pk"):
        known.people_of[person.client_id].append(person)
    children = Client.objects.filter(parent__in=ids)
    known.with_children = {pk for pk in children.values_list("parent", flat=True) if pk}
