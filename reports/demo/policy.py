"""The pricing policy of the demo: a former version, the one in force, a draft."""

from datetime import date, timedelta

from deals.actions.pricing_policy import PolicyText, publish_policy, write_policy
from deals.models import PricingPolicy
from reports.demo.people import Staff

FORMER = """
1. Общие положения
Цены указываются в рублях с НДС. Виды цен: базовая, оптовая и для сетей.
Вид цены определяется каналом продаж клиента.

2. Скидки
Скидка предоставляется в пределах лимитов подписи.
Скидка сверх лимита согласуется заявкой с обоснованием: оборот, платёжная дисциплина, план.

3. Изменение цен
Клиент уведомляется о новых ценах не позднее чем за 7 календарных дней.
"""
PRESENT = """
1. Общие положения
Цены указываются в рублях с НДС. Виды цен: базовая, оптовая и для сетей.
Вид цены определяется каналом продаж клиента.

2. Скидки
Скидка предоставляется в пределах лимитов подписи.
Скидка сверх лимита согласуется заявкой с обоснованием: оборот, платёжная дисциплина, план.
Продажа ниже минимальной цены — только по согласованному коммерческому предложению.

3. Изменение цен
Клиент уведомляется о новых ценах не позднее чем за 14 календарных дней.
Если договором установлен больший срок, действует срок договора.
Для клиента, уведомлённого позже, сохраняются прежние цены.

4. Соглашения с производителями
Ценовые соглашения ведут закупки и маркетинг.
Предложение ниже обязательств по соглашению согласуется как продажа ниже минимальной цены.
"""
PROMO = """
5. Промо-цены
Промо-цена действует не более 30 дней, объём и срок фиксируются в предложении клиенту.
"""
# Days since, text, what is new.
VERSIONS = (
    (-420, FORMER, "Первая редакция"),
    (-95, PRESENT, "Срок уведомления 14 дней; раздел о соглашениях с производителями"),
)
AHEAD = 34


def add_policy(staff: Staff, today: date) -> None:
    """Written by the head, published by the director a week before their first days."""
    head, director = staff.by_login["head"], staff.by_login["director"]
    for since, text, summary in VERSIONS:
        first = today + timedelta(days=since)
        values = PolicyText(text.strip(), first, summary)
        draft = write_policy(by=head, version=0, values=values)
        day = first - timedelta(days=7)
        made = publish_policy(draft.pk, by=director, version=draft.version, today=day)
        moment = made.approved_at - timedelta(days=(today - day).days) if made.approved_at else None
        PricingPolicy.objects.filter(pk=made.pk).update(created_at=moment, approved_at=moment)
    values = PolicyText(
        (PRESENT + PROMO).strip(), today + timedelta(days=AHEAD), "Добавлены промо-цены"
    )
    write_policy(by=head, version=0, values=values)
