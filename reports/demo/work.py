"""Work items of the demo: every kind, some in time, some late, one returned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from clients.models import Client
from crm.assignments import actions
from crm.assignments.actions import NewWork
from crm.assignments.models import GIVEN, WorkItem, WorkKind
from reports.demo.people import Staff


@dataclass(frozen=True)
class Told:
    """Who asks whom, when, for how many days, and how far it has come (state, days ago)."""

    kind: str
    author: str
    executor: str
    title: str
    ago: int
    lasts: int
    state: str = "new"
    moved: int = 0
    body: str = ""
    answer: str = ""


TOLD = (
    Told(
        "instruction", "sector", "manager",
        "Позвонить клиентам категории A без заказов с начала месяца", 6, 4, "accepted", 5,
        "По каждому записать причину и дату следующего заказа.",
    ),
    Told(
        "order", "director", "head", "Ввести еженедельный контроль просроченной задолженности",
        20, 40, "answered", 12, "Отчёт — каждый понедельник до 12:00.",
        "Первый отчёт отправлен, форма согласована с бухгалтерией.",
    ),
    Told(
        "info_request", "manager", "accountant", "Реквизиты платежей, не разнесённых в октябре",
        9, 8, "new", 0, "Клиент утверждает, что оплатил дважды.",
    ),
    Told(
        "info_request", "manager", "lawyer", "Можно ли подписать договор по доверенности агента",
        5, 6, "answered", 1, "", "Можно: доверенность нотариальная, срок до конца года.",
    ),
    Told(
        "proposal", "manager2", "head", "Отправлять акты сверки вместе с последним УПД месяца",
        14, 20, "answered", 7, "Сейчас акт уходит отдельным письмом и теряется.",
        "Принимается для клиентов с электронным документооборотом, с января.",
    ),
    Told(
        "proposal", "sector", "director", "Единый порог скидки для сетевых клиентов", 3, 15,
        body="Три разных порога приводят к спорам при передаче клиентов.",
    ),
    Told(
        "help", "manager", "sector", "Переговоры с закупщиком сети о росте цен", 2, 5, "accepted",
        1, "Клиент просит заморозить цены до марта.",
    ),
    Told(
        "risk_notice", "manager2", "head", "Клиент уходит к конкуренту: ретробонус 5 %", 1, 4,
    ),
    Told(
        "conditions", "manager", "head", "Гарнитура и второй монитор для обзвона", 12, 14,
        "action_taken", 2, "", "Выдано со склада, номер накладной 118.",
    ),
    Told(
        "assignment", "head", "accountant", "Сверить авансы клиентов на 1-е число", 25, 10,
        "resolved", 14, "", "Сверено, расхождений нет.",
    ),
    Told(
        "assignment", "sector", "manager2", "Обновить карточки клиентов без ЛПР", 30, 12,
        "resolved", 15, "", "Обновлено 18 карточек.",
    ),
    Told(
        "assignment", "sector", "manager", "Подготовить фотоотчёт по выкладке", 10, 8, "returned",
        2, "", "Фото загружены.",
    ),
)  # fmt: skip
VERDICTS = {WorkKind.PROPOSAL: "taken"}


def add_work(staff: Staff, today: date) -> None:
    """Enter them all; those of managers are about a client of theirs."""
    for told in TOLD:
        _add(told, staff, today)


def _add(told: Told, staff: Staff, today: date) -> WorkItem:
    author, executor = staff.by_login[told.author], staff.by_login[told.executor]
    day = today - timedelta(days=told.ago)
    client = Client.objects.filter(manager=author, archived_at=None).order_by("-category", "pk")
    found = client.first() if told.kind in {"info_request", "help", "risk_notice"} else None
    is_proposal, is_order = told.kind == WorkKind.PROPOSAL, told.kind == WorkKind.ORDER
    made = actions.create_work(
        NewWork(
            kind=told.kind,
            title=told.title,
            due_on=day + timedelta(days=told.lasts),
            executor=executor,
            feedback_due=None if told.kind in GIVEN else day + timedelta(days=4),
            body="" if is_proposal else told.body,
            justification=told.body if is_proposal else "",
            order_number="47-п" if is_order else "",
            order_on=day if is_order else None,
            subject=("client", found.pk) if found else None,
        ),
        by=author,
        today=day,
    )
    return _moved(made, told, staff, today - timedelta(days=told.moved))


def _moved(made: WorkItem, told: Told, staff: Staff, on: date) -> WorkItem:
    """As far as it has come."""
    author, executor = staff.by_login[told.author], staff.by_login[told.executor]
    if told.state == "accepted":
        return actions.accept_work(made.pk, by=executor, version=1, today=on)
    if told.state == "answered":
        verdict = VERDICTS.get(WorkKind(told.kind), "")
        return actions.answer_work(
            made.pk, by=executor, version=1, text=told.answer, verdict=verdict, today=on
        )
    if told.state in {"action_taken", "resolved", "returned"}:
        made = actions.report_action(made.pk, by=executor, version=1, text=told.answer, today=on)
    if told.state == "resolved":
        return actions.resolve_work(made.pk, by=author, version=2, today=on)
    if told.state == "returned":
        why = "Нет фотографий верхней полки, переснять."
        return actions.return_work(made.pk, by=author, version=2, reason=why, due_on=None, today=on)
    return made
