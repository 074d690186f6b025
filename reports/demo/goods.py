"""Goods of the demo: a catalogue, and lines of the latest sales that name them."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from random import Random

from crm.money import round_half_up
from crm.names import sort_key
from deals.models import Product, ProductGroup, Shipment, ShipmentLine
from deals.models.products import VatKind
from deals.pricing.vat import RateTable, vat_inside

DAYS = 60
Goods = list[tuple[Product, Decimal]]
MOST = 3_000  # documents with lines; the older ones came from 1C without
# Name, unit and price with VAT, about.
CATALOGUE = {
    "Чай и кофе": (
        ("Чай чёрный байховый, 100 пак.", "уп", 210),
        ("Чай зелёный листовой, 200 г", "шт", 180),
        ("Кофе растворимый, 95 г", "шт", 390),
        ("Кофе в зёрнах, 1 кг", "шт", 1450),
        ("Какао-напиток, 250 г", "шт", 165),
    ),
    "Вода и напитки": (
        ("Вода питьевая негазированная, 5 л", "шт", 95),
        ("Вода минеральная, 0,5 л, 12 шт.", "уп", 420),
        ("Лимонад «Дюшес», 1,5 л", "шт", 88),
        ("Сок яблочный, 1 л", "шт", 120),
        ("Морс клюквенный, 1 л", "шт", 135),
    ),
    "Кондитерские изделия": (
        ("Шоколад молочный, 90 г", "шт", 96),
        ("Вафли сливочные, весовые", "кг", 240),
        ("Зефир ванильный, 300 г", "шт", 130),
        ("Карамель фруктовая, весовая", "кг", 190),
        ("Печенье овсяное, 500 г", "шт", 115),
    ),
    "Бытовая химия": (
        ("Порошок стиральный, 3 кг", "шт", 460),
        ("Средство для посуды, 900 мл", "шт", 140),
        ("Мыло хозяйственное, 200 г", "шт", 42),
        ("Чистящий порошок, 500 г", "шт", 78),
        ("Отбеливатель кислородный, 1 л", "шт", 260),
    ),
    "Упаковка и посуда": (
        ("Стакан бумажный 250 мл, 100 шт.", "уп", 320),
        ("Пакет-майка, 100 шт.", "уп", 110),
        ("Плёнка пищевая, 300 м", "шт", 540),
        ("Контейнер с крышкой 500 мл, 50 шт.", "уп", 690),
        ("Салфетки бумажные, 100 л.", "уп", 54),
    ),
}


def add_lines(goods: Goods, random: Random, today: date) -> None:
    """Write lines of late sales that were not ordered."""
    rates = RateTable()
    sales = Shipment.objects.filter(
        kind="sale", state="posted", order=None, posted_on__gte=today - timedelta(days=DAYS)
    )
    latest = sales.order_by("-posted_on", "-pk").only("pk", "amount", "vat_amount", "dated_on")
    rows = [
        line
        for sale in latest[:MOST]
        for line in _lines(sale, rates.percent(VatKind.STANDARD, sale.dated_on), goods, random)
    ]
    ShipmentLine.objects.bulk_create(rows, batch_size=1_000)


def priced() -> Goods:
    """The products of the catalogue with their usual prices."""
    usual = {name: price for rows in CATALOGUE.values() for name, _unit, price in rows}
    found = Product.objects.filter(name__in=usual).order_by("pk")
    return [(product, Decimal(usual[product.name]).quantize(Decimal("0.01"))) for product in found]


def add_catalogue() -> Goods:
    """The products with their prices."""
    numbers, goods, prices = count(1), [], []
    for name, products in CATALOGUE.items():
        group = ProductGroup.objects.create(name=name)
        goods += [
            Product(
                sku=f"Т-{next(numbers):04d}",
                name=title,
                sort_key=sort_key(title),
                unit=unit,
                group=group,
            )
            for title, unit, _price in products
        ]
        prices += [Decimal(price) for _title, _unit, price in products]
    return list(zip(Product.objects.bulk_create(goods), prices, strict=True))


def _lines(
    sale: Shipment, rate: Decimal | None, goods: Goods, random: Random
) -> Iterator[ShipmentLine]:
    """Two to five goods; the last line bears what is left of the sums of the document."""
    chosen = random.sample(goods, random.randint(2, 5))
    left, vat_left = sale.amount, sale.vat_amount
    for position, (product, usual) in enumerate(chosen, start=1):
        last = position == len(chosen)
        share = left if last else sale.amount / len(chosen)
        quantity = max(1, int(share / usual))
        price = round_half_up(share / quantity)
        amount = left if last else price * quantity
        vat = vat_left if last else vat_inside(amount, rate)
        left, vat_left = left - amount, vat_left - vat
        yield ShipmentLine(
            shipment=sale,
            position=position,
            product=product,
            sku=product.sku,
            name=product.name,
            quantity=quantity,
            price=price,
            amount=amount,
            vat_percent=rate,
            vat_amount=vat,
        )
