"""Counterparties of the file as parties of ours: wrong codes are told, never stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.core.exceptions import ValidationError

from crm.imports import values
from crm.imports.registry import Run
from crm.names import search_key
from crm.requisites import clean_inn, clean_kpp, is_person_inn, repair_inn, repair_kpp
from crm.said import gettext as _
from deals.importers.commerceml.content import Paper, Side
from deals.importers.parties import Owner, Parties, Party


class Known(NamedTuple):
    """A counterparty looked up: its party, why there is no client, what is wrong with its codes."""

    party: Party
    refusal: str
    warnings: list[str]


class Sides:
    """The counterparties of one file."""

    def __init__(self, run: Run) -> None:
        self.parties = Parties(run)
        self.known: dict[str, Known] = {}

    def load(self, sides: Iterable[Side]) -> None:
        """Look up those not looked up yet."""
        fresh = {side.key: _party(side) for side in sides if side.key not in self.known}
        finder = self.parties.finder
        finder.load(party.id for party, _warnings in fresh.values())
        # One without a name is found by its id or not at all: there is nothing to call it by.
        nameless = {
            key
            for key, (party, _warnings) in fresh.items()
            if not party.inn
            and not search_key(party.name)
            and not (party.id and finder.known[party.id])
        }
        self.parties.load(party for key, (party, _w) in fresh.items() if key not in nameless)
        for key, (party, warnings) in fresh.items():
            refusal = (
                _("The counterparty has neither a name nor an INN.")
                if key in nameless
                else self.parties.refusal(party)
            )
            self.known[key] = Known(party, refusal, warnings)

    def find(self, side: Side) -> Known:
        """A counterparty that was loaded."""
        return self.known[side.key]

    def owner(self, side: Side) -> Owner | None:
        """The client behind it, once it is in the base."""
        return self.parties.owner(self.known[side.key].party)

    def owner_of(self, paper: Paper) -> Owner:
        """The client of a document that is written: it is in the base by then."""
        owner = self.owner(paper.side) if paper.side else None
        assert owner is not None
        return owner

    def is_new(self, side: Side) -> bool:
        """Whether its client is added by this file."""
        known = self.known[side.key]
        return not known.refusal and known.party.key in self.parties.new


def _party(side: Side) -> tuple[Party, list[str]]:
    warnings: list[str] = []
    inn = _code(side.inn, lambda text: clean_inn(repair_inn(text)), warnings)
    kpp = _code(side.kpp, lambda text: clean_kpp(repair_kpp(text)), warnings) if inn else ""
    kpp = "" if inn and is_person_inn(inn) else kpp
    return Party(id=side.id, name=side.name or side.full_name, inn=inn, kpp=kpp), warnings


def _code(text: str, clean: Callable[[str], str], warnings: list[str]) -> str:
    """The code, or nothing and a sentence why."""
    if not text:
        return ""
    try:
        return clean(text)
    except ValidationError as error:
        warnings.append(values.reason(error))
        return ""
