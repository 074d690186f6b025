"""The questions of registration sheets as a dictionary that the administrator keeps (CL-08)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clients.books import Book, Part, flag, register
from clients.models import AnswerKind, ClientCategory, KnownFact, RegistrationQuestion
from clients.sheets.sheet_questions import lines_of
from crm.errors import RuleViolation
from crm.fields import CleanTextField

LONGEST_OPTIONS = 2000


def _kind() -> forms.Field:
    return forms.ChoiceField(label=gettext_lazy("Answer type"), choices=AnswerKind.choices)


def _categories() -> forms.Field:
    return forms.MultipleChoiceField(
        label=gettext_lazy("Asked of clients of categories"),
        choices=ClientCategory.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: of all."),
    )


def _known() -> forms.Field:
    none = ("", gettext_lazy("nothing, it is asked"))
    return forms.ChoiceField(
        label=gettext_lazy("Filled in from the card"),
        choices=[none, *KnownFact.choices],
        required=False,
    )


def _options(label: Any) -> forms.Field:
    return CleanTextField(
        label=label,
        required=False,
        max_length=LONGEST_OPTIONS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For a choice: one answer on each line."),
    )


def _options_ru() -> forms.Field:
    return _options(gettext_lazy("Answers to choose from, in Russian"))


def _options_en() -> forms.Field:
    return _options(gettext_lazy("Answers to choose from, in English"))


def _shown_categories(word: Any) -> str:
    return ", ".join(sorted(word.categories)) or _("all")


def check_question(facts: dict[str, Any]) -> None:
    """Refuse a choice without answers, answers in one language only, a potential in words."""
    ru, en = lines_of(facts.get("options_ru") or ""), lines_of(facts.get("options_en") or "")
    is_choice = facts.get("kind") == AnswerKind.CHOICE
    if is_choice and not ru:
        raise RuleViolation(_("Name the answers to choose from."), field="options_ru")
    if is_choice and len(ru) != len(set(ru)):
        raise RuleViolation(_("Two of the answers are the same."), field="options_ru")
    if is_choice and len(ru) != len(en):
        text = _("Name as many answers as in Russian: %(n)s.") % {"n": len(ru)}
        raise RuleViolation(text, field="options_en")
    if not is_choice and (ru or en):
        field = "options_ru" if ru else "options_en"
        raise RuleViolation(_("Only a choice has answers to choose from."), field=field)
    if facts.get("known") == KnownFact.POTENTIAL and facts.get("kind") != AnswerKind.NUMBER:
        raise RuleViolation(_("The potential is a number."), field="kind")


def register_questions() -> None:
    """Declare the dictionary."""
    obligatory = flag("required", gettext_lazy("Required"), gettext_lazy("Required"), initial=True)
    register(
        Book(
            "questions",
            RegistrationQuestion,
            gettext_lazy("Questions of registration sheets"),
            (
                Part("kind", pgettext_lazy("answer", "Kind"), _kind,
                     lambda word: word.get_kind_display()),
                obligatory,
                Part("categories", gettext_lazy("Categories"), _categories, _shown_categories),
                Part("known", gettext_lazy("From the card"), _known,
                     lambda word: word.get_known_display()),
                Part("options_ru", gettext_lazy("Answers"), _options_ru,
                     lambda word: str(len(lines_of(word.options_ru)) or "")),
                Part("options_en", gettext_lazy("Answers in English"), _options_en,
                     lambda word: str(len(lines_of(word.options_en)) or "")),
            ),
            check=check_question,
            wide=True,
        )
    )  # fmt: skip
