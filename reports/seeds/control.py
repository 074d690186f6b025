"""Processes and control points that every installation starts with; heads edit them."""

from __future__ import annotations

from typing import NamedTuple

from crm.history import verb
from reports.models import BusinessProcess, ControlPoint


class Point(NamedTuple):
    """Question and norm in both languages, where to look, rows of the sample."""

    question: str
    question_en: str
    norm: str
    norm_en: str
    url_name: str
    source: str


MAIN = (
    Point(
        "Отгружено ли по подтверждённому заказу в обещанный день?",
        "Was the confirmed order shipped on the promised day?",
        "День отгрузки не позже обещанного",
        "The day of shipping is not later than the promised one",
        "deals:shipment_list",
        "sales",
    ),
    Point(
        "Созданы ли документы по оплаченным счетам вовремя?",
        "Were the documents of paid invoices made in time?",
        "В течение рабочего дня после оплаты",
        "Within a working day after the payment",
        "report:paid_without_documents",
        "paid",
    ),
    Point(
        "Полон ли комплект документов по отгрузке?",
        "Is the package of documents of the shipment complete?",
        "УПД подписан, сертификаты приложены",
        "The transfer document is signed, certificates are enclosed",
        "deals:shipment_list",
        "sales",
    ),
    Point(
        "Ведётся ли работа с просроченной задолженностью?",
        "Is overdue debt followed up?",
        "Контакт и обещание не позже дня после срока",
        "A contact and a promise not later than the day after the last day",
        "reports:receivables",
        "contacts",
    ),
    Point(
        "Отправлены ли и подписаны ли акты сверки в срок?",
        "Were acts of reconciliation sent and signed in time?",
        "Не позже дней графика сверок",
        "Not later than the days of the schedule",
        "deals:reconciliation_list",
        "acts",
    ),
    Point(
        "Дан ли ответ на претензию в срок?",
        "Was the claim answered in time?",
        "По сроку договора, иначе по настройке",
        "By the term of the contract, else of the setting",
        "claims:list",
        "claims",
    ),
)
CLIENTS = (
    Point(
        "Полны ли листы регистрации?",
        "Are registration sheets complete?",
        "Все обязательные поля заполнены",
        "All required fields are filled",
        "clients:campaign_list",
        "sheets",
    ),
    Point(
        "Вовремя ли распределены и перераспределены клиенты?",
        "Were clients distributed and redistributed in time?",
        "Новый клиент — в течение рабочего дня",
        "A new client within a working day",
        "report:distribution_terms",
        "assignments",
    ),
    Point(
        "Соблюдается ли план контакта?",
        "Is the contact plan kept?",
        "Не реже нормы категории, запись с результатом",
        "Not less often than the norm of the category, logged with a result",
        "clients:plan_list",
        "contacts",
    ),
    Point(
        "Записан ли итог контакта и следующий шаг?",
        "Are the outcome of the contact and the next step logged?",
        "Итог и дата следующего шага указаны",
        "The outcome and the day of the next step are there",
        "clients:contact_list",
        "contacts",
    ),
    Point(
        "Актуальна ли карточка клиента?",
        "Is the card of the client up to date?",
        "ЛПР, телефон и реквизиты проверены",
        "The decision maker, phone and requisites are checked",
        "clients:list",
        "assignments",
    ),
)
# Code and title in both languages.
PROCESSES = (
    ("main", "Основной бизнес-процесс", "Main business process", MAIN),
    ("clients", "Управление клиентской базой", "Managing the client base", CLIENTS),
)


def seed_control_points() -> int:
    """Add processes that are missing, each with its points; returns how many points were added."""
    known = set(BusinessProcess.objects.values_list("code", flat=True))
    count = 0
    with verb("control.seeded", by=None):
        for order, (code, title, title_en, points) in enumerate(PROCESSES, start=1):
            if code in known:
                continue
            process = BusinessProcess.objects.create(
                code=code, title=title, title_en=title_en, order=order
            )
            made = ControlPoint.objects.bulk_create(
                ControlPoint(process=process, number=number, **point._asdict())
                for number, point in enumerate(points, start=1)
            )
            count += len(made)
    return count
