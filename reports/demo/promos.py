"""Promos of the demo in every state, with their effect where they are over."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from crm.accounts.models import Role, User
from crm.approvals.actions import decide
from crm.approvals.models import Approval
from crm.approvals.signers import turn_of
from crm.money import round_half_up
from deals.actions import promo_moves, promos
from deals.models import ProductGroup, PromoCampaign
from deals.promos.promo_effect import figures_of
from reports.demo.people import Staff

# Name, kind, discount, begins (days from today), lasts, categories, its end.
PROMOS: tuple[tuple[str, str, str, int, int, list[str], str], ...] = (
    ("Летняя полка", "discount", "10", -110, 14, ["A", "B"], "close"),
    ("Подарок к школьному сезону", "gift", "0", -84, 21, [], "close"),
    ("Неделя новинок", "tasting", "0", -62, 7, ["A"], "analyse"),
    ("Осенняя выкладка", "display", "0", -45, 28, ["A", "B"], "analyse"),
    ("Минус 12 % на ряд", "discount", "12", -24, 14, ["B", "C"], ""),
    ("Скидка месяца", "discount", "7", -10, 21, ["A", "B", "C"], ""),
    ("Бонус продавцам торгового зала", "motivation", "0", -5, 30, [], ""),
    ("Новогодний ассортимент", "programme", "0", 9, 21, ["A", "B"], ""),
    ("Зимняя распродажа", "discount", "15", 35, 14, [], "send"),
    ("Праздничная полка", "display", "0", 60, 10, ["A"], "draft"),
    ("Предпраздничный день открытых дверей", "tasting", "0", 20, 2, ["A"], "cancel"),
)
MECHANICS = {
    "discount": "Скидка в счёте на товары группы при заказе от 30 000 ₽; на полке — ценник акции.",
    "gift": "За каждые десять коробок — одна в подарок, подарки отгружаем с заказом.",
    "display": "Выкладка на уровне глаз и два дополнительных места, фото каждую неделю.",
    "tasting": "Дегустации в точках по выходным, промоутер и раздаточные материалы за нами.",
    "motivation": "Продавец получает бонус за каждый блок сверх обычного месяца.",
    "programme": "Совместный план с ключевыми клиентами: выкладка, листовки, обучение продавцов.",
}
BRANDS = ("Росинка", "Северный берег", "Домашний стандарт")
CONCLUSIONS = (
    "Прирост держался все дни акции; повторить в следующем сезоне с тем же набором.",
    "Клиенты запаслись впрок: после акции просели. Следующую делать короче.",
)
MARGIN = Decimal(28)


def add_promos(staff: Staff, today: date) -> None:
    """Promos of the head of a department, approved by marketing, some analysed and closed."""
    head = staff.by_login["head"]
    marketer = User.objects.filter(role=Role.MARKETER, is_active=True).order_by("pk").first()
    groups = list(ProductGroup.objects.filter(archived_at=None).order_by("pk"))
    if marketer is None:
        return
    for number, row in enumerate(PROMOS):
        group = groups[number % len(groups)] if groups else None
        _promo(number, row, group, head, marketer, today)


def _promo(
    number: int, row: Any, group: ProductGroup | None, head: User, marketer: User, today: date
) -> None:
    name, kind, discount, begins, lasts, categories, end = row
    first = today + timedelta(days=begins)
    written = min(today, first) - timedelta(days=12)
    values = promos.PromoValues(
        name=name,
        kind=kind,
        mechanics=MECHANICS[kind],
        starts_on=first,
        ends_on=first + timedelta(days=lasts - 1),
        planned_sales=Decimal(600_000 + 90_000 * number),
        brand=BRANDS[number % len(BRANDS)],
        discount_pct=Decimal(discount),
        margin_pct=MARGIN,
        categories=categories,
        groups=[group] if group else [],
        planned_costs={"materials": Decimal(18_000), "merchandising": Decimal(9_500)},
    )
    made = promos.create_promo(values, by=head, key=uuid4(), today=written)
    if end == "draft":
        return
    promos.submit_promo(made.pk, by=head, version=made.version, today=written)
    if end == "send":
        return
    _approve(made, written)
    for day in (first, first + timedelta(days=lasts)):
        if day <= today:
            promo_moves.turn_promos(today=day)
    if end == "cancel":
        known = PromoCampaign.objects.get(pk=made.pk)
        why = "Площадка занята, перенесём на весну"
        promos.cancel_promo(known.pk, by=head, version=known.version, reason=why)
    if end in {"analyse", "close"}:
        _analyse(made.pk, number, end, marketer, today)


def _analyse(pk: int, number: int, end: str, marketer: User, today: date) -> None:
    known = PromoCampaign.objects.select_related("org_unit").get(pk=pk)
    sales = figures_of(known, today=today).promo_sales
    done = promo_moves.analyse_promo(
        pk,
        by=marketer,
        version=known.version,
        today=today,
        conclusion=CONCLUSIONS[number % len(CONCLUSIONS)],
        margin_pct=MARGIN,
        cost_of_goods=max(Decimal(0), round_half_up(sales * Decimal("0.74"))),
        actual_costs={"materials": Decimal(17_240), "merchandising": Decimal(10_900)},
    )
    if end == "close":
        promo_moves.close_promo(pk, by=marketer, version=done.version)


def _approve(promo: PromoCampaign, day: date) -> None:
    approval = Approval.objects.of(promo).running().with_steps().get()
    decide(
        approval.pk,
        by=turn_of(approval, day)[0][0],
        decision="approve",
        comment="",
        version=approval.version,
        target_version=approval.target_version,
        today=day,
    )
