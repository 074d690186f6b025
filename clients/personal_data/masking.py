"""Taking the words of one person out of every table: what is masked, where, and what stays (D.13).

Live rows are masked with the rights of the web, and leave events as any change does; histories and
the journal of access by the function of the owner (`clients.personal_data.masking_sql`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pghistory.models
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.db.models import Q

from clients.models import Client, ContactPerson, DestructionAct
from clients.personal_data.masking_sql import MASK
from crm.accounts.models import AccessEvent, User
from crm.names import split_full_name
from crm.phones import format_phone

LEAST_NAME, LEAST_SURNAME = 2, 4
RUSSIAN_DIGITS = 11
LONG_STATEMENT = "10min"
# Documents that the law keeps for five years (402-ФЗ art. 29) and what they are made of.
DOCUMENTS = frozenset(
    {"clients.Counterparty", "clients.BankAccount", "deals.Contract", "deals.Shipment"}
    | {"deals.ShipmentLine", "deals.Invoice", "deals.Payment", "deals.BankStatement"}
    | {"deals.PayerAccount", "deals.ReconciliationAct", "deals.ActLine", "deals.ActLink"}
    | {"deals.ClientStatement", "deals.PowerOfAttorney", "claims.OutgoingClaim"}
    | {"claims.OutgoingLine", "claims.Lawsuit", "claims.LawsuitStage"}
)
# Written by machines, about employees, or derived from what is masked.
OTHERS = frozenset(
    {"accounts.User", "accounts.AccessEvent", "clients.ClientSearch", "clients.ContactPerson"}
    | {"clients.Bank"}
)
OTHER_APPS = frozenset({"work", "sessions", "auth", "contenttypes", "account", "mfa", "pghistory"})
MACHINE = frozenset(
    {"kind", "url", "path", "key", "sort_key", "search_key", "dedupe_key", "digest", "sha256"}
    | {"received_sha256", "owner_kind", "subject_kind", "message_id", "external_id", "number"}
    | {"content_key", "reminder_digest", "search_text", "state", "source", "code", "reg_no"}
)
# The name of a client is that of the business party; what else stands there is free text.
ONLY_OF = {"clients.Client": frozenset({"specifics", "archive_reason", "source"})}


@dataclass(frozen=True)
class Words:
    """What names a person: anywhere, only beside the person, and what only one person has."""

    names: list[str]
    beside: list[str]
    own: list[str]
    has_namesake: bool

    @property
    def everywhere(self) -> list[str]:
        """What is masked in all tables; a name that somebody else has as well is not."""
        return self.own if self.has_namesake else [*self.names, *self.own]

    @property
    def of_person(self) -> list[str]:
        """What is masked in rows of the person."""
        return [*self.names, *self.beside, *self.own]


@dataclass
class Masked:
    """Rows that lost the words, by table, and tables that refused or stay by law."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    kept: list[dict[str, str]] = field(default_factory=list)

    def add(self, label: str, number: int, *, history: bool = False) -> None:
        """Note a table of which something was masked."""
        if number:
            self.rows.append({"table": label, "rows": number, "history": history})


def words_of(person: ContactPerson) -> Words:
    """Every name, phone and address the person ever had here."""
    events: Any = ContactPerson.pgh_event_model  # type: ignore[attr-defined]
    known = events.objects.filter(pgh_obj=person).values_list("full_name", "email", "phone")
    rows = {(person.full_name, person.email, person.phone), *known}
    names: dict[str, None] = {}
    beside: dict[str, None] = {}
    own: dict[str, None] = {}
    for full_name, email, phone in rows:
        names.update(dict.fromkeys(_names(full_name)))
        beside.update(dict.fromkeys(_beside(full_name)))
        if email and not _shared(person, "email", email):
            own[email] = None
        if phone and not _shared(person, "phone", phone):
            own.update(dict.fromkeys(_phones(phone)))
    namesake = any(_shared(person, "full_name", name) for name, _email, _phone in rows if name)
    return Words(list(names), list(beside), list(own), namesake or _is_colleague(rows))


def _names(full_name: str) -> Iterator[str]:
    """The whole name and the ways to shorten it, of at least two words."""
    last, first, middle = split_full_name(full_name)
    if len(full_name.split()) < LEAST_NAME or not (last and first):
        return
    yield full_name
    yield f"{last} {first}"
    yield f"{first} {last}"
    yield f"{last} {first[0]}"
    yield f"{first[0]} {last}"
    if middle:
        yield f"{first} {middle} {last}"
        yield f"{last} {first[0]} {middle[0]}"
        yield f"{first[0]} {middle[0]} {last}"


def _beside(full_name: str) -> Iterator[str]:
    """Parts of the name that say who it is only where the person is meant anyhow."""
    last, first, middle = split_full_name(full_name)
    if len(last) >= LEAST_SURNAME:
        yield last
    if first and middle:
        yield f"{first} {middle}"


def _phones(phone: str) -> Iterator[str]:
    yield phone
    shown = format_phone(phone)
    if shown != phone:
        yield shown
    digits = "".join(char for char in phone if char.isdigit())
    if len(digits) == RUSSIAN_DIGITS:
        rest = digits[1:]
        yield rest
        yield f"{rest[:3]} {rest[3:6]} {rest[6:8]} {rest[8:]}"


def _shared(person: ContactPerson, column: str, value: str) -> bool:
    """Whether another person that is not destroyed has the same."""
    rows = ContactPerson.objects.filter(anonymised_at=None).exclude(pk=person.pk)
    if rows.filter(**{f"{column}__iexact": value}).exists():
        return True
    if column == "full_name":
        return False
    others = Q(**{f"{column}__iexact": value})
    return Client.objects.filter(others).exists() or User.objects.filter(others).exists()


def _is_colleague(rows: Iterable[tuple[str, str, str]]) -> bool:
    """Whether an employee has the same name."""
    for name, _email, _phone in rows:
        last, first, _middle = split_full_name(name)
        same = User.objects.filter(last_name__iexact=last, first_name__iexact=first)
        if last and first and same.exists():
            return True
    return False


def mask_everywhere(act: DestructionAct, words: Words) -> Masked:
    """Mask the live tables, then the histories; the caller has approved the act."""
    found = Masked()
    found.add(ContactPerson._meta.label, 1)  # the caller has emptied the person itself
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [LONG_STATEMENT])
    for model in live_models():
        _mask_live(model, act.person, words, found)
    last = ContactPerson.pgh_event_model._meta.db_table  # type: ignore[attr-defined]
    # By the events of the person the function knows whose words these are: they go last.
    for table, label in sorted(histories(), key=lambda one: (one[0] == last, one[0])):
        number = _mask_history(act, table, words.of_person, of_person=True)
        number += _mask_history(act, table, words.everywhere, of_person=False)
        found.add(label, number, history=True)
    return found


def live_models() -> list[type[models.Model]]:
    """Tables with words of people in them."""
    return [
        model
        for model in apps.get_models()
        if model._meta.managed
        and not model._meta.proxy
        and not issubclass(model, pghistory.models.Event)
        and model._meta.app_label not in OTHER_APPS
        and model._meta.label not in DOCUMENTS | OTHERS
        and columns_of(model)
    ]


def columns_of(model: type[models.Model]) -> list[tuple[str, bool]]:
    """Columns with words, and whether each is JSON."""
    only = ONLY_OF.get(model._meta.label)
    return [
        (str(column.column), isinstance(column, models.JSONField))
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField | models.JSONField)
        and not isinstance(column, models.GeneratedField)
        and not (column.choices or column.unique or column.primary_key)
        and column.name not in MACHINE
        and (only is None or column.name in only)
    ]


def histories() -> Iterator[tuple[str, str]]:
    """Histories of what is masked, and the journal of access."""
    yield AccessEvent._meta.db_table, AccessEvent._meta.label
    for model in apps.get_models():
        tracked = getattr(model, "pgh_tracked_model", None)
        if tracked is None or not issubclass(model, pghistory.models.Event):
            continue
        if tracked._meta.label in DOCUMENTS or tracked._meta.label == "accounts.User":
            continue
        yield model._meta.db_table, tracked._meta.label


def _mask_live(
    model: type[models.Model], person: ContactPerson, words: Words, found: Masked
) -> None:
    columns, label = columns_of(model), model._meta.label
    number = 0
    try:
        with transaction.atomic():
            if _refers(model, "person", ContactPerson):
                number += _update(model, columns, words.of_person, ("person_id", person.pk))
            if words.has_namesake and _refers(model, "client", Client):
                number += _update(model, columns, words.names, ("client_id", person.client_id))
            number += _update(model, columns, words.everywhere, None)
    except DatabaseError as refusal:
        found.kept.append({"table": label, "why": str(refusal).splitlines()[0][:200]})
        return
    found.add(label, number)


def _refers(model: type[models.Model], name: str, to: type[models.Model]) -> bool:
    return any(
        column.name == name and column.related_model is to for column in model._meta.concrete_fields
    )


def _update(
    model: type[models.Model],
    columns: Sequence[tuple[str, bool]],
    words: Sequence[str],
    whose: tuple[str, int] | None,
) -> int:
    """Mask the words in the columns of the rows; how many rows had them."""
    if not words:
        return 0
    quote = connection.ops.quote_name
    sets, has = [], []
    for name, is_json in columns:
        column = quote(name)
        text = f"{column}::text" if is_json else column
        back = "::jsonb" if is_json else ""
        sets.append(f"{column} = regexp_replace({text}, m.pattern, %s, 'gi'){back}")
        has.append(f"{text} ~* m.pattern")
    statement = " ".join(
        [
            "WITH m AS MATERIALIZED (SELECT klientura_mask_pattern(%s) AS pattern)",
            "UPDATE", quote(model._meta.db_table), "SET", ", ".join(sets), "FROM m",
            "WHERE (", " OR ".join(has), ")",
        ]
    )  # fmt: skip
    values: list[Any] = [list(words), *[MASK] * len(columns)]
    if whose is not None:
        statement += f" AND {quote(whose[0])} = %s"
        values.append(whose[1])
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _mask_history(act: DestructionAct, table: str, words: Sequence[str], *, of_person: bool) -> int:
    if not words:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT klientura_mask_history(%s, %s, %s, %s)",
            [act.pk, table, list(words), of_person],
        )
        return int(cursor.fetchone()[0])
