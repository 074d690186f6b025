"""Orders of the demo: most late sales were ordered, and some orders are on their way."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from crm.money import round_half_up
from crm.numbering import take_numbers
from deals.models import (
    Order,
    OrderLine,
    ShipmentLine,
)
from deals.models.products import VatKind
from deals.pricing.vat import RateTable, vat_inside
from reports.demo.clients import DemoClient
from reports.demo.copying import Bulk
from reports.demo.goods import Goods
from reports.demo.scales import Scale

ORDERED = 0.7  # of the late sales
OPEN_STATES = (("draft", 0.25), ("on_hold", 0.5), ("confirmed", 0.85), ("picking", 1.0))
ORDER_COLUMNS = (
    *("id", "number", "state", "client_id", "dated_on", "desired_on", "promised_on", "total"),
    *("vat_amount", "shipped_amount", "hold_reasons", "submitted_by_id", "submitted_at"),
    *("confirmed_at", "delivered_on", "created_by_id"),
)
LINE_COLUMNS = (
    *("order_id", "position", "product_id", "quantity", "price", "net_price", "amount"),
    *("vat_percent", "vat_amount", "shipped_qty"),
)
SALE_LINE_COLUMNS = (
    *("shipment_id", "position", "product_id", "sku", "name", "quantity", "price", "amount"),
    *("vat_percent", "vat_amount"),
)
Row = tuple[Any, ...]


class OrderMaker:
    """Makes the orders of one client after another; kopecks."""

    def __init__(
        self, scale: Scale, goods: Goods, random: Random, days: list[date], bulk: Bulk
    ) -> None:
        self.goods, self.random, self.bulk = goods, random, bulk
        self.today = days[-1]
        late = scale.orders / scale.shipments / ORDERED
        self.since = days[int(len(days) * max(0.0, 1 - late))]
        self.open_share = min(0.3, (30 + scale.orders * 0.02) / scale.clients)
        self.rates = RateTable()
        self.numbers: Counter[int] = Counter()
        self.written = 0
        self.orders: list[Row] = []
        self.lines: list[Row] = []
        self.sale_lines: list[Row] = []

    def order_of(
        self, sale: int, client: DemoClient, day: date, amount: int, vat: int
    ) -> int | None:
        """The order by which a sale was asked for, with lines of both; None for some."""
        random = self.random
        if day < self.since or random.random() > ORDERED:
            return None
        pk = self.bulk.ids(Order, 1)[0]
        lines = self._lines(amount, vat)
        short = random.random() < 0.06  # the warehouse had less than was ordered
        rate = self.rates.percent(VatKind.STANDARD, day)
        total = taxes = Decimal(0)
        for position, (product, quantity, price, sum_, tax) in enumerate(lines, 1):
            self.sale_lines.append(
                (
                    *(sale, position, product.pk, product.sku, product.name),
                    *(quantity, price, sum_, rate, tax),
                )
            )
            more = quantity + 1 if short and position == 1 else quantity
            asked = sum_ if more == quantity else round_half_up(price * more)
            asked_tax = tax if more == quantity else vat_inside(asked, rate)
            total, taxes = total + asked, taxes + asked_tax
            self.lines.append(
                (pk, position, product.pk, more, price, price, asked, rate, asked_tax, quantity)
            )
        shipped = Decimal(amount) / 100
        self._past(pk, client, day, (total, taxes, min(shipped, total)))
        return pk

    def _past(
        self, pk: int, client: DemoClient, day: date, sums: tuple[Decimal, Decimal, Decimal]
    ) -> None:
        random = self.random
        dated = day - timedelta(days=1 + int(random.random() * 4))
        promised = day + timedelta(days=random.choice((-1, 0, 1, 1, 1, 1, 2, 2, 3)))
        age = (self.today - day).days
        state = "closed" if age > 21 else "delivered" if age > 4 else "shipped"
        delivered = day + timedelta(days=random.random() < 0.3) if age > 4 else None
        at, by = f"{dated}T10:{day.day:02d}:00+03:00", client.manager.pk
        number = self._number(dated)
        self.orders.append(
            (
                *(pk, number, state, client.pk, dated, dated + timedelta(days=3)),
                *(max(promised, dated), *sums, [], by, at, at, delivered, by),
            )
        )

    def open_order(self, client: DemoClient) -> None:
        """Now and then an order that is not shipped yet, at the prices of the list."""
        random = self.random
        if random.random() > self.open_share:
            return
        pk, rate = self.bulk.ids(Order, 1)[0], self.rates.percent(VatKind.STANDARD, self.today)
        total = taxes = Decimal(0)
        for position, (product, price) in enumerate(random.sample(self.goods, 3), 1):
            quantity = 5 * random.randint(1, 12)
            amount = price * quantity
            tax = vat_inside(amount, rate)
            total, taxes = total + amount, taxes + tax
            self.lines.append(
                (pk, position, product.pk, quantity, price, price, amount, rate, tax, 0)
            )
        luck = random.random()
        state = next(name for name, share in OPEN_STATES if luck <= share)
        dated = self.today - timedelta(days=int(random.random() * 5))
        wanted = dated + timedelta(days=2 + int(random.random() * 6))
        at = None if state == "draft" else f"{dated}T11:00:00+03:00"
        held = ["overdue"] if state == "on_hold" else []
        by = client.manager.pk
        confirmed = at if state in {"confirmed", "picking"} else None
        self.orders.append(
            (
                *(pk, self._number(dated), state, client.pk, dated, wanted, None, total, taxes),
                *(0, held, by if at else None, at, confirmed, None, by),
            )
        )

    def copy_orders(self) -> None:
        """Before the shipments that name them."""
        self.written += self.bulk.copy(Order, ORDER_COLUMNS, self.orders)
        self.bulk.copy(OrderLine, LINE_COLUMNS, self.lines)
        self.orders.clear()
        self.lines.clear()

    def copy_sale_lines(self) -> None:
        """After the shipments."""
        self.bulk.copy(ShipmentLine, SALE_LINE_COLUMNS, self.sale_lines)
        self.sale_lines.clear()

    def take_numbers(self) -> None:
        """The next order of a year follows those of the demo."""
        for year, count in self.numbers.items():
            take_numbers("order.regular", year=year, count=count)

    def _number(self, day: date) -> str:
        self.numbers[day.year] += 1
        return f"ЗК-{day.year}-{self.numbers[day.year]:06d}"

    def _lines(self, amount: int, vat: int) -> list[tuple[Any, int, Decimal, Decimal, Decimal]]:
        """One to three goods; the last line bears what is left of the sums of the sale."""
        chosen = self.random.sample(self.goods, 1 + int(self.random.random() * 3))
        left, vat_left, made = Decimal(amount) / 100, Decimal(vat) / 100, []
        share = left / len(chosen)
        for place, (product, usual) in enumerate(chosen, 1):
            last = place == len(chosen)
            quantity = max(1, int(share / usual))
            price = round_half_up((left if last else share) / quantity)
            sum_ = left if last else price * quantity
            tax = vat_left if last else round_half_up(vat_left / (len(chosen) - place + 1))
            left, vat_left = left - sum_, vat_left - tax
            made.append((product, quantity, price, sum_, tax))
        return made
