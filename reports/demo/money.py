"""Shipments, invoices and payments of the demo: 18 months that look like a real ledger."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db import connection
from django.db.models import Model

from crm.calendar import current, is_working_day
from deals.models import (
    Allocation,
    CreditLimit,
    Invoice,
    OwnAccount,
    Payment,
    Shipment,
)
from reports.demo.clients import DemoClient
from reports.demo.copying import Bulk
from reports.demo.goods import Goods
from reports.demo.orders import OrderMaker
from reports.demo.people import Staff
from reports.demo.scales import Scale

# How many documents a client of the category makes beside one of category C, their usual sum in
# kopecks a month, and the deferral of the category.
WEIGHT = {"A": 8, "B": 3, "C": 1}
MONTHLY = {"A": 70_000_000, "B": 16_000_000, "C": 1_500_000}
DEFERRAL = {"A": 45, "B": 21, "C": 14}
BUYING = 0.84  # of the clients, by their status
MEAN_WEIGHT = 0.10 * 8 + 0.24 * 3 + 0.66
SEASON = (0.86, 0.84, 0.95, 1.0, 1.02, 0.97, 0.92, 0.96, 1.06, 1.1, 1.15, 1.2)
NEW_VAT = date(2026, 1, 1)
# The habits of payers: share of them, earliest and latest day after the due one.
HABITS = ((0.55, -6, 0), (0.80, -1, 7), (0.93, 2, 24), (0.98, 15, 70), (1.0, 40, 400))
Row = tuple[Any, ...]


@dataclass
class Settled:
    """What an invoice has got, kopecks, and the last day of it."""

    paid: int = 0
    credited: int = 0
    on: date = date.min


@dataclass
class Ledger:
    """Rows of one chunk of clients on their way into the tables; invoices hold kopecks."""

    shipments: list[Row] = field(default_factory=list)
    invoices: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)
    allocations: list[Row] = field(default_factory=list)
    limits: list[Row] = field(default_factory=list)
    settled: dict[int, Settled] = field(default_factory=dict)  # by invoice

    def settle(self, bill: int, on: date, *, paid: int = 0, credited: int = 0) -> None:
        """An allocation to the invoice."""
        found = self.settled.setdefault(bill, Settled())
        found.paid, found.credited = found.paid + paid, found.credited + credited
        found.on = max(found.on, on)

    def invoices_with_sums(self) -> Iterator[Row]:
        """What the triggers would write, roubles."""
        nothing = Settled()
        for *facts, kopecks in self.invoices:
            got = self.settled.get(facts[0], nothing)
            is_settled = got.paid + got.credited == kopecks
            sums = (_roubles(kopecks), _roubles(got.paid), _roubles(got.credited))
            yield (*facts, *sums, got.on if is_settled else None)


@dataclass
class Written:
    """What the maker has written so far."""

    shipments: int = 0
    payments: int = 0
    received: dict[date, int] = field(default_factory=dict)  # kopecks by day


class MoneyMaker:
    """Makes the documents of one client after another."""

    def __init__(
        self,
        scale: Scale,
        staff: Staff,
        random: Random,
        today: date,
        bulk: Bulk,
        goods: Goods,
    ) -> None:
        self.random, self.today, self.bulk = random, today, bulk
        self.calendar = current()
        self.per_weight = scale.shipments / (scale.clients * BUYING * MEAN_WEIGHT)
        self.days = _working_days(today, scale.months)
        self.orders = OrderMaker(scale, goods, random, self.days, bulk)
        self.dues: dict[tuple[date, int], date] = {}
        self.heads = {manager.pk: staff.head_of(manager).pk for manager in staff.managers}
        self.account = OwnAccount.objects.create(
            account="40702810500000014277",
            bic="044525225",
            bank_name="Банк «Образцовый»",
            name="Основной счёт",
        )
        self.written = Written()
        self.references = _foreign_keys(Allocation)

    def write(self, chunk: list[DemoClient]) -> None:
        """Make and copy what the clients of a chunk bought, returned and paid."""
        buying = [c for c in chunk if c.status in {"client", "trading_hall"} and c.kind != "chain"]
        plans = [(c, self._days_of(c)) for c in buying]
        total = sum(len(days) for _c, days in plans)
        sales, bills = iter(self.bulk.ids(Shipment, total)), iter(self.bulk.ids(Invoice, total))
        ledger = Ledger()
        for client, days in plans:
            self._client(client, days, sales, bills, ledger)
            self.orders.open_order(client)
        self._number_payments(ledger)
        self._copy(ledger)

    def use(self, bulk: Bulk) -> None:
        """Write there from now on."""
        self.bulk = self.orders.bulk = bulk

    def result(self) -> tuple[Written, Counter[int], int]:
        """What has been written, for the process that goes on."""
        return self.written, self.orders.numbers, self.orders.written

    def take(self, result: tuple[Written, Counter[int], int]) -> None:
        """Go on where the process that wrote has ended."""
        self.written, self.orders.numbers, self.orders.written = result

    def _days_of(self, client: DemoClient) -> list[date]:
        """Days of the client's shipments, in order; a client that was lost stopped buying."""
        rate = self.per_weight * WEIGHT[client.category or "C"]
        if client.status == "trading_hall":
            rate /= 2
        count = int(rate) + (self.random.random() < rate % 1)
        lost = self.random.random() < 0.08
        upto = int(len(self.days) * (0.25 + 0.5 * self.random.random())) if lost else len(self.days)
        days = [self.days[int(self.random.random() * upto)] for _ in range(count)]
        return sorted(day for day in days if day >= client.since)

    def _client(
        self,
        client: DemoClient,
        days: list[date],
        sales: Iterator[int],
        bills: Iterator[int],
        ledger: Ledger,
    ) -> None:
        random, category = self.random, client.category or "C"
        # One client in twelve buys like another category: the ABC analysis finds it.
        like = random.choice("ABC") if random.random() < 0.08 else category
        months = len(self.days) / 21
        usual = MONTHLY[like] * (0.4 + 1.4 * random.random() ** 2)
        size = usual * months / max(1.0, self.per_weight * WEIGHT[category])
        earliest, latest = _habit(random.random())
        if category in "AB" and days:
            ledger.limits.append(self._limit(client, usual))
        for day in days:
            amount = int(size * SEASON[day.month - 1] * (0.5 + random.random()))
            pk, bill = next(sales), next(bills)
            number = f"РТ-{day.year}-{self._next_number():06d}"
            due = self._due(day, DEFERRAL[category])
            order = self.orders.order_of(pk, client, day, amount, _vat(amount, day))
            row = self._shipment(pk, client, day, number, amount, "sale", order=order)
            ledger.shipments.append(row)
            ledger.invoices.append(self._invoice(bill, pk, client, day, due, number, amount))
            left = amount - self._return(pk, bill, client, day, amount, ledger)
            paid_on = due + timedelta(days=earliest + int(random.random() * (latest - earliest)))
            if paid_on <= self.today and left > 0:
                self._payment(bill, client, max(paid_on, day), number, left, ledger)

    def _next_number(self) -> int:
        self.written.shipments += 1
        return self.written.shipments

    def _due(self, day: date, deferral: int) -> date:
        key = (day, deferral)
        if key not in self.dues:
            self.dues[key] = self.calendar.forward(day + timedelta(days=deferral))
        return self.dues[key]

    def _return(
        self, pk: int, bill: int, client: DemoClient, day: date, amount: int, ledger: Ledger
    ) -> int:
        """One sale in twenty-five comes back in part; kopecks."""
        random = self.random
        on = day + timedelta(days=2 + int(random.random() * 12))
        if random.random() > 0.04 or on > self.today or not self.calendar.is_working(on):
            return 0
        back = int(amount * (0.05 + 0.3 * random.random()))
        if not back:
            return 0
        credit = self.bulk.ids(Shipment, 1)[0]
        number = f"ВЗ-{on.year}-{self._next_number():06d}"
        row = self._shipment(credit, client, on, number, -back, "return", original=pk)
        ledger.shipments.append(row)
        ledger.settle(bill, on, credited=back)
        ledger.allocations.append((None, credit, bill, _roubles(back), "return", on))
        return back

    def _payment(
        self,
        bill: int,
        client: DemoClient,
        day: date,
        number: str,
        left: int,
        ledger: Ledger,
    ) -> None:
        """One payment for the invoice; one in twenty pays only a part of it."""
        while not self.calendar.is_working(day):
            day -= timedelta(days=1)
        part = int(left * 0.6) if self.random.random() < 0.05 else left
        vat = 22 if day >= NEW_VAT else 20
        purpose = f"Оплата по счёту № {number}, в т.ч. НДС {vat} %"
        self.written.received[day] = self.written.received.get(day, 0) + part
        ledger.payments.append((client.pk, day, part, purpose, client.name, client.inn, bill))

    def _number_payments(self, ledger: Ledger) -> None:
        """Ids and numbers for the payments, and what each of them pays."""
        ids = self.bulk.ids(Payment, len(ledger.payments))
        rows = []
        for pk, (client, day, kopecks, purpose, name, inn, bill) in zip(
            ids, ledger.payments, strict=True
        ):
            amount = _roubles(kopecks)
            spread = (amount, amount)
            rows.append((pk, client, day, day, *spread, purpose, name, inn, str(pk % 100_000)))
            ledger.settle(bill, day, paid=kopecks)
            ledger.allocations.append((pk, None, bill, amount, "designated", day))
        ledger.payments = rows
        self.written.payments += len(rows)

    def _shipment(
        self,
        pk: int,
        client: DemoClient,
        day: date,
        number: str,
        amount: int,
        kind: str,
        original: int | None = None,
        order: int | None = None,
    ) -> Row:
        vat = _vat(amount, day)
        manager = client.manager
        return (
            *(pk, kind, number, client.pk, day, day, _roubles(amount), _roubles(vat)),
            *(manager.pk, manager.org_unit_id, original, order, _roubles(max(0, -amount))),
        )

    def _invoice(
        self, bill: int, pk: int, client: DemoClient, day: date, due: date, number: str, amount: int
    ) -> Row:
        vat = _roubles(_vat(amount, day))
        return (bill, number, client.pk, pk, day, max(due, day), vat, amount)

    def _limit(self, client: DemoClient, usual: float) -> Row:
        factor = 1.5 if client.category == "A" else 1.0
        amount = max(1, int(usual * factor / 100_000)) * 1000
        head = self.heads[client.manager.pk]
        return (client.pk, f"{amount}.00", DEFERRAL[client.category or "C"], client.since, head)

    def _copy(self, ledger: Ledger) -> None:
        """Allocations before the rows that they settle, which come with their sums.

        Otherwise the triggers would write half of the invoices and payments twice. Whether the
        rows exist is asked when all are there.
        """
        bulk = self.bulk
        if self.references:
            bulk.say(f"SET CONSTRAINTS {self.references} DEFERRED")
        columns = ("payment_id", "credit_id", "invoice_id", "amount", "kind", "on_day")
        bulk.copy(Allocation, columns, ledger.allocations)
        self.orders.copy_orders()
        bulk.copy(
            Shipment,
            (
                *("id", "kind", "number", "client_id", "dated_on", "posted_on", "amount"),
                *("vat_amount", "manager_id", "org_unit_id", "original_id", "order_id"),
                "applied_amount",
            ),
            ledger.shipments,
            state="posted",
        )
        self.orders.copy_sale_lines()
        bulk.copy(
            Invoice,
            (
                *("id", "number", "client_id", "shipment_id", "issued_on", "due_on"),
                *("vat_amount", "amount", "paid_amount", "credited_amount", "settled_on"),
            ),
            ledger.invoices_with_sums(),
        )
        self._copy_payments(ledger)
        if self.references:
            bulk.say(f"SET CONSTRAINTS {self.references} IMMEDIATE")
        bulk.copy(
            CreditLimit,
            ("client_id", "amount", "deferral_days", "valid_from", "set_by_id"),
            ledger.limits,
        )

    def _copy_payments(self, ledger: Ledger) -> None:
        bulk = self.bulk
        bulk.copy(
            Payment,
            (
                *("id", "client_id", "dated_on", "paid_on", "amount", "allocated_amount"),
                *("purpose", "party_name", "party_inn", "number"),
            ),
            ledger.payments,
            direction="in",
            state="allocated",
            own_account_id=self.account.pk,
            document_type="Платёжное поручение",
            matched_by="inn",
        )


def _foreign_keys(model: type[Model]) -> str:
    """The names of its foreign keys, for SET CONSTRAINTS; it has none while it is bare."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    return ", ".join(sorted(name for name, facts in found.items() if facts["foreign_key"]))


def _habit(luck: float) -> tuple[int, int]:
    return next((low, high) for share, low, high in HABITS if luck <= share)


def _vat(amount: int, day: date) -> int:
    percent = 22 if day >= NEW_VAT else 20
    return round(amount * percent / (100 + percent))


def _roubles(kopecks: int) -> str:
    sign = "-" if kopecks < 0 else ""
    return f"{sign}{abs(kopecks) // 100}.{abs(kopecks) % 100:02d}"


def _working_days(today: date, months: int) -> list[date]:
    first = today - timedelta(days=int(months * 30.4))
    every = (first + timedelta(days=n) for n in range((today - first).days + 1))
    return [day for day in every if is_working_day(day)]
