"""The client of a request and what stands in the header of its card.

Every page and tab of a card asks for them, so their SQL is built once for those who see alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, QuerySet

from clients.models import Client, ContactPerson, Counterparty, RegistrationSheet
from clients.permissions import sees_all_fields
from crm.accounts.models import OrgUnit
from crm.accounts.querysets import names_of
from crm.accounts.scope import scope_of
from crm.sql import Blank, Kept, Statement, maker, side_by_side, whole

if TYPE_CHECKING:
    from crm.accounts.models import User

OWN, OF_UNIT = (
    tuple(field.attname for field in model._meta.concrete_fields) for model in (Client, OrgUnit)
)
CARD = (
    *OWN,
    *(f"org_unit__{name}" for name in OF_UNIT),
    *names_of("manager", "created_by"),
    *("parent__id", "parent__name"),
)
PERSON = ("id", "full_name", "phone")
LEGAL_SIDE = ("id", "inn", "kpp")
SHEET = ("id", "state", "completeness_pct")
THE_CLIENT = Blank()
_kept = Kept()


class HeaderRows(NamedTuple):
    """The decision maker, the main legal side, how many visible clients are parts of this one.

    And the newest registration sheet: its state and completeness.
    """

    decider: ContactPerson | None
    requisites: Counterparty | None
    parts: int
    sheet: RegistrationSheet | None


def seen_client(user: User, pk: int) -> Client | None:
    """The client with all that its card shows of it; None if the person does not see it."""
    scope = scope_of(user)
    if scope.is_empty:
        return None
    statement = _kept.get(scope.key, lambda: Statement.of(_seen_by(user)))
    rows = statement.filled(THE_CLIENT, pk).rows()
    return maker(Client, CARD)(rows[0]) if rows else None


def _seen_by(user: User) -> QuerySet[Client, Any]:
    return Client.objects.visible_to(user).filter(pk=THE_CLIENT.expression).values_list(*CARD)


def header_rows(client: Client, user: User) -> HeaderRows:
    """What the header shows beside a visible client; people and figures only to those who may."""
    complete = sees_all_fields(user)
    key = ("header", complete, scope_of(user).key)
    statement = _kept.get(key, lambda: _header(user, complete=complete))
    (row,) = statement.filled(THE_CLIENT, client.pk).rows()
    parts, person, legal, sheet = row[0], row[1:4], row[4:7], row[7:10]
    return HeaderRows(
        maker(ContactPerson, PERSON)(person) if any(person) else None,
        maker(Counterparty, LEGAL_SIDE)(legal) if any(legal) else None,
        parts or 0,
        maker(RegistrationSheet, SHEET)(sheet) if any(sheet) else None,
    )


def _header(user: User, *, complete: bool) -> Statement:
    the_client = THE_CLIENT.expression
    parts = Client.objects.visible_to(user).open().filter(parent=the_client)
    asked = [whole(parts, count=Count("*"))]
    if complete:
        people = ContactPerson.objects.visible_to(user).open().filter(client=the_client)
        legal = Counterparty.objects.visible_to(user).open().filter(client=the_client)
        asked += [
            people.filter(is_decision_maker=True).values_list(*PERSON)[:1],
            legal.values_list(*LEGAL_SIDE)[:1],
            _newest_sheet(user).values_list(*SHEET)[:1],
        ]
    return side_by_side(*asked)


def _newest_sheet(user: User) -> QuerySet[RegistrationSheet, Any]:
    rows = RegistrationSheet.objects.visible_to(user).filter(client=THE_CLIENT.expression)
    return rows.order_by("-campaign__year", "-pk")  # type: ignore[no-any-return]
