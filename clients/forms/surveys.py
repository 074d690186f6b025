"""Forms of surveys: ours to make them and deal with answers, the client's to answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from clients.actions.survey_answers import Given
from clients.actions.surveys import Question, SurveyValues
from clients.forms.letters import OnceForm
from clients.models import (
    ClientCategory,
    ConsentChannel,
    Dissatisfaction,
    QuestionKind,
    Survey,
    SurveyQuestion,
)
from crm.accounts.models import SALES, User
from crm.fields import CleanCharField, CleanTextField
from crm.forms import VersionForm, day_field

ROWS = 6
OFFERED = (
    (QuestionKind.SCORE, _("How satisfied are you with working with us overall?")),
    (QuestionKind.NPS, _("How likely are you to recommend us to your partners?")),
    (QuestionKind.REASONS, _("What are you not satisfied with?")),
    (QuestionKind.TEXT, _("What should we do better?")),
)
INTRO_LENGTH, TEXT_LENGTH = 1000, 2000


def managers() -> Any:
    """People who may have clients."""
    rows = User.objects.working().filter(role__in=SALES)
    return rows.order_by("sort_key", "pk")


class SurveyForm(OnceForm):
    """A survey with up to six questions; an empty row is none."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    title = CleanCharField(label=_("Title"), max_length=200)
    intro = CleanTextField(
        label=_("Introduction of the letter and the page"),
        max_length=INTRO_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    ends_on = day_field(_("Answers until"))
    categories = forms.MultipleChoiceField(
        label=_("Categories of clients"),
        choices=ClientCategory.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all."),
    )
    manager = forms.ModelChoiceField(
        label=_("Clients of the manager"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("All managers"),
    )
    deciders_only = forms.BooleanField(label=_("Only those who decide"), required=False)

    def __init__(self, data: Any = None, *, today: date, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["manager"].queryset = managers()  # type: ignore[attr-defined]
        self.fields["ends_on"].widget.attrs["min"] = today.isoformat()
        kinds = [("", "—"), *QuestionKind.choices]
        for place in range(ROWS):
            self.fields[f"kind_{place}"] = forms.ChoiceField(
                label=_("Kind of the question"), choices=kinds, required=False
            )
            self.fields[f"question_{place}"] = CleanCharField(
                label=_("Question"), max_length=300, required=False
            )

    @property
    def rows(self) -> list[tuple[BoundField, BoundField]]:
        """The questions as they are shown."""
        return [(self[f"kind_{place}"], self[f"question_{place}"]) for place in range(ROWS)]

    def clean(self) -> dict[str, Any]:
        """A question needs its kind, and a kind its question."""
        data = super().clean() or {}
        for place in range(ROWS):
            pair = f"kind_{place}", f"question_{place}"
            missing = [name for name in pair if not data.get(name)]
            if len(missing) == 1 and missing[0] not in self.errors:
                self.add_error(missing[0], _("Fill in both, or neither."))
        return data

    def values(self) -> SurveyValues:
        """What the action takes."""
        data = self.cleaned_data
        questions = (
            Question(data[f"kind_{place}"], data[f"question_{place}"])
            for place in range(ROWS)
            if data[f"kind_{place}"]
        )
        names = ("title", "ends_on", "intro", "manager", "deciders_only")
        return SurveyValues(
            questions=tuple(questions),
            categories=tuple(data["categories"]),
            **{name: data[name] for name in names},
        )


def stored(survey: Survey) -> dict[str, Any]:
    """The draft as it stands."""
    names = ("version", "title", "intro", "ends_on", "categories", "deciders_only")
    values = {name: getattr(survey, name) for name in names} | {"manager": survey.manager_id}
    rows = [(one.kind, one.text) for one in survey.questions.all()]  # type: ignore[attr-defined]
    return values | _rows(rows)


def offered(ends_on: date) -> dict[str, Any]:
    """A new survey: the questions that are asked as a rule."""
    return {"ends_on": ends_on} | _rows(OFFERED)


def _rows(rows: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    return {
        name: value
        for place, (kind, text) in enumerate(rows)
        for name, value in ((f"kind_{place}", kind), (f"question_{place}", text))
    }


class MeasuresForm(VersionForm):
    """What was done about a bad mark."""

    measures = CleanCharField(
        label=_("What was done"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class ConsentForm(forms.Form):
    """When and how the person agreed to be written to."""

    given_on = day_field(_("Given on"))
    channel = forms.ChoiceField(label=_("How"), choices=ConsentChannel.choices)
    text_version = CleanCharField(
        label=_("Text of the consent"),
        max_length=100,
        required=False,
        help_text=_("Its number and date, or where it is kept."),
    )

    def new_values(self) -> dict[str, Any]:
        """What the action takes."""
        return dict(self.cleaned_data)


@dataclass(frozen=True)
class Asked:
    """A question on the public page with its field."""

    question: SurveyQuestion
    field: BoundField


class AnswerForm(forms.Form):
    """The questions of one survey; none of them must be answered."""

    def __init__(self, data: Any = None, *, questions: Iterable[SurveyQuestion]) -> None:
        super().__init__(data)
        self.questions = list(questions)
        for question in self.questions:
            self.fields[_name(question)] = _field(question)

    @property
    def asked(self) -> list[Asked]:
        """Question by question."""
        return [Asked(question, self[_name(question)]) for question in self.questions]

    def given(self) -> dict[int, Given]:
        """What the action takes, by question."""
        return {one.pk: self._given(one) for one in self.questions}

    def _given(self, question: SurveyQuestion) -> Given:
        value = self.cleaned_data[_name(question)]
        if question.kind == QuestionKind.REASONS:
            return Given(reasons=tuple(value))
        if question.kind == QuestionKind.TEXT:
            return Given(text=value)
        return Given(score=value)


def _name(question: SurveyQuestion) -> str:
    return f"q{question.position}"


def _field(question: SurveyQuestion) -> forms.Field:
    if question.kind == QuestionKind.REASONS:
        return forms.MultipleChoiceField(
            label=question.text,
            choices=Dissatisfaction.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    if question.kind == QuestionKind.TEXT:
        return CleanTextField(
            label=question.text,
            max_length=TEXT_LENGTH,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4}),
        )
    marks = range(1, 6) if question.kind == QuestionKind.SCORE else range(11)
    return forms.TypedChoiceField(
        label=question.text,
        choices=[(str(mark), str(mark)) for mark in marks],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
