"""Fills an empty database with one scale of the demo."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

import pgtrigger
from django.db import connection, transaction
from django.utils import timezone

from clients.models import Client
from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from crm.notices.models import Notice, NoticeChannel, NoticeState
from crm.numbering import take_numbers
from crm.work import seeds
from reports.demo.bank import add_bank
from reports.demo.claims import add_claims
from reports.demo.clients import copy_categories, copy_clients, plan_clients, plan_people
from reports.demo.contacts import ContactMaker, copy_contacts
from reports.demo.copying import Bulk
from reports.demo.costs import add_costs
from reports.demo.escalations import hand_up_claims
from reports.demo.facts import add_target_tasks, close_months, count_facts
from reports.demo.goods import add_catalogue, add_lines, priced
from reports.demo.incentives import add_pay
from reports.demo.life import add_everyday_life
from reports.demo.measures import add_measures
from reports.demo.money import MoneyMaker
from reports.demo.outgoing import add_outgoing
from reports.demo.people import Staff, create_staff
from reports.demo.plans import add_plans
from reports.demo.prices import add_price_changes, add_price_list
from reports.demo.reconciliations import add_reconciliations
from reports.demo.scales import Scale
from reports.models.marks import (
    MarkedAssignment,
    MarkedCategory,
    MarkedContact,
    MarkedPayment,
    MarkedShipment,
)

SEED = 20261123
MARKED = (MarkedShipment, MarkedPayment, MarkedContact, MarkedAssignment, MarkedCategory)


@dataclass
class Filled:
    """What a filling wrote."""

    users: int = 0
    clients: int = 0
    people: int = 0
    contacts: int = 0
    shipments: int = 0
    payments: int = 0
    orders: int = 0


@transaction.atomic
def fill(scale: Scale, *, today: date) -> Filled:
    """Write the whole scale or nothing; raises RuleViolation when there are clients already."""
    if Client.objects.exists():
        raise RuleViolation("The database already holds clients.")
    random = Random(f"{SEED}-{scale.name}")  # noqa: S311 - demo data, no secrets
    now = timezone.now()
    filled = Filled()
    _prepare()
    seeds.run_all()
    with verb("demo.filled", by=None):
        staff = create_staff(scale, random)
        filled.users = len(staff.by_login)
        maker = ContactMaker(scale, random, today)
        bulk = Bulk(scale.clients)
        goods = add_catalogue()
        add_price_list(goods, staff, today)
        luck = Random(f"{SEED}-money")  # noqa: S311
        money = MoneyMaker(scale, staff, luck, today, bulk, goods)
        with _unmarked(), bulk:
            for chunk in plan_clients(scale, staff, random, today, bulk):
                people = plan_people(bulk, chunk, random)
                rows = [row for client in chunk for row in maker.make(client)]
                copy_clients(bulk, chunk, people, random, now)
                copy_categories(bulk, chunk, staff)
                filled.contacts += copy_contacts(bulk, maker, chunk, rows)
                filled.clients += len(chunk)
                filled.people += len(people)
                money.write(chunk)
        take_numbers("client", count=filled.clients)
        money.orders.take_numbers()
        add_lines(goods, Random(f"{SEED}-goods"), today)  # noqa: S311
        add_bank(scale, money, Random(f"{SEED}-bank"), today)  # noqa: S311
        add_everyday_life(scale, staff, random, today)
    filled.shipments, filled.payments = money.written.shipments, money.written.payments
    filled.orders = money.orders.written
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return filled


@transaction.atomic
def tell_of_prices(*, today: date) -> None:
    """Changes of prices with their notices, when the database knows how much it holds.

    Before, it would look for the clients concerned as if the tables were empty.
    """
    _prepare()
    people = User.objects.filter(username__in=["head", "director"])
    staff = Staff(by_login={person.username: person for person in people})
    with verb("demo.filled", by=None):
        add_price_changes(priced(), staff, Random(f"{SEED}-prices"), today)  # noqa: S311


@transaction.atomic
def reconcile(*, today: date) -> None:
    """Schedules of reconciliations with their acts; the tables have to be known as full."""
    _prepare()
    logins = ["manager", "head"]
    people = User.objects.filter(username__in=logins).select_related("org_unit")
    staff = Staff(by_login={person.username: person for person in people})
    with verb("demo.filled", by=None):
        add_reconciliations(staff, today)


@transaction.atomic
def complain(scale: Scale, *, today: date) -> None:
    """Claims about the sales; the tables have to be known as full."""
    _prepare()
    with verb("demo.filled", by=None):
        add_claims(scale, today)
        hand_up_claims(today)
        add_measures(today)


@transaction.atomic
def claim_debts(*, today: date) -> None:
    """Claims against clients over the debts that are there by now."""
    _prepare()
    people = User.objects.filter(username__in=["manager", "head", "lawyer"])
    staff = Staff(by_login={one.username: one for one in people.select_related("org_unit")})
    with verb("demo.filled", by=None):
        add_outgoing(staff, today)


@transaction.atomic
def roll_up(*, today: date) -> None:
    """Facts of all months; the tables have to be known as full."""
    _prepare()
    with verb("demo.filled", by=None):
        count_facts(today)


@transaction.atomic
def plan_months(*, today: date) -> None:
    """Monthly plans by the facts, which have to be counted."""
    _prepare()
    with verb("demo.filled", by=None):
        add_plans(today)


@transaction.atomic
def close(*, today: date) -> None:
    """The last months closed, the target tasks of half a year."""
    _prepare()
    with verb("demo.filled", by=None):
        close_months(today)
        add_target_tasks(today)


@transaction.atomic
def pay_for_results(*, today: date) -> None:
    """The last month closed and its incentive sheets; plans and documents have to be there."""
    _prepare()
    with verb("demo.filled", by=None):
        add_pay(today)


@transaction.atomic
def spend(*, today: date) -> None:
    """Budgets, expenses and measures that save; people and contacts have to be there."""
    _prepare()
    with verb("demo.filled", by=None):
        add_costs(today)


@transaction.atomic
def silence(*, now: datetime) -> None:
    """E-mails of the demo count as sent: hundreds of them say nothing to anybody."""
    letters = Notice.objects.filter(channel=NoticeChannel.EMAIL, state=NoticeState.WAITING)
    letters.update(state=NoticeState.SENT, sent_at=now)


@contextmanager
def _unmarked() -> Iterator[None]:
    """Documents leave no marks of the months that they change: `roll_up` counts every month."""
    uris = (f"reports.{model.__name__}:facts_added" for model in MARKED)
    found = [trigger.get_pgid(model) for model, trigger in pgtrigger.registered(*uris)]
    _ignore(found)
    yield
    _ignore([])


def _ignore(triggers: list[str]) -> None:
    with connection.cursor() as cursor:
        names = "{" + ",".join(triggers) + "}"
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [names])


def _prepare() -> None:
    """Settings of this transaction."""
    with connection.cursor() as cursor:
        # Bulk work of minutes; foreign keys are checked chunk by chunk, not all at the end.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL lock_timeout = 0")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # Trigram indexes take many rows at once several times quicker than one after another.
        cursor.execute("SET LOCAL gin_pending_list_limit = '64MB'")
        cursor.execute("SET LOCAL work_mem = '64MB'")
