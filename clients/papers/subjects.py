"""Papers of personal data: what is stored about a person, the act of destruction; in Russian."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone, translation

from clients.our_company import our_name
from clients.pages.subjects import ActPage, SubjectPage
from crm import papers
from crm.work.registry import setting

PAPER = Path(__file__).with_name("subjects.typ")
SYSTEM = "Klientura"


def stored_pdf(page: SubjectPage) -> bytes:
    """What is stored about the person, for the answer to a request."""
    row = page.row
    with translation.override("ru"):
        data = {
            **_head(f"Сведения о персональных данных по обращению {row.number}"),
            "facts": [
                ("Обращение", f"{row.get_kind_display()}, получено {row.received_on:%d.%m.%Y}"),
                *page.facts,
                ("Цель обработки", "исполнение договора и ведение деловых контактов (ст. 6)"),
                ("Информационная система", SYSTEM),
            ],
            "rows_title": "Записи о субъекте",
            "rows": [(one.name, "; ".join(one.latest), one.count) for one in page.stored],
            "columns": ("Категория данных", "Последние записи", "Всего"),
            "kept": [],
            "signers": [("Ответственный", page.user.short_name)],
        }
        return papers.typeset(PAPER, data)


def act_pdf(page: ActPage) -> bytes:
    """The act with the extract of the journal (order 179 of 28.10.2022)."""
    act = page.act
    with translation.override("ru"):
        decided = act.decided_by.short_name if act.decided_by else ""
        at = act.executed_at
        executed = f"{timezone.localtime(at):%d.%m.%Y %H:%M}" if at else ""
        data = {
            **_head(f"Акт об уничтожении персональных данных {act.number}"),
            "facts": [
                ("Субъект", f"Контакт №{act.person_id}"),
                ("Основание", act.get_ground_display()),
                ("Причина", act.reason),
                ("Информационная система", SYSTEM),
                ("Способ", "обезличивание записей и маскирование истории изменений"),
                ("Состояние", act.get_state_display()),
                ("Дата уничтожения", executed or "—"),
                ("Хранить до конца года", page.keep_until or "—"),
            ],
            "rows_title": "Выгрузка из журнала регистрации событий",
            "rows": page.rows,
            "columns": ("Категория данных", "Где", "Записей"),
            "kept": page.kept,
            "signers": [("Предложил(а)", act.proposed_by.short_name), ("Утвердил(а)", decided)],
        }
        return papers.typeset(PAPER, data)


def _head(title: str) -> dict[str, Any]:
    us = {name: setting(f"company.{name}") for name in ("address", "inn", "kpp")}
    return {"us": {"full_name": our_name(), **us}, "title": title, "today": timezone.localdate()}
