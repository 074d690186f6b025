"""Contracts that rows name: 1C is their master, so unknown ones are added."""

from __future__ import annotations

from collections.abc import Iterable

from crm.copying import copy_values
from crm.imports import synonyms
from crm.imports.reading import header_key
from crm.imports.registry import Run
from crm.names import search_key
from deals.models import Contract, ContractState

Pair = tuple[int, str]  # client and the key of the number


class Contracts:
    """Finds and adds contracts for one file."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.ids: dict[Pair, int] = {}
        self.read_of: set[int] = set()

    def load(self, wanted: Iterable[tuple[int, str]], *, create: bool = True) -> None:
        """Read contracts of the clients by what the rows call them; add the missing ones."""
        named = {
            (client_id, search_key(text)): text
            for client_id, text in wanted
            if text and header_key(text) not in synonyms.NO_CONTRACT
        }
        clients = {client_id for client_id, _key in named} - self.read_of
        if clients:
            self.read_of |= clients
            known = Contract.objects.filter(client__in=clients)
            for pk, client_id, number in known.values_list("pk", "client_id", "number"):
                self.ids[(client_id, search_key(number))] = pk
        if create:
            self._create({pair: text for pair, text in named.items() if pair not in self.ids})

    def _create(self, fresh: dict[Pair, str]) -> None:
        rows = [(client_id, text[:100]) for (client_id, _key), text in fresh.items()]
        ids = copy_values(
            Contract,
            ("client_id", "number"),
            rows,
            state=ContractState.ACTIVE,
            is_imported=True,
        )
        self.run.journal.add(Contract, ids)
        self.ids |= dict(zip(fresh, ids, strict=True))
        if ids:
            self.run.count("contracts_created", len(ids))

    def find(self, client_id: int, text: str) -> int | None:
        """The contract of that name, after `load`."""
        return self.ids.get((client_id, search_key(text))) if text else None
