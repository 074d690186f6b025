"""Changes of prices of the demo: one in force with notices in every state, one that waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db.models import F
from django.utils import timezone

from crm.copying import copy_values
from crm.money import round_half_up
from deals.actions.price_changes import advance_changes
from deals.actions.prices import approve_price_list
from deals.models import Contract, PriceChange, PriceChangeNotice, PriceKind, PriceList
from deals.models import PriceListLine as Line
from deals.pricing.price_changes import ListChange, concerned, with_due_day
from reports.demo.goods import Goods
from reports.demo.people import Staff

LOWEST = Decimal("0.85")
# The list of the year had these prices, in shares of those since the change.
BEFORE = (Decimal("0.93"), Decimal("0.96"), Decimal("1.02"), Decimal(1), Decimal("0.9"))
RISES = (Decimal("1.08"), Decimal("1.05"), Decimal("0.97"))  # of the first goods, to come
HELD_FOR, AHEAD, APPROVED_AGO, LONG_NOTICE = 40, 22, 4, 30  # days
OLDEST = 120  # days ago that an offer may have been written
COLUMNS = (
    "client_id", "due_on", "state", "channel", "sent_on", "delivered_on", "acknowledged_on",
    "fail_reason", "marked_by_id", "version",
)  # fmt: skip
CHANNELS = ("email", "email", "email", "edi", "edi", "courier", "mail", "phone")
FAILURES = ("Письмо вернулось: нет такого адреса", "Не отвечают, почта переполнена")


def add_price_list(goods: Goods, staff: Staff, today: date) -> None:
    """The base prices of the year, and those since the change."""
    year = [
        (product, round_half_up(price * BEFORE[place % len(BEFORE)]))
        for place, (product, price) in enumerate(goods)
    ]
    since, first = today - timedelta(days=HELD_FOR), first_day_of_prices(today)
    _approved(staff, f"Прайс-лист {first.year}", first, year)
    _approved(staff, f"Прайс-лист с {since:%d.%m.%Y}", since, goods)


def first_day_of_prices(today: date) -> date:
    """The first of January from which every day of the demo's offers has prices."""
    return (today - timedelta(days=OLDEST)).replace(month=1, day=1)


def add_price_changes(goods: Goods, staff: Staff, random: Random, today: date) -> None:
    """Notices of the change in force, and a change to come whose notices wait."""
    contracts = Contract.objects.in_force().annotate(place=F("pk") % 9)
    contracts.filter(place=0).update(price_notice_days=LONG_NOTICE)
    for change in PriceChange.objects.select_related("price_list", "replaces"):
        _told(change, random)
    names = [
        (product, round_half_up(price * (RISES[place] if place < len(RISES) else 1)))
        for place, (product, price) in enumerate(goods)
    ]
    since = today + timedelta(days=AHEAD)
    made = _approved(staff, f"Прайс-лист с {since:%d.%m.%Y}", since, names)
    rows = PriceChange.objects.filter(price_list=made)
    rows.update(created_at=_morning(today - timedelta(days=APPROVED_AGO)))
    advance_changes(today=today)


def _approved(staff: Staff, name: str, since: date, prices: Goods) -> PriceList:
    made = PriceList.objects.create(
        kind=PriceKind.BASE, name=name, valid_from=since, created_by=staff.by_login["head"]
    )
    Line.objects.bulk_create(
        Line(price_list=made, product=product, price=price, min_price=round_half_up(price * LOWEST))
        for product, price in prices
    )
    return approve_price_list(made.pk, by=staff.by_login["director"], version=1)


def _told(change: PriceChange, random: Random) -> None:
    """Most clients were told in time, some late, some never."""
    since = change.effective_from
    approved = since - timedelta(days=LONG_NOTICE + 8)
    lines = ListChange(change.price_list, change.replaces).lines
    clients = with_due_day(concerned(change.price_list.kind, lines, since), since)
    found = clients.order_by("pk").values_list("pk", "due_on", "manager_id").iterator(5_000)
    rows = list(_rows(found, approved, random))
    copy_values(PriceChangeNotice, COLUMNS, rows, change_id=change.pk)
    moment = _morning(approved)
    PriceChange.objects.filter(pk=change.pk).update(
        created_at=moment,
        notices_at=moment + timedelta(minutes=10),
        effective_at=_morning(since),
        state="effective",
        version=3,
    )


def _rows(clients: Iterator[Any], approved: date, random: Random) -> Iterator[tuple[Any, ...]]:
    for pk, due_on, manager in clients:
        luck, by = random.random(), manager
        late = luck < 0.1
        sent = due_on + timedelta(days=2) if late else approved + timedelta(days=1 + pk % 5)
        got = sent + timedelta(days=random.choice((0, 0, 1, 2)))
        channel, reason = random.choice(CHANNELS), random.choice(FAILURES)
        if luck > 0.97:
            yield (pk, due_on, "pending", "", None, None, None, "", None, 1)
        elif luck > 0.93:
            yield (pk, due_on, "failed", channel, sent, None, None, reason, by, 3)
        elif luck > 0.88:
            yield (pk, due_on, "sent", channel, sent, None, None, "", by, 2)
        elif luck > 0.5:
            yield (pk, due_on, "delivered", channel, sent, got, None, "", by, 3)
        else:
            answer = got + timedelta(days=1 + pk % 3)
            yield (pk, due_on, "acknowledged", channel, sent, got, answer, "", by, 4)


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))
