"""Stored keys of names: Russian order and forgiving search (crm.names), set on every write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.names import search_key, sort_key

if TYPE_CHECKING:
    from clients.models import Client, ContactPerson, Counterparty

CLIENT_KEYS = ("sort_key", "search_key")
PERSON_KEYS = ("sort_key", "search_key")
COUNTERPARTY_KEYS = ("search_key",)


def set_client_keys(client: Client) -> None:
    """Order and search by the name; the code is looked up by itself."""
    client.sort_key, client.search_key = client_keys(client.name)


def client_keys(name: str) -> tuple[str, str]:
    """Both keys of a client of the name."""
    return sort_key(name), search_key(name)[:600]


def set_person_keys(person: ContactPerson) -> None:
    """Order and search by the full name."""
    person.sort_key = sort_key(person.full_name)
    person.search_key = search_key(person.full_name)[:300]


def set_counterparty_keys(counterparty: Counterparty) -> None:
    """Search by the legal names, long and short."""
    long, short = search_key(counterparty.full_name), search_key(counterparty.short_name)
    counterparty.search_key = (long if short in long else f"{long} {short}")[:600]
