"""The search for clients in the demo: channels, campaigns, leads in every state, scores."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from clients.actions.lead_conversion import ask_conversion
from clients.actions.searching import create_campaign, plan_channel
from clients.models import (
    Client,
    Lead,
    LeadNote,
    LeadState,
    ReliabilityScore,
    SearchCampaign,
    SearchChannel,
)
from clients.reliability import scored, valid_until
from crm.accounts.models import User
from crm.calendar import add_working_days
from crm.names import search_key
from crm.requisites_sample import make_inn
from reports.demo import words
from reports.demo.people import Staff, person_name, phone_number

REGION = "99"  # no client of the demo has an INN of it
# Channel, name, begun days ago, how long, planned and real cost, leads and clients it shall bring.
CAMPAIGNS = (
    ("exhibition", "Выставка «Мир продуктов»", 210, 4, 420_000, 451_300, 40, 6),
    ("phone", "Обзвон кофеен области", 120, 45, 60_000, 52_400, 60, 5),
    ("advertising", "Реклама в отраслевом журнале", 95, 60, 180_000, 180_000, 15, 2),
    ("email", "Рассылка по сетям у дома", 40, 30, 25_000, 21_900, 30, 3),
    ("presentation", "Презентация осенней линейки", 20, 30, 95_000, 61_500, 20, 3),
    ("exhibition", "Выставка HoReCa Expo", -25, 4, 380_000, 0, 35, 5),
)
PLANS = (
    ("exhibition", 1, "Две выставки в год, стенд с дегустацией, встречи назначать заранее."),
    ("referral", 1, "Просить рекомендацию после каждой удачной поставки."),
    ("presentation", 2, "Презентация новой линейки каждый сезон."),
    ("fax", 5, "Оставить только для бюджетных заказчиков."),
)
WAYS = ("exhibition", "phone", "referral", "email", "inbound", "presentation", "advertising")
SEGMENTS = ("HoReCa", "Розница", "Сети", "Опт", "Интернет", "")
NEEDS = (
    ("Чай листовой весовой", 5, "Заменить поставщика, который срывает сроки"),
    ("Кофе в зёрнах для кофейни", 4, "Открывают вторую точку весной"),
    ("Сладости к чаю под своей маркой", 3, "Хотят расширить полку"),
    ("", 3, ""),
    ("Подарочные наборы к праздникам", 4, "Корпоративные подарки на Новый год"),
)
STEPS = ("Позвонить", "Отправить предложение", "Встреча", "Отправить образцы", "Согласовать цены")
DONE = (
    "Познакомились, закупками занимается коммерческий директор.",
    "Отправили прайс и образцы, просят отсрочку.",
    "Встреча у клиента: показали ассортимент, договорились о пробной партии.",
)
LOST = ("Выбрали другого поставщика: дешевле на 6 %.", "Закупки заморожены до весны.",
        "Не отвечают больше месяца.")  # fmt: skip
# States of a manager's leads, each with the days ago on which they were found.
LIVES = (
    ("new", 1), ("new", 4), ("qualified", 12), ("qualified", 26), ("negotiating", 33),
    ("negotiating", 48), ("offer_accepted", 60), ("converted", 130), ("lost", 75), ("lost", 115),
    ("rejected", 52),
)  # fmt: skip
LEVELS: tuple[dict[str, str], ...] = (
    {"references": "two", "tax_debts": "none"},
    {},
    {"financials": "loss", "assets": "rent"},
    {"age_years": "under_1", "financials": "loss", "court_claims": "large", "assets": "none"},
)
USUAL = {
    "age_years": "over_3",
    "financials": "one_year",
    "court_claims": "none",
    "bailiff_debts": "none",
    "tax_debts": "any",
    "references": "one",
    "assets": "own",
}


def add_leads(staff: Staff, today: date) -> None:
    """Leads of every manager, and one that waits for the head's decision."""
    head = staff.by_login["head"]
    channels = {one.code: one for one in SearchChannel.objects.all()}
    _plan(head, channels)
    campaigns = _campaigns(head, channels, today)
    random = Random(f"{today}-leads")  # noqa: S311 - demo data, no secrets
    names = _names(random)
    rows = [
        _lead(manager, number, place, names, channels, campaigns, random, today)
        for place, manager in enumerate(staff.managers)
        for number in range(len(LIVES))
    ]
    _became_clients(rows)
    made = Lead.objects.bulk_create(rows)
    LeadNote.objects.bulk_create(note for lead in made for note in _notes(lead, today))
    ReliabilityScore.objects.bulk_create(_scores(made, today))
    _scored_clients(staff, today)
    waiting = Lead.objects.filter(manager=staff.by_login["manager"], state="offer_accepted")
    for lead in waiting[:1]:
        ask_conversion(lead.pk, by=lead.manager, version=lead.version, today=today)


def _plan(head: User, channels: dict[str, SearchChannel]) -> None:
    for code, priority, plan in PLANS:
        one = channels[code]
        plan_channel(one.pk, by=head, version=one.version, priority=priority, plan=plan)


def _campaigns(
    head: User, channels: dict[str, SearchChannel], today: date
) -> dict[str, SearchCampaign]:
    """The begun ones by channel, so that leads can have come by them."""
    found = {}
    for code, name, ago, lasts, planned, cost, leads, clients in CAMPAIGNS:
        begun = today - timedelta(days=ago)
        made = create_campaign(
            by=head, key=uuid5(NAMESPACE_URL, name), name=name, channel=channels[code],
            starts_on=begun, ends_on=begun + timedelta(days=lasts),
            planned_cost=Decimal(planned), cost=Decimal(cost), target_leads=leads,
            target_clients=clients,
        )  # fmt: skip
        if ago > 0:
            found[code] = made
    return found


def _names(random: Random) -> Iterator[str]:
    """Companies that are no clients: no client of the demo is called so."""
    firsts = ("Новый", "Северный", "Городской", "Свежий", "Первый", "Добрый", "Большой", "Вкусный")
    seconds = ("Двор", "Рынок", "Стол", "Погребок", "Завтрак", "Квартал", "Базар", "Уголок")
    pairs = [f"{first} {second}" for first in firsts for second in seconds]
    random.shuffle(pairs)
    number = 0
    while True:
        for pair in pairs:
            yield f"ООО «{pair}{f' {number}' if number else ''}»"
        number += 1


def _lead(
    manager: User,
    number: int,
    place: int,
    names: Iterator[str],
    channels: dict[str, SearchChannel],
    campaigns: dict[str, SearchCampaign],
    random: Random,
    today: date,
) -> Lead:
    state, ago = LIVES[number]
    way = WAYS[(number + place) % len(WAYS)]
    town = words.TOWNS[(number * 7 + place) % len(words.TOWNS)]
    need, level, direction = NEEDS[(number + place) % len(NEEDS)]
    name = next(names)
    found = today - timedelta(days=ago)
    is_open = state in {"new", "qualified", "negotiating", "offer_accepted"}
    campaign = campaigns.get(way)
    return Lead(
        name=name,
        search_key=search_key(name)[:600],
        inn=make_inn(place * 100 + number, region=REGION) if state != "new" else "",
        contact_name=" ".join(person_name(random)),
        contact_position=random.choice(("Закупщик", "Директор", "Управляющий")),
        phone=phone_number(random),
        segment=SEGMENTS[(number * 3 + place) % len(SEGMENTS)],
        territory=town[0],
        channel=channels[way],
        campaign=campaign if campaign and campaign.starts_on <= found else None,
        potential_monthly=Decimal(random.randrange(20, 600) * 1000),
        need=need,
        need_level=level,
        need_direction=direction,
        manager=manager,
        org_unit=manager.org_unit,
        state=state,
        found_on=found,
        created_by=manager,
        **(_ahead(number, random, today) if is_open else _ended(state, found, ago, random)),
    )


def _ahead(number: int, random: Random, today: date) -> dict[str, Any]:
    return {"next_on": _next(number, today), "next_step": random.choice(STEPS)}


def _ended(state: str, found: date, ago: int, random: Random) -> dict[str, Any]:
    reason = {"lost": random.choice(LOST), "rejected": "Банкротство"}.get(state, "")
    return {"ended_on": found + timedelta(days=min(ago, 40)), "ended_reason": reason}


def _next(number: int, today: date) -> date | None:
    """Some are due today, one is late, one has no step planned."""
    ahead = (0, -2, 3, None, 0, 5, 1)[number]
    return None if ahead is None else add_working_days(today, ahead) if ahead else today


def _became_clients(leads: list[Lead]) -> None:
    """A converted lead is a client of its manager that is there already."""
    won = [lead for lead in leads if lead.state == LeadState.CONVERTED]
    used: set[int] = set()
    for lead in won:
        rows = Client.objects.filter(manager=lead.manager, status="client", archived_at=None)
        client = rows.exclude(kind="chain").exclude(pk__in=used).order_by("-created_at").first()
        if client is None:
            leads.remove(lead)
            continue
        used.add(client.pk)
        lead.client, lead.name, lead.inn = client, client.name, ""
        lead.search_key = client.search_key


def _notes(lead: Lead, today: date) -> Iterator[LeadNote]:
    """How far it has come, step by step, since it was found."""
    order = list(LeadState)
    steps = {"new": 0, "qualified": 1, "lost": 2, "rejected": 1}.get(lead.state, 3)
    for step in range(steps):
        on = min(lead.found_on + timedelta(days=3 + step * 8), today)
        yield LeadNote(
            lead=lead, on=on, text=DONE[step], state=order[step + 1], author=lead.manager
        )
    if lead.ended_on:
        text = lead.ended_reason or "Карточка клиента заведена."
        yield LeadNote(
            lead=lead, on=lead.ended_on, text=text, state=lead.state, author=lead.manager
        )


def _scores(leads: list[Lead], today: date) -> Iterator[ReliabilityScore]:
    for number, lead in enumerate(leads):
        if lead.state == LeadState.NEW:
            continue
        day = min(lead.found_on + timedelta(days=3), today)
        stop = "bankruptcy" if lead.state == LeadState.REJECTED else ""
        yield _score(number, day, lead.manager, stop, lead=lead, client=lead.client)


def _scored_clients(staff: Staff, today: date) -> None:
    """Of clients that were scored last year and this: some are to be checked again."""
    managers = [staff.by_login[login] for login in ("manager", "manager2")]
    rows = Client.objects.filter(manager__in=managers, status="client", archived_at=None)
    free = rows.exclude(reliability_scores__isnull=False).order_by("code")[:8]
    ReliabilityScore.objects.bulk_create(
        _score(
            number,
            today - timedelta(days=40 + number * 60),
            staff.by_login["head"],
            "",
            client=client,
        )
        for number, client in enumerate(free)
    )


def _score(number: int, day: date, by: User, stop: str, **whose: Any) -> ReliabilityScore:
    answers = USUAL | LEVELS[number % len(LEVELS)]
    result = scored(answers, stop_factor=stop)
    factors = {
        key: {"answer": answers[key], "points": points} for key, points in result.points.items()
    }
    return ReliabilityScore(
        factors=factors, score=result.score, grade=result.grade, stop_factor=stop,
        deferral_days=result.deferral_days, note="Реестр юрлиц, картотека дел, отзыв партнёра",
        scored_on=day, valid_to=valid_until(day), author=by, **whose,
    )  # fmt: skip
