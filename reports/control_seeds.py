"""Processes and control points that every installation starts with; heads edit them."""

from __future__ import annotations

from crm.history import verb
from reports.models import BusinessProcess, ControlPoint

# Question, norm, where to look, rows of the sample.
POINTS = {
    ("main", "Основной бизнес-процесс"): (
        (
            "Отгружено ли по подтверждённому заказу в обещанный день?",
            "День отгрузки не позже обещанного",
            "deals:shipment_list",
            "sales",
        ),
        (
            "Созданы ли документы по оплаченным счетам вовремя?",
            "В течение рабочего дня после оплаты",
            "report:paid_without_documents",
            "paid",
        ),
        (
            "Полон ли комплект документов по отгрузке?",
            "УПД подписан, сертификаты приложены",
            "deals:shipment_list",
            "sales",
        ),
        (
            "Ведётся ли работа с просроченной задолженностью?",
            "Контакт и обещание не позже дня после срока",
            "reports:receivables",
            "contacts",
        ),
        (
            "Отправлены ли и подписаны ли акты сверки в срок?",
            "Не позже дней графика сверок",
            "deals:reconciliation_list",
            "acts",
        ),
        (
            "Дан ли ответ на претензию в срок?",
            "По сроку договора, иначе по настройке",
            "claims:list",
            "claims",
        ),
    ),
    ("clients", "Управление клиентской базой"): (
        (
            "Полны ли листы регистрации?",
            "Все обязательные поля заполнены",
            "clients:campaign_list",
            "sheets",
        ),
        (
            "Вовремя ли распределены и перераспределены клиенты?",
            "Новый клиент — в течение рабочего дня",
            "clients:transfer_list",
            "assignments",
        ),
        (
            "Соблюдается ли план контакта?",
            "Не реже нормы категории, запись с результатом",
            "clients:plan_list",
            "contacts",
        ),
        (
            "Записан ли итог контакта и следующий шаг?",
            "Итог и дата следующего шага указаны",
            "clients:contact_list",
            "contacts",
        ),
        (
            "Актуальна ли карточка клиента?",
            "ЛПР, телефон и реквизиты проверены",
            "clients:list",
            "assignments",
        ),
    ),
}


def seed_control_points() -> int:
    """Add processes that are missing, each with its points; returns how many points were added."""
    known = set(BusinessProcess.objects.values_list("code", flat=True))
    count = 0
    with verb("control.seeded", by=None):
        for order, ((code, title), points) in enumerate(POINTS.items(), start=1):
            if code in known:
                continue
            process = BusinessProcess.objects.create(code=code, title=title, order=order)
            made = ControlPoint.objects.bulk_create(
                ControlPoint(
                    process=process,
                    number=number,
                    question=question,
                    norm=norm,
                    url_name=url_name,
                    source=source,
                )
                for number, (question, norm, url_name, source) in enumerate(points, start=1)
            )
            count += len(made)
    return count
