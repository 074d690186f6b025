"""Questions of registration sheets and their answers in plain form; knows no tables (REG-1).

A campaign keeps its questions as JSON; an answer is a text: a number with a dot, a day as
yyyy-mm-dd, a choice as the line of the Russian options.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language

from crm.money import format_number, percent
from crm.phones import format_phone

WHOLE = Decimal(100)
PHONES = frozenset({"phone", "decider_phone"})


@dataclass(frozen=True)
class Question:
    """One question as it is asked by a campaign."""

    code: str
    ru: str
    en: str
    kind: str = "text"
    required: bool = True
    categories: tuple[str, ...] = ()
    options_ru: tuple[str, ...] = ()
    options_en: tuple[str, ...] = ()
    known: str = ""

    def __str__(self) -> str:
        return self.en if _english() else self.ru

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What is kept and what is shown."""
        shown = self.options_en if _english() else self.options_ru
        return list(zip(self.options_ru, shown, strict=True))

    def asked_of(self, category: str | None) -> bool:
        """Whether clients of the category are asked it; without categories everybody is."""
        return not self.categories or category in self.categories

    def shown(self, answer: str) -> str:
        """The answer as a person reads it; what cannot be read is shown as it is."""
        if not answer:
            return ""
        if self.kind == "choice":
            return dict(self.choices).get(answer, answer)
        if self.known in PHONES:
            return format_phone(answer)
        try:
            if self.kind == "date":
                return f"{date.fromisoformat(answer):%d.%m.%Y}"
            if self.kind == "number":
                number = Decimal(answer)
                return format_number(number, 0 if number == number.to_integral_value() else 2)
        except (ValueError, InvalidOperation):
            return answer
        return answer


def _english() -> bool:
    return (get_language() or "ru").startswith("en")


def lines_of(text: str) -> tuple[str, ...]:
    """The options of a question, one on each line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def frozen(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows of the dictionary as a campaign keeps them."""
    return [
        asdict(
            Question(
                code=row.code,
                ru=row.name_ru,
                en=row.name_en,
                kind=row.kind,
                required=row.required,
                categories=tuple(sorted(row.categories)),
                options_ru=lines_of(row.options_ru),
                options_en=lines_of(row.options_en),
                known=row.known,
            )
        )
        for row in rows
    ]


def questions_of(kept: Iterable[Mapping[str, Any]], category: str | None) -> list[Question]:
    """What a client of the category is asked, in the order of the campaign."""
    return [one for one in all_questions(kept) if one.asked_of(category)]


def all_questions(kept: Iterable[Mapping[str, Any]]) -> list[Question]:
    """What a campaign asks of anybody."""
    return [_question(one) for one in kept]


def _question(kept: Mapping[str, Any]) -> Question:
    lists = ("categories", "options_ru", "options_en")
    facts: dict[str, Any] = {k: tuple(v) if k in lists else v for k, v in kept.items()}
    return Question(**facts)


def plain_number(value: Decimal) -> str:
    """A number as an answer keeps it: 250000, 12.5."""
    return f"{value.normalize():f}"


@dataclass(frozen=True)
class Completeness:
    """How many obligatory questions there are and how many are answered."""

    required: int
    filled: int

    @property
    def percent(self) -> Decimal:
        """REG-1: answered of obligatory, per cent; nothing obligatory leaves nothing to answer."""
        found = percent(self.filled, self.required)
        return WHOLE if found is None else found

    @property
    def is_whole(self) -> bool:
        return self.filled == self.required


def completeness(questions: Iterable[Question], answers: Mapping[str, str]) -> Completeness:
    """REG-1 of one sheet; an answer of blanks is none."""
    wanted = [one for one in questions if one.required]
    return Completeness(len(wanted), sum(is_answered(answers, one) for one in wanted))


def is_answered(answers: Mapping[str, str], question: Question) -> bool:
    """Whether something stands there."""
    return bool(answers.get(question.code, "").strip())


def missing(questions: Iterable[Question], answers: Mapping[str, str]) -> list[Question]:
    """Obligatory questions without an answer, in their order."""
    return [one for one in questions if one.required and not is_answered(answers, one)]


def potential_in(questions: Iterable[Question], answers: Mapping[str, str]) -> Decimal | None:
    """The potential per month that the answers name, roubles; None where they name none."""
    for one in questions:
        if one.known == "potential" and one.kind == "number" and answers.get(one.code):
            try:
                return Decimal(answers[one.code])
            except InvalidOperation:
                return None
    return None
