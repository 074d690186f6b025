"""What is to be done with a client of a file: a new one, or the differences to a known one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from clients.importers.client_facts import MOST_TAGS, Facts
from clients.importers.client_known import Known
from clients.models import BankAccount, Client, ContactPerson, Counterparty
from crm.accounts.models import OrgUnit, User
from crm.names import search_key
from crm.said import gettext as _

FILE_WINS, FILL_EMPTY = "update", "fill"
GOVERNED = ("status", "specifics", "tags")  # not replaced by a file: decided, grown by hand
PERSON_FIELDS = ("position", "phone", "email", "specifics")


@dataclass
class Plan:
    """One row, decided: `client` is the known one or None for a new one."""

    facts: Facts
    client: Client | None
    manager: User | None = None
    unit: OrgUnit | None = None
    category: str = ""
    parent: Client | None = None
    parent_key: str = ""  # a parent that is a row of the same file
    changes: dict[str, Any] = field(default_factory=dict)
    legal: Counterparty | None = None
    legal_changes: dict[str, Any] = field(default_factory=dict)
    new_legal: bool = False
    legal_is_main: bool = True
    new_account: bool = False
    account_is_main: bool = True
    person: ContactPerson | None = None
    person_changes: dict[str, Any] = field(default_factory=dict)
    new_person: bool = False

    @property
    def changes_something(self) -> bool:
        """Whether a known client differs from the row."""
        return bool(
            self.changes
            or self.legal_changes
            or self.new_legal
            or self.new_account
            or self.person_changes
            or self.new_person
        )


def compare(plan: Plan, known: Known, habit: str) -> None:
    """Fill in how a known client differs; `habit` says whether the file wins or only fills."""
    client, facts = plan.client, plan.facts
    assert client is not None
    plan.changes = _differing(client, _plain(facts), habit)
    tags = _joined(client.tags, facts.client.get("tags", ()))
    if tags != client.tags:
        plan.changes["tags"] = tags
    if facts.client.get("specifics") and not client.specifics:
        plan.changes["specifics"] = facts.client["specifics"]
    if facts.external_id and not client.external_id:
        plan.changes["external_id"] = facts.external_id
    _compare_legal(plan, known, habit)
    _compare_person(plan, known, habit)


def _plain(facts: Facts) -> dict[str, Any]:
    plain = {name: value for name, value in facts.client.items() if name not in GOVERNED}
    if "inn" not in facts.legal:
        plain.pop("kind", None)  # only a guess
    return plain


def _differing(record: Any, values: dict[str, Any], habit: str) -> dict[str, Any]:
    return {
        name: value
        for name, value in values.items()
        if value != getattr(record, name) and (habit == FILE_WINS or not getattr(record, name))
    }


def _joined(present: list[str], added: Iterable[str]) -> list[str]:
    """Tags of both, each once; the file takes none away."""
    folded = {tag.casefold() for tag in present}
    return [*present, *(tag for tag in added if tag.casefold() not in folded)][
        : max(MOST_TAGS, len(present))
    ]


def _compare_legal(plan: Plan, known: Known, habit: str) -> None:
    """The legal side by INN + KPP; one without an INN gets it; another one is added beside."""
    facts, client = plan.facts, plan.client
    assert client is not None
    if facts.inn_kpp is None:
        return
    present = known.legal_of[client.pk]
    plan.legal = known.by_legal.get(facts.inn_kpp) or next((c for c in present if not c.inn), None)
    plan.legal_is_main = not any(counterparty.is_main for counterparty in present)
    if plan.legal is None:
        plan.new_legal = True
    else:
        plan.legal_changes = _differing(plan.legal, facts.legal, habit)
    if facts.account:
        accounts = known.accounts_of[plan.legal.pk] if plan.legal else []
        plan.new_account = not any(_is_account(account, facts.account) for account in accounts)
        plan.account_is_main = not any(a.is_main and a.closed_on is None for a in accounts)


def _is_account(account: BankAccount, facts: dict[str, str]) -> bool:
    return (account.bic, account.account) == (facts["bic"], facts["account"])


def _compare_person(plan: Plan, known: Known, habit: str) -> None:
    client, facts = plan.client, plan.facts.person
    assert client is not None
    if not facts:
        return
    key = search_key(facts["full_name"])
    people = known.people_of[client.pk]
    plan.person = next((person for person in people if person.search_key == key), None)
    if plan.person is None:
        plan.new_person = True
    else:
        values = {name: facts[name] for name in PERSON_FIELDS if facts.get(name)}
        plan.person_changes = _differing(plan.person, values, habit)


def find_client(facts: Facts, known: Known, *, by_name: bool) -> Client | None:
    """The known client that the row means: INN + KPP, else external id, else the exact name.

    Raises ValidationError where two keys mean two clients or the client cannot be changed here.
    """
    legal = known.by_legal.get(facts.inn_kpp) if facts.inn_kpp else None
    by_id = known.by_external.get(facts.external_id) if facts.external_id else None
    if legal and by_id and legal.client_id != by_id.pk:
        raise ValidationError(_("INN and KPP belong to one client and the id to another."))
    client = legal.client if legal else by_id
    if client is None and by_name:
        namesakes = known.named(facts.client["name"])
        if len(namesakes) > 1:
            raise ValidationError(_("Several clients have this name."))
        client = namesakes[0] if namesakes else None
    if client is not None and not known.is_visible(client):
        raise ValidationError(_("This client exists already, but you do not see it."))
    if client is not None and client.archived_at is not None:
        raise ValidationError(_("The client is in the archive: bring it back first."))
    return client
