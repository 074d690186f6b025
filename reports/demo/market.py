"""Events, competitors and recommendations of the demo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from clients import hooks
from clients.actions import client_advice, competitors, events
from clients.actions.client_advice import Advice
from clients.actions.competitors import CompetitorValues, NoteValues
from clients.actions.events import EventValues, Guests
from clients.models import Client, ClientRecommendation, Competitor, Event, EventInvitation
from crm.accounts.models import User
from reports.demo.people import Staff

# Days ago (below 0: to come), days it lasts, kind, name, place, budget, cost.
EVENTS = (
    (96, 2, "exhibition", "Выставка «Продукты и напитки»", "Москва, Экспоцентр", 450, 438),
    (52, 0, "presentation", "Презентация осенней коллекции чая", "Наш шоу-рум", 60, 57),
    (17, 0, "tasting", "Дегустация кофе для розницы", "Москва, ул. Складская, 1", 45, 41),
    (-12, 0, "seminar", "Выкладка и сезонный ассортимент к Новому году", "Онлайн", 20, None),
    (-40, 3, "fair", "Зимняя ярмарка поставщиков", "Москва, ВДНХ, павильон 57", 380, None),
)
ASKED = (("A", "B", "C"), ("A", "B"), ("A", "B"), ("A", "C"), ("A",))
MOST_ASKED = 120  # by one manager
THOUSAND = Decimal(1000)
COMPETITORS = (
    ("Торговый дом «Восток»", "Москва и область", "Чай и кофе; сильные продажи, слабая логистика."),
    ("ООО «Балтпродукт»", "Северо-Запад", "Бакалея, низкие цены, бонусы; узкий ассортимент."),
    ("«Южная оптовая компания»", "Юг", "Кондитерские изделия, длинная отсрочка, недовозы."),
    ("«Сибирский поставщик»", "Урал и Сибирь", "Всё понемногу, привозит за два дня."),
)
# Place of the competitor, days ago, aspect, value, words, source; whether a client said it.
NOTES = (
    (0, 12, "price", "412.50", "Чай чёрный, 100 пакетиков, коробка", "Прайс-лист", True),
    (0, 30, "discount", "7", "При заказе от 300 тысяч", "Закупщик", True),
    (0, 44, "deferral", "30", "", "Закупщик", True),
    (0, 60, "service", None, "Мерчендайзер раз в неделю", "Полка в магазине", False),
    (1, 8, "price", "389", "Тот же чай под своей маркой", "Полка в магазине", False),
    (1, 25, "retro", "4", "За выполнение квартального плана", "Закупщик", True),
    (1, 70, "assortment", None, "Нет кофе в зёрнах и сезонных позиций", "Каталог на сайте", False),
    (2, 15, "deferral", "60", "Сетям, остальным 45", "Закупщик", True),
    (2, 15, "service", None, "Недовозы до 15 % заказа", "Директор магазина", True),
    (2, 240, "discount", "10", "На первый заказ", "Рассылка", False),
    (3, 33, "price", "431", "С доставкой", "Коммерческое предложение", True),
    (3, 90, "other", None, "Открывает склад в области весной", "Новости отрасли", False),
)
# Topic, words; what the client said and what came of it.
ADVICE = (
    (
        "assortment",
        "Добавить к чаю в пакетиках листовой: у соседей он даёт пятую часть продаж.",
        "done",
        "Плюс 18 % к закупке чая за два месяца.",
    ),
    (
        "ordering",
        "Заказывать раз в неделю вместо раза в месяц: меньше остатки, не пропадает срок.",
        "accepted",
        "",
    ),
    ("display", "Перенести кофе к кассовой зоне на предновогодние недели.", "given", ""),
    (
        "pricing",
        "Снизить наценку на крупную фасовку: за килограмм она дороже мелкой.",
        "refused",
        "Наценку задаёт центральный офис сети",
    ),
    ("papers", "Перейти на ЭДО: накладные подписываются в день отгрузки.", "accepted", ""),
    ("terms", "Собрать годовой объём в один договор: выше категория и отсрочка.", "given", ""),
)
ADVISED = 24  # clients
AGO = {"done": 75, "accepted": 18, "refused": 30, "given": 4}


def add_market(staff: Staff, today: date) -> None:
    """What is held and known in the department of the logins."""
    _events(staff, today)
    _competitors(staff, today)
    _advice(staff, today)


def _events(staff: Staff, today: date) -> None:
    groups = hooks.product_groups()
    for number, row in enumerate(EVENTS):
        ago, lasts, kind, name, place, budget, cost = row
        first = today - timedelta(days=ago)
        author = staff.by_login["marketer" if number % 2 == 0 else "head"]
        values = EventValues(
            kind=kind, name=name, place=place, starts_on=first, budget=budget * THOUSAND,
            ends_on=first + timedelta(days=lasts), cost=None if cost is None else cost * THOUSAND,
            groups=groups[number * 2 : number * 2 + 3] or groups[:3],
            description="Приглашаем тех, кто решает: покажем новинки и условия на сезон.",
        )  # fmt: skip
        event = events.create_event(values, by=author, key=uuid5(NAMESPACE_URL, name))
        _invite(event, number, staff, invited_on=min(today, first) - timedelta(days=10))
        _mark(event, number, staff, today)


def _invite(event: Event, number: int, staff: Staff, *, invited_on: date) -> None:
    """The managers of the logins ask the deciders of their large clients."""
    for login in ("manager", "manager2"):
        by = staff.by_login[login]
        wanted = Guests(categories=ASKED[number % len(ASKED)])
        if events.guests(event, wanted, by=by).count() > MOST_ASKED:
            wanted = Guests(categories=("A",))
        if events.guests(event, wanted, by=by).exists():
            events.invite(event.pk, wanted, by=by, today=invited_on)


def _mark(event: Event, number: int, staff: Staff, today: date) -> None:
    """Two in three answer; of a past event two in three of these came."""
    for login in ("manager", "manager2"):
        rows = EventInvitation.objects.filter(event=event, invited_by=staff.by_login[login])
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        ids = [*ids[number:], *ids[:number]]
        answered = _at(min(today, event.starts_on) - timedelta(days=4))
        _note(event, staff.by_login[login], ids[0::3] + ids[1::6], "confirmed", answered)
        _note(event, staff.by_login[login], ids[2::6], "declined", answered)
        if event.starts_on < today:
            after = _at(event.ends_on + timedelta(days=1))
            came = ids[0::3][: 4 + number * 2]
            _note(event, staff.by_login[login], came, "attended", after)
            _note(event, staff.by_login[login], ids[1::6], "no_show", after)


def _note(event: Event, by: User, ids: Sequence[int], state: str, now: datetime) -> None:
    if ids:
        events.mark_invitations(event.pk, ids, by=by, state=state, now=now)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(16)))


def _competitors(staff: Staff, today: date) -> None:
    made: list[Competitor] = []
    for name, territory, description in COMPETITORS:
        values = CompetitorValues(name=name, territory=territory, description=description)
        key = uuid5(NAMESPACE_URL, name)
        made.append(competitors.create_competitor(values, by=staff.by_login["head"], key=key))
    clients = _clients(staff.by_login["manager"])
    for number, (place, ago, aspect, value, words, source, of_client) in enumerate(NOTES):
        of = clients[number % len(clients)].pk if of_client and clients else None
        learnt = NoteValues(
            aspect=aspect, value=Decimal(value) if value else None, text=words, source=source,
            noted_on=today - timedelta(days=ago),
        )  # fmt: skip
        by, key = staff.by_login["manager"], uuid5(NAMESPACE_URL, f"note {number}")
        competitors.add_note(made[place].pk, learnt, by=by, key=key, today=today, client_id=of)


def _advice(staff: Staff, today: date) -> None:
    tea = next((name for name in hooks.product_groups() if "кофе" in name), "")
    for login in ("manager", "manager2"):
        by = staff.by_login[login]
        for number, client in enumerate(_clients(by)[:ADVISED]):
            topic, words, state, outcome = ADVICE[number % len(ADVICE)]
            given = today - timedelta(days=AGO[state] + number)
            group = tea if topic in ("assortment", "display") else ""
            values = Advice(topic=topic, text=words, given_on=given, group=group)
            key = uuid5(NAMESPACE_URL, f"advice {login} {number}")
            made = client_advice.give_advice(client.pk, values, by=by, key=key, today=today)
            _answer(made, state, outcome, by=by, today=today)


def _answer(made: ClientRecommendation, state: str, outcome: str, *, by: User, today: date) -> None:
    known: dict[str, Any] = {"by": by, "today": min(today, made.given_on + timedelta(days=3))}
    if state == "refused":
        client_advice.refuse_advice(made.pk, version=1, reason=outcome, **known)
    elif state != "given":
        client_advice.accept_advice(made.pk, version=1, **known)
    if state == "done":
        known["today"] = min(today, made.given_on + timedelta(days=64))
        client_advice.finish_advice(
            made.pk, version=2, done_on=known["today"], effect=outcome, **known
        )


def _clients(manager: User) -> list[Client]:
    """The large clients first; the first few hundred are enough."""
    rows = Client.objects.filter(manager=manager, archived_at=None, status="client")
    return list(rows.order_by("category", "pk")[:ADVISED])
