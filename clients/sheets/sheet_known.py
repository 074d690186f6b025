"""What the card of a client knows already about the questions of its sheet, and last year's sheet.

Read when the sheet is opened, not when the campaign begins: so it is what the card says today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from clients.models import (
    Client,
    ClientNeed,
    ContactPerson,
    Counterparty,
    KnownFact,
    Outlet,
    RegistrationSheet,
)
from clients.sheets.sheet_questions import Question, plain_number
from crm.phones import format_phone

LONGEST = 1000


@dataclass(frozen=True)
class Facts:
    """The parts of the card; each is read when a question asks for it."""

    client: Client

    @cached_property
    def legal(self) -> Counterparty | None:
        return Counterparty.objects.open().filter(client=self.client).first()

    @cached_property
    def people(self) -> list[ContactPerson]:
        return list(ContactPerson.objects.open().filter(client=self.client)[:10])

    @cached_property
    def outlets(self) -> list[Outlet]:
        return list(Outlet.objects.open().filter(client=self.client))

    @cached_property
    def needs(self) -> list[ClientNeed]:
        return list(ClientNeed.objects.open().filter(client=self.client)[:10])

    @property
    def decider(self) -> ContactPerson | None:
        return next((one for one in self.people if one.is_decision_maker), None)

    @property
    def other(self) -> ContactPerson | None:
        return next((one for one in self.people if not one.is_decision_maker), None)


def _of_legal(name: str) -> Callable[[Facts], str]:
    return lambda facts: str(getattr(facts.legal, name, "") or "")


def _of_client(name: str) -> Callable[[Facts], str]:
    return lambda facts: str(getattr(facts.client, name) or "")


def _named(person: ContactPerson | None, *, phone: bool = False) -> str:
    if person is None:
        return ""
    parts = [person.full_name, person.position]
    if phone and person.phone:
        parts.append(format_phone(person.phone))
    return ", ".join(part for part in parts if part)


def _potential(facts: Facts) -> str:
    return plain_number(facts.client.potential_monthly) if facts.client.potential_monthly else ""


def _windows(facts: Facts) -> str:
    return next((one.delivery_window for one in facts.outlets if one.delivery_window), "")


SOURCES: dict[str, Callable[[Facts], str]] = {
    KnownFact.LEGAL_NAME: _of_legal("full_name"),
    KnownFact.INN: _of_legal("inn"),
    KnownFact.KPP: _of_legal("kpp"),
    KnownFact.OGRN: _of_legal("ogrn"),
    KnownFact.LEGAL_ADDRESS: _of_legal("legal_address"),
    KnownFact.ADDRESS: _of_client("address"),
    KnownFact.PHONE: _of_client("phone"),
    KnownFact.EMAIL: _of_client("email"),
    KnownFact.WEBSITE: _of_client("website"),
    KnownFact.CHANNEL: _of_client("channel"),
    KnownFact.DECIDER: lambda facts: _named(facts.decider),
    KnownFact.DECIDER_PHONE: lambda facts: facts.decider.phone if facts.decider else "",
    KnownFact.PERSON: lambda facts: _named(facts.other, phone=True),
    KnownFact.OUTLETS: lambda facts: str(len(facts.outlets) or ""),
    KnownFact.DELIVERY_WINDOW: _windows,
    KnownFact.POTENTIAL: _potential,
    KnownFact.NEEDS: lambda facts: "; ".join(one.subject for one in facts.needs),
}


def on_card(client: Client, questions: Iterable[Question]) -> dict[str, str]:
    """Answers that the card gives, by the codes of the questions; at most a query per part."""
    facts, found = Facts(client), {}
    for one in questions:
        value = SOURCES[one.known](facts).strip()[:LONGEST] if one.known in SOURCES else ""
        if value and fits(one, value):
            found[one.code] = value
    return found


def of_last_sheet(sheet: RegistrationSheet) -> RegistrationSheet | None:
    """The approved sheet of the client of the nearest year before."""
    rows = RegistrationSheet.objects.filter(client=sheet.client_id, state="approved")
    rows = rows.filter(campaign__year__lt=sheet.campaign.year).select_related("campaign")
    found: RegistrationSheet | None = rows.order_by("-campaign__year", "-pk").first()
    return found


def fits(question: Question, answer: str) -> bool:
    """Whether the answer may be taken over: a choice has to be among today's options."""
    return question.kind != "choice" or answer in question.options_ru


@dataclass(frozen=True)
class Offered:
    """What an empty sheet begins with, and where each answer comes from."""

    answers: dict[str, str]
    from_card: dict[str, str]
    last: Mapping[str, Any]
    last_year: int | None


def offered(sheet: RegistrationSheet, questions: list[Question]) -> Offered:
    """The card comes first, then the last sheet: what people keep up to date is on the card."""
    card, last = on_card(sheet.client, questions), of_last_sheet(sheet)
    old: dict[str, str] = dict(last.answers) if last is not None else {}
    kinds = {one.code: one for one in questions}
    taken = {code: old[code] for code in kinds if old.get(code) and fits(kinds[code], old[code])}
    year = last.campaign.year if last is not None else None
    return Offered(taken | card, card, old, year)
