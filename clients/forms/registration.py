"""Forms of registration: the campaign, and the sheet made of the questions of its campaign."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.actions.campaigns import CampaignValues, departments_of
from clients.forms.letters import OnceForm
from clients.models import ClientCategory, KnownFact, RegistrationCampaign
from clients.sheets.sheet_questions import Question, plain_number
from crm.accounts.models import OrgUnit, User
from crm.fields import (
    CleanCharField,
    CleanTextField,
    InnField,
    KppField,
    OgrnField,
    PhoneField,
    QuantityField,
    WholeNumberField,
    YearField,
)
from crm.forms import LowerEmailField, VersionForm, day_field

PREFIX = "q_"
LONGEST = 1000
LONG_TEXTS = frozenset({"", KnownFact.NEEDS})
# What is known of such a question is also how its answer is checked.
CHECKED: dict[str, Callable[..., forms.Field]] = {
    KnownFact.INN: InnField,
    KnownFact.KPP: KppField,
    KnownFact.OGRN: OgrnField,
    KnownFact.PHONE: PhoneField,
    KnownFact.DECIDER_PHONE: lambda **more: PhoneField(extension=True, **more),
    KnownFact.EMAIL: lambda **more: LowerEmailField(max_length=254, **more),
}


class CampaignForm(OnceForm):
    """A draft: which department and year, whom it concerns, by which day."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    year = YearField(label=gettext_lazy("Year"))
    org_unit = forms.ModelChoiceField(
        label=gettext_lazy("Department"), queryset=OrgUnit.objects.none(), empty_label=None
    )
    deadline = day_field(gettext_lazy("To be collected by"))
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Only clients of categories"),
        choices=ClientCategory.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: all clients of the department that buy."),
    )

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        super().__init__(data, **options)
        units = [unit.pk for unit in departments_of(user)]
        field: Any = self.fields["org_unit"]
        field.queryset = OrgUnit.objects.filter(pk__in=units).order_by("path")

    def values(self) -> CampaignValues:
        """What the action takes."""
        typed = self.cleaned_data
        return CampaignValues(
            year=typed["year"],
            org_unit=typed["org_unit"],
            deadline=typed["deadline"],
            categories=tuple(typed["categories"]),
        )


def stored(campaign: RegistrationCampaign) -> dict[str, Any]:
    """A draft as its form shows it."""
    names = ("year", "org_unit", "deadline", "categories", "version")
    return {name: getattr(campaign, name) for name in names}


class DeadlineForm(VersionForm):
    """Another last day."""

    deadline = day_field(gettext_lazy("To be collected by"))


class ReturnForm(VersionForm):
    """What is to be mended."""

    reason = CleanTextField(
        label=gettext_lazy("What is to be corrected"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerNumberField(QuantityField):
    """A number of any kind: of roubles, tons, outlets."""

    asks = gettext_lazy("Enter a number, at most three digits after the comma.")


class SheetForm(VersionForm):
    """One field for each question; nothing is obligatory while it is a draft.

    `history_words`: how the history of the sheet is read to whoever came too late.
    """

    history_words: Mapping[str, Any] = {}

    def __init__(
        self,
        data: Any = None,
        *,
        questions: Iterable[Question],
        answers: Mapping[str, str],
        **options: Any,
    ) -> None:
        self.questions = list(questions)
        initial = {PREFIX + q.code: to_form(q, answers.get(q.code, "")) for q in self.questions}
        super().__init__(data, initial=initial | options.pop("initial", {}), **options)
        for question in self.questions:
            self.fields[PREFIX + question.code] = field_of(question)

    def bound(self, question: Question) -> BoundField:
        """The field of the question."""
        return self[PREFIX + question.code]

    def answers(self) -> dict[str, str]:
        """What was typed, as answers are kept."""
        return {one.code: to_answer(self.cleaned_data[PREFIX + one.code]) for one in self.questions}

    def name_missing(self, codes: Iterable[str]) -> None:
        """Say at each of the fields that it is obligatory."""
        for code in codes:
            self.add_error(PREFIX + code, _("Answer this question: it is required."))


def field_of(question: Question) -> forms.Field:
    """The field that reads the answer."""
    common: dict[str, Any] = {"label": str(question), "required": False}
    if question.kind == "number":
        return AnswerNumberField(**common)
    if question.kind == "date":
        field = day_field(common["label"])
        field.required = False
        return field
    if question.kind == "choice":
        return forms.ChoiceField(choices=[("", "—"), *question.choices], **common)
    if question.known in CHECKED:
        return CHECKED[question.known](**common)
    if question.known in LONG_TEXTS:
        widget = forms.Textarea(attrs={"rows": 2})
        return CleanTextField(max_length=LONGEST, widget=widget, **common)
    return CleanCharField(max_length=LONGEST, **common)


def to_form(question: Question, answer: str) -> Any:
    """A kept answer as its field shows it."""
    if not answer:
        return None
    try:
        if question.kind == "number":
            return Decimal(answer)
        if question.kind == "date":
            return date.fromisoformat(answer)
    except (ValueError, InvalidOperation):
        return answer
    return answer


def to_answer(value: Any) -> str:
    """What a field has read, as answers are kept."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain_number(value)
    return value.isoformat() if isinstance(value, date) else str(value)
