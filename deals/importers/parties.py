"""Whose document it is: clients by INN and KPP, external id, code or exact name; new ones added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clients.importers.finding import ClientFinder
from clients.keys import client_keys, set_counterparty_keys
from clients.models import Client, ClientStatus, Counterparty
from clients.search import CODE_PREFIX
from crm.copying import copy_records, copy_values
from crm.imports.registry import Run
from crm.names import plain_text
from crm.numbering import take_numbers
from crm.requisites import is_person_inn, repair_inn, repair_kpp, validate_inn, validate_kpp


class Party(NamedTuple):
    """What a row says of its client."""

    id: str = ""
    name: str = ""
    inn: str = ""
    kpp: str = ""
    territory: str = ""

    @property
    def shown(self) -> str:
        """How the file calls the client."""
        return self.name or self.id or self.inn

    @property
    def key(self) -> tuple[str, ...]:
        """What tells clients apart: the strictest of what the row says."""
        if self.inn:
            return ("inn", self.inn, self.kpp)
        return ("id", self.id) if self.id else ("name", self.name)


NOBODY = Party()
CLIENT_COLUMNS = ("code", "name", "sort_key", "search_key", "external_id", "territory", "kind")


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for the client, at the moment of the import."""

    client_id: int
    manager_id: int | None
    org_unit_id: int | None


class Parties:
    """Finds the clients of one file and adds those who are not here yet, if told to."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.finder = ClientFinder(run.by, loosely=False)
        self.may_create = bool(run.options.get("create_clients"))
        self.found: dict[tuple[str, ...], Owner | str] = {}  # or why there is none
        self.new: dict[tuple[str, ...], Party] = {}
        self.added: dict[str, int] = {}  # keys by the id in the file

    def load(self, parties: Iterable[Party]) -> None:
        """Read what these parties may mean, in a few queries."""
        asked = {p.key: p for p in parties if p.key not in self.found and p.key not in self.new}
        asked.pop(NOBODY.key, None)
        if not asked:
            return
        self.finder.load(text for party in asked.values() for text in _texts(party))
        ids: dict[tuple[str, ...], int] = {}
        for key, party in asked.items():
            try:
                ids[key] = self._find(party)
            except _Unknown as unknown:
                if self.may_create and not _wrong_inn(party):
                    self.new[key] = party
                    self.run.count("clients_created")
                else:
                    self.found[key] = unknown.reason
            except ValidationError as error:
                self.found[key] = error.messages[0]
        self._read_owners(ids)

    def _find(self, party: Party) -> int:
        """The only client meant: by the strictest thing that the row names."""
        for text in _texts(party):
            if self.finder.known[text]:
                return self.finder.find(text)
        name = f"{party.shown[:80]} {party.inn}" if party.inn else party.shown[:80]
        raise _Unknown(_("There is no client “%(name)s”.") % {"name": name})

    def _read_owners(self, ids: dict[tuple[str, ...], int]) -> None:
        rows = Client.objects.filter(pk__in=set(ids.values()))
        owners = {
            row[0]: Owner(*row[:3]) for row in rows.values_list("pk", "manager_id", "org_unit_id")
        }
        self.found |= {key: owners[pk] for key, pk in ids.items()}

    def refusal(self, party: Party) -> str:
        """Why there is no client for the party; empty when there is one or will be."""
        found = self.found.get(party.key)
        return found if isinstance(found, str) else ""

    def owner(self, party: Party) -> Owner | None:
        """The client of the party, after `create` of this portion."""
        found = self.found.get(party.key)
        return found if isinstance(found, Owner) else None

    def create(self) -> None:
        """Add the clients met since the last portion: nobody's yet, in the unit of the options."""
        parties = [party for key, party in self.new.items() if key not in self.found]
        if not parties:
            return
        fresh = {party.id or id(party): party for party in parties if party.id not in self.added}
        made = dict(zip(fresh, self._add(list(fresh.values())), strict=True))
        self.added |= {party.id: made[key] for key, party in fresh.items() if party.id}
        unit = self.run.options.get("unit")
        legal = []
        for party in parties:
            key = party.id or id(party)
            pk = made[key] if key in made else self.added[party.id]
            self.found[party.key] = Owner(pk, None, unit.pk if unit else None)
            if party.inn:
                legal.append(_counterparty(pk, party, is_main=fresh.get(key) is party))
        self.run.journal.add(Counterparty, copy_records(legal))

    def _add(self, parties: Sequence[Party]) -> list[int]:
        """New clients of the parties; returns their keys."""
        unit = self.run.options.get("unit")
        numbers = take_numbers("client", count=len(parties))
        ids = copy_values(
            Client,
            CLIENT_COLUMNS,
            [_client_row(party, number) for party, number in zip(parties, numbers, strict=True)],
            status=ClientStatus.CLIENT,
            org_unit_id=unit.pk if unit else None,
            created_by_id=self.run.author_id,
        )
        self.run.journal.add(Client, ids)
        return ids


class _Unknown(Exception):
    def __init__(self, reason: str) -> None:
        self.reason = reason


def read_party(row: dict[str, str]) -> Party:
    """The party of a row."""
    inn, kpp = row.get("inn", ""), row.get("kpp", "")
    if "/" in inn and not kpp:  # «ИНН/КПП» in one column
        inn, _slash, kpp = (part.strip() for part in inn.partition("/"))
    name = row.get("client", "")
    return Party(
        id=row.get("client_id", ""),
        name=name if name.isascii() else plain_text(name),
        inn=repair_inn(inn) if inn else "",
        kpp=repair_kpp(kpp) if kpp else "",
        territory=row.get("territory", ""),
    )


def _texts(party: Party) -> Sequence[str]:
    """What the client is looked up by, strictest first; a name says nothing beside an INN."""
    texts = []
    if party.inn:
        texts.append(f"{party.inn}/{party.kpp}" if party.kpp else party.inn)
    if party.id:
        texts.append(party.id)
    if party.name and not party.inn:
        texts.append(party.name)
    return texts


def _wrong_inn(party: Party) -> bool:
    if not party.inn:
        return False
    try:
        validate_inn(party.inn)
        if party.kpp:
            validate_kpp(party.kpp)
    except ValidationError:
        return True
    return False


def _client_row(party: Party, number: int) -> tuple[str, ...]:
    name = party.shown[:255]
    order, search = client_keys(name)
    kind = "ip" if party.inn and is_person_inn(party.inn) else "legal"
    ids = (party.id[:100], party.territory[:200])
    return (f"{CODE_PREFIX}{number:06d}", name, order, search, *ids, kind)


def _counterparty(client_id: int, party: Party, *, is_main: bool) -> Counterparty:
    kpp = "" if is_person_inn(party.inn) else party.kpp
    row = Counterparty(
        client_id=client_id,
        inn=party.inn,
        kpp=kpp,
        full_name=party.shown[:255],
        is_main=is_main,
    )
    set_counterparty_keys(row)
    return row
