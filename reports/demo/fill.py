"""Fills an empty database with one scale of the demo."""

from dataclasses import dataclass
from datetime import date
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from clients.models import Client, Counterparty
from crm.errors import RuleViolation
from crm.history import verb
from crm.numbering import take_numbers
from crm.work import seeds
from reports.demo.bank import add_bank
from reports.demo.clients import (
    DemoClient,
    copy_categories,
    copy_clients,
    plan_clients,
    plan_people,
)
from reports.demo.contacts import ContactMaker, copy_contacts
from reports.demo.life import add_everyday_life
from reports.demo.money import MoneyMaker
from reports.demo.people import create_staff
from reports.demo.scales import Scale

SEED = 20261123


@dataclass
class Filled:
    """What a filling wrote."""

    users: int = 0
    clients: int = 0
    people: int = 0
    contacts: int = 0
    shipments: int = 0
    payments: int = 0


@transaction.atomic
def fill(scale: Scale, *, today: date) -> Filled:
    """Write the whole scale or nothing; raises RuleViolation when there are clients already."""
    if Client.objects.exists():
        raise RuleViolation("The database already holds clients.")
    random = Random(f"{SEED}-{scale.name}")  # noqa: S311 - demo data, no secrets
    now = timezone.now()
    filled = Filled()
    with connection.cursor() as cursor:
        # Bulk work of minutes; foreign keys are checked chunk by chunk, not all at the end.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL lock_timeout = 0")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    seeds.run_all()
    with verb("demo.filled", by=None):
        staff = create_staff(scale, random)
        filled.users = len(staff.by_login)
        maker = ContactMaker(scale, random, today)
        money = MoneyMaker(scale, staff, Random(f"{SEED}-money"), today)  # noqa: S311
        for chunk in plan_clients(scale, staff, random, today):
            people = plan_people(chunk, random)
            rows = [row for client in chunk for row in maker.make(client)]
            copy_clients(chunk, people, random, now)
            copy_categories(chunk, staff)
            filled.contacts += copy_contacts(maker, chunk, rows)
            filled.clients += len(chunk)
            filled.people += len(people)
            money.write(chunk, inns_of(chunk))
        take_numbers("client", count=filled.clients)
        add_bank(scale, money, Random(f"{SEED}-bank"), today)  # noqa: S311
        add_everyday_life(scale, staff, random, today)
    filled.shipments, filled.payments = money.written.shipments, money.written.payments
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return filled


def inns_of(chunk: list[DemoClient]) -> dict[int, str]:
    """The INN of each client that has one."""
    rows = Counterparty.objects.filter(client__in=[client.pk for client in chunk])
    return dict(rows.values_list("client_id", "inn"))
