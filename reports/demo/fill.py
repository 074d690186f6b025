"""Fills an empty database with one scale of the demo."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

import pgtrigger
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from claims.models import Claim, ClaimLine
from clients.models import (
    BankAccount,
    CategoryAssignment,
    Client,
    ClientAssignment,
    ClientNeed,
    ClientSearch,
    ContactLog,
    ContactPerson,
    ContactPlanLine,
    Counterparty,
    Outlet,
    RegistrationSheet,
)
from clients.models.search_text import FOUND
from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from crm.notices.models import Notice, NoticeChannel, NoticeState
from crm.numbering import take_numbers
from crm.work import seeds
from deals.models import (
    Allocation,
    CreditLimit,
    Invoice,
    Order,
    OrderLine,
    Payment,
    ReconciliationItem,
    Shipment,
    ShipmentLine,
)
from reports.actions.rollup import count_all
from reports.demo.apart import apart
from reports.demo.bank import add_bank
from reports.demo.bare import IDLE, analyze, bare
from reports.demo.claims import add_claims
from reports.demo.clients import (
    DemoClient,
    copy_categories,
    copy_clients,
    plan_clients,
    plan_people,
)
from reports.demo.contacts import ContactMaker, copy_contacts
from reports.demo.copying import Bulk
from reports.demo.costs import add_costs
from reports.demo.escalations import hand_up_claims
from reports.demo.facts import add_target_tasks, close_months
from reports.demo.goods import Goods, add_catalogue, add_lines, priced
from reports.demo.handed_up import add_handed_up
from reports.demo.incentives import add_pay
from reports.demo.life import add_everyday_life
from reports.demo.measures import add_measures
from reports.demo.money import MoneyMaker
from reports.demo.outgoing import add_outgoing
from reports.demo.people import Staff, create_staff
from reports.demo.plans import draw_up_plans, settle_plans
from reports.demo.prices import add_price_changes, add_price_list
from reports.demo.reconciliations import add_reconciliations, add_schedules
from reports.demo.registration import add_registration
from reports.demo.scales import Scale
from reports.models import ClientMonth, GroupMonth, PlanLine
from reports.models.marks import (
    MarkedAssignment,
    MarkedCategory,
    MarkedContact,
    MarkedPayment,
    MarkedShipment,
)

SEED = 20261123
COPIED = (
    *(BankAccount, CategoryAssignment, Client, ClientAssignment, ClientNeed, ContactLog),
    *(ContactPerson, ContactPlanLine, Counterparty, Outlet, Allocation, CreditLimit, Invoice),
    *(Order, OrderLine, Payment, Shipment, ShipmentLine),
)
FIND = f"""
    INSERT INTO clients_clientsearch (client_id, names, text)
    SELECT id, names, text FROM ({FOUND % "SELECT id FROM clients_client"}) found
"""  # noqa: S608
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
    filled = Filled()
    _prepare()
    seeds.run_all()
    with verb("demo.filled", by=None):
        staff = create_staff(scale, random)
        filled.users = len(staff.by_login)
        goods = add_catalogue()
        add_price_list(goods, staff, today)
        money = _copy_documents(scale, staff, goods, random, today, filled)
        add_lines(goods, Random(f"{SEED}-goods"), today)  # noqa: S311
        add_bank(scale, money, Random(f"{SEED}-bank"), today)  # noqa: S311
        add_everyday_life(scale, staff, random, today)
        with _bare(scale, RegistrationSheet):
            add_registration(staff, today)
    filled.shipments, filled.payments = money.written.shipments, money.written.payments
    filled.orders = money.orders.written
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return filled


def _copy_documents(
    scale: Scale, staff: Staff, goods: Goods, random: Random, today: date, filled: Filled
) -> MoneyMaker:
    """Clients with their contacts and documents, by COPY."""
    now, luck = timezone.now(), Random(f"{SEED}-money")  # noqa: S311
    maker, bulk = ContactMaker(scale, random, today), Bulk(scale.clients)
    with _unmarked(), _bare(scale, *COPIED, idle=IDLE):
        money = MoneyMaker(scale, staff, luck, today, bulk, goods)
        with apart(money, bulk) if scale.is_large else _together(money, bulk) as write:
            for chunk in plan_clients(scale, staff, random, today, bulk):
                people = plan_people(bulk, chunk, random)
                rows = [row for client in chunk for row in maker.make(client)]
                copy_clients(bulk, chunk, people, random, now)
                copy_categories(bulk, chunk, staff)
                filled.contacts += copy_contacts(bulk, maker, chunk, rows)
                filled.clients += len(chunk)
                filled.people += len(people)
                write(chunk)
    with _bare(scale, ClientSearch):
        _find_clients()
    take_numbers("client", count=filled.clients)
    money.orders.take_numbers()
    return money


@contextmanager
def _together(money: MoneyMaker, bulk: Bulk) -> Iterator[Callable[[list[DemoClient]], None]]:
    """Few rows: starting a process for them would take longer."""
    with bulk:
        yield money.write


@contextmanager
def _bare(
    scale: Scale, *written: type[Model], idle: Sequence[str] = (), unique: bool = True
) -> Iterator[None]:
    """Large tables take their rows without indexes and are counted afterwards."""
    if not scale.is_large:
        yield
        return
    with bare(*written, idle=idle, unique=unique) as is_bare:
        yield
    if is_bare:
        analyze(*written)


def _find_clients() -> None:
    """What they are found by, which triggers would have written part by part."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM clients_clientsearch")
        if cursor.fetchone()[0] == 0:
            cursor.execute(FIND)


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
def reconcile(scale: Scale, *, today: date) -> None:
    """Schedules of reconciliations with their acts; the tables have to be known as full."""
    _prepare()
    logins = ["manager", "head"]
    people = User.objects.filter(username__in=logins).select_related("org_unit")
    staff = Staff(by_login={person.username: person for person in people})
    with verb("demo.filled", by=None):
        with _bare(scale, ReconciliationItem, unique=False):
            add_schedules(staff, today)
        add_reconciliations(staff, today)


@transaction.atomic
def complain(scale: Scale, *, today: date) -> None:
    """Claims about the sales; the tables have to be known as full."""
    _prepare()
    with verb("demo.filled", by=None):
        with _bare(scale, Claim, ClaimLine):
            add_claims(scale, today)
        hand_up_claims(today)
        if scale.is_large:
            add_handed_up(today)
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
def roll_up(scale: Scale, *, today: date) -> None:
    """Facts of all months; the tables have to be known as full."""
    _prepare()
    with verb("demo.filled", by=None), _bare(scale, ClientMonth, GroupMonth, unique=False):
        count_all(today=today)


@transaction.atomic
def plan_months(scale: Scale, *, today: date) -> None:
    """Monthly plans by the facts, which have to be counted."""
    _prepare()
    with verb("demo.filled", by=None):
        # Drafts are not sent yet: what is sent need not be kept from changes.
        with _bare(scale, PlanLine, idle=("sent_plan_lines_stay",), unique=False):
            draw_up_plans(today)
        settle_plans(today)


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
        cursor.execute("SET LOCAL work_mem = '256MB'")
