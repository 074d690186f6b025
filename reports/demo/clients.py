"""Clients of the demo with requisites, people, owners and categories."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from clients.models import (
    BankAccount,
    CategoryAssignment,
    Client,
    ClientAssignment,
    ClientNeed,
    ContactPerson,
    Counterparty,
    Outlet,
)
from crm.accounts.models import User
from crm.names import search_key, sort_key
from crm.requisites_sample import (
    make_account,
    make_bic,
    make_inn,
    make_kpp,
    make_ogrn,
    make_ogrnip,
    make_person_inn,
)
from reports.demo import words
from reports.demo.copying import Bulk
from reports.demo.people import Staff, person_name, phone_number
from reports.demo.scales import Scale

PERSON_COLUMNS = (
    "id",
    "client_id",
    "full_name",
    "sort_key",
    "search_key",
    "position",
    "phone",
    "email",
    "is_decision_maker",
    "influence",
)
CLIENT_COLUMNS = (
    "id",
    "code",
    "name",
    "sort_key",
    "search_key",
    "kind",
    "status",
    "parent_id",
    "channel",
    "territory",
    "category",
    "category_since",
    "potential_monthly",
    "phone",
    "email",
    "address",
    "source",
    "tags",
    "manager_id",
    "org_unit_id",
    "last_contact_at",
    "next_contact_at",
    "actualised_on",
    "archived_at",
    "created_at",
)
COUNTERPARTY_COLUMNS = (
    "id",
    "client_id",
    "full_name",
    "short_name",
    "search_key",
    "inn",
    "kpp",
    "ogrn",
    "legal_address",
)
REGIONS = sorted({town[1] for town in words.TOWNS})


@dataclass
class DemoClient:
    """One client on its way into the tables."""

    pk: int
    number: int
    name: str
    kind: str
    status: str
    category: str | None
    manager: User
    town: tuple[str, str, str]
    since: date
    parent_id: int | None = None
    inn: str = ""
    people: list[int] = field(default_factory=list)
    last_contact_at: str | None = None
    next_contact_at: str | None = None


def plan_clients(
    scale: Scale, staff: Staff, random: Random, today: date, bulk: Bulk
) -> Iterator[list[DemoClient]]:
    """Clients in chunks, spread over the managers; names never repeat."""
    names = _names(random)
    chains: list[int] = []
    size = 5_000
    for start in range(0, scale.clients, size):
        count = min(size, scale.clients - start)
        ids = bulk.ids(Client, count)
        chunk = [
            _client(ids[i], start + i, names, scale, staff, random, today, chains)
            for i in range(count)
        ]
        yield chunk


def _client(
    pk: int,
    number: int,
    names: Iterator[str],
    scale: Scale,
    staff: Staff,
    random: Random,
    today: date,
    chains: list[int],
) -> DemoClient:
    manager = staff.managers[number % len(staff.managers)]
    town = words.TOWNS[number % len(words.TOWNS)]
    luck = random.random()
    status = (
        "client"
        if luck < 0.84
        else "prospect"
        if luck < 0.94
        else ("trading_hall" if luck < 0.98 else "archived")
    )
    luck = random.random()
    category: str | None = "A" if luck < 0.10 else "B" if luck < 0.34 else "C"
    if status == "prospect" and random.random() < 0.25:
        category = None
    kind, parent = "legal", None
    if number < len(words.CHAINS) and scale.clients > 100:
        kind, name, category, status = "chain", f"Сеть «{words.CHAINS[number]}»", "A", "client"
        chains.append(pk)
    elif random.random() < 0.15:
        last, first, middle = person_name(random)
        kind, name = "ip", f"ИП {last} {first[0]}. {middle[0]}."
    else:
        name = next(names)
        parent = random.choice(chains) if chains and random.random() < 0.03 else None
    since = today - timedelta(days=60 + int(random.random() * 900))
    return DemoClient(pk, number, name, kind, status, category, manager, town, since, parent)


def _names(random: Random) -> Iterator[str]:
    """Company names without repetition: pairs of words, then endings, then numbers."""
    bases = [f"{first} {second}" for first in words.FIRST for second in words.SECOND]
    bases += list(words.PLAIN) * 3
    random.shuffle(bases)
    used: set[str] = set()
    while True:
        for base in bases:
            ending = random.choice(words.ENDINGS)
            form = random.choice(("ООО", "ООО", "ООО", "ООО", "АО", "ТД", "ПАО"))
            name = f"{form} «{base}{ending}»"
            if name in used:
                name = f"{form} «{base} № {len(used) % 97 + 2}{ending}»"
            if name not in used:
                used.add(name)
                yield name


def copy_clients(
    bulk: Bulk,
    chunk: list[DemoClient],
    people: list[tuple[Any, ...]],
    random: Random,
    now: datetime,
) -> None:
    """Write a chunk of clients with everything that belongs to them, contacts apart."""
    bulk.copy(Client, CLIENT_COLUMNS, (_client_row(client, random, now) for client in chunk))
    bulk.copy(
        ClientAssignment,
        ("client_id", "manager_id", "valid_from"),
        ((c.pk, c.manager.pk, c.since) for c in chunk),
        role="primary",
    )
    _copy_requisites(bulk, chunk, random)
    bulk.copy(ContactPerson, PERSON_COLUMNS, people)
    _copy_outlets_and_needs(bulk, chunk, random)


def _copy_outlets_and_needs(bulk: Bulk, chunk: list[DemoClient], random: Random) -> None:
    some = [c for c in chunk if random.random() < 0.3]
    bulk.copy(
        Outlet,
        ("client_id", "name", "address", "delivery_window"),
        (
            (c.pk, f"Магазин № {i + 1}", _address(c, random), "09:00–13:00")
            for c in some
            for i in range(random.randrange(1, 4))
        ),
    )
    bulk.copy(
        ClientNeed,
        ("client_id", "subject", "level", "direction", "volume_month", "noted_on", "author_id"),
        (
            (
                c.pk,
                random.choice(words.NEEDS),
                random.randrange(1, 6),
                "Расширить полку к сезону",
                f"{random.randrange(20, 400)} кор.",
                c.since + timedelta(days=20),
                c.manager.pk,
            )
            for c in chunk
            if random.random() < 0.35
        ),
    )


def copy_categories(bulk: Bulk, chunk: list[DemoClient], staff: Staff) -> None:
    """The category that the head gave each client on its first day."""
    heads = {manager.pk: staff.head_of(manager).pk for manager in staff.managers}
    bulk.copy(
        CategoryAssignment,
        ("client_id", "category", "valid_from", "decided_by_id"),
        ((c.pk, c.category, c.since, heads[c.manager.pk]) for c in chunk if c.category),
        kind="initial",
    )


def _client_row(c: DemoClient, random: Random, now: datetime) -> tuple[Any, ...]:
    potential = {"A": 500, "B": 100, "C": 8, None: 20}[c.category]
    thousands = int(potential * (1 + 3 * random.random() ** 2))
    checked = c.since + timedelta(days=int(random.random() * max(1, (now.date() - c.since).days)))
    tags = [random.choice(words.TAGS)] if random.random() < 0.3 else []
    return (
        c.pk,
        f"K-{c.number + 1:06d}",
        c.name,
        sort_key(c.name),
        search_key(c.name),
        c.kind,
        c.status,
        c.parent_id,
        words.CHANNELS[c.number % len(words.CHANNELS)],
        c.town[0],
        c.category,
        c.since if c.category else None,
        f"{thousands}000.00",
        f"+7{c.town[2]}{random.randrange(2_000_000, 7_999_999)}",
        f"zakaz{c.number + 1}@{'shop' if c.kind == 'ip' else 'opt'}.example",
        _address(c, random),
        random.choice(words.SOURCES),
        tags,
        c.manager.pk,
        c.manager.org_unit_id,
        c.last_contact_at,
        c.next_contact_at,
        checked,
        now if c.status == "archived" else None,
        datetime.combine(c.since, now.timetz()),
    )


def _address(c: DemoClient, random: Random) -> str:
    return f"г. {c.town[0]}, {random.choice(words.STREETS)}, д. {random.randrange(1, 140)}"


def _copy_requisites(bulk: Bulk, chunk: list[DemoClient], random: Random) -> None:
    legal = [c for c in chunk if c.kind in {"legal", "ip"}]
    ids = bulk.ids(Counterparty, len(legal))
    rows, accounts = [], []
    bics = [make_bic(number) for number in range(12)]
    for pk, c in zip(ids, legal, strict=True):
        region = REGIONS[c.number % len(REGIONS)]
        serial = c.number // len(REGIONS) + 1
        if c.kind == "ip":
            inn, kpp, ogrn = (
                make_person_inn(serial, region=region),
                "",
                make_ogrnip(serial, region=region),
            )
        else:
            inn = make_inn(serial, region=region)
            kpp, ogrn = make_kpp(inn), make_ogrn(serial, region=region)
        c.inn = inn
        full = c.name.replace("ООО", "Общество с ограниченной ответственностью", 1)
        rows.append(
            (pk, c.pk, full, c.name, search_key(c.name), inn, kpp, ogrn, _address(c, random))
        )
        bic = bics[c.number % len(bics)]
        accounts.append(
            (pk, bic, "Банк «Образцовый»", make_account(bic, c.number + 1, person=c.kind == "ip"))
        )
    bulk.copy(Counterparty, COUNTERPARTY_COLUMNS, rows)
    bulk.copy(BankAccount, ("counterparty_id", "bic", "bank_name", "account"), accounts)


def plan_people(bulk: Bulk, chunk: list[DemoClient], random: Random) -> list[tuple[Any, ...]]:
    """Rows of contact persons; the first is the decision maker, but for some A clients nobody."""
    counts = [random.choice((2, 3, 3, 4)) for _ in chunk]
    ids = iter(bulk.ids(ContactPerson, sum(counts)))
    rows = []
    for client, count in zip(chunk, counts, strict=True):
        for place in range(count):
            last, first, middle = person_name(random)
            name = f"{last} {first} {middle}"
            pk = next(ids)
            client.people.append(pk)
            decides = place == 0 and not (client.category == "A" and client.number % 9 == 0)
            rows.append(
                (
                    pk,
                    client.pk,
                    name,
                    sort_key(name),
                    search_key(name),
                    words.POSITIONS[(place * 3 + client.number) % len(words.POSITIONS)],
                    phone_number(random),
                    f"p{pk}@opt.example",
                    decides,
                    random.randrange(2, 6),
                )
            )
    return rows
