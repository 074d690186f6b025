"""Filters of the register of work; boards, reports and cards link to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import OrgUnit, User
from crm.assignments import registry
from crm.assignments.models import GIVEN, WorkItem, WorkKind, WorkState
from crm.fields import RussianDateField

MINE = (
    ("todo", gettext_lazy("Mine to do")),
    ("answer", gettext_lazy("Waiting for my answer")),
    ("asked", gettext_lazy("Asked by me")),
    ("verify", gettext_lazy("For me to verify")),
)
STEPS = (
    ("open", gettext_lazy("Not finished")),
    ("overdue", gettext_lazy("Overdue")),
    ("unanswered", gettext_lazy("Without an answer")),
    ("no_action", gettext_lazy("Answered, no action")),
    ("verify", gettext_lazy("To be verified")),
    ("standing", gettext_lazy("Not withdrawn")),
    ("in_time", gettext_lazy("Solved, done on time")),
)


class Several(filters.MultipleChoiceFilter):
    """Any of several values of the row's own column."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"distinct": False} | options)


class Day(filters.DateFilter):
    """A day typed either way."""

    field_class = RussianDateField


@dataclass(frozen=True)
class About:
    """A record that items are about, as the chip of the filter names it."""

    subject: registry.Subject
    record: Any

    def __str__(self) -> str:
        return f"{self.subject.label}: {self.record}"


class AboutField(forms.CharField):
    """`client:12`, a record that the person sees."""

    def __init__(self, *args: Any, user: User | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text or self.user is None:
            return None
        found = about_of(self.user, text)
        if found is None:
            raise ValidationError(_("There is no such record."))
        return found


def about_of(user: User, text: str) -> About | None:
    """The record that a key and a number name, as far as the person sees it."""
    key, _colon, number = text.partition(":")
    subject = registry.get(key)
    if subject is None or not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    record = subject.find(user, int(number))
    return About(subject, record) if record is not None else None


class AboutFilter(filters.CharFilter):
    field_class = AboutField


def people(request: Any) -> Any:
    """Colleagues in the order of names."""
    return User.objects.visible_to(request.user).order_by("sort_key", "pk")


def units(request: Any) -> Any:
    """Units in the order of the tree."""
    return OrgUnit.objects.visible_to(request.user).open().order_by("path")


def by_step(rows: Any, _name: str, step: str) -> Any:
    """How far they are."""
    today = timezone.localdate()
    if step == "verify":
        return rows.open().exclude(pk__in=rows.undone().order_by().values("pk"))
    if step == "no_action":
        return rows.filter(state=WorkState.ANSWERED, kind__in=GIVEN)
    if step == "in_time":
        return rows.done_in_time()
    if step == "overdue":
        return rows.overdue(today)
    return {"open": rows.open, "unanswered": rows.unanswered, "standing": rows.standing}[step]()


def of_unit(unit: OrgUnit) -> Q:
    """Of people of the unit and below; nobody has taken it, then of the unit addressed."""
    path = unit.path
    return Q(executor__org_unit__path__startswith=path) | Q(
        executor=None, unit__path__startswith=path
    )


def of_person(rows: Any, _name: str, person: User) -> Any:
    """What the person has to answer for: also what the headed unit was asked and nobody took."""
    return rows.filter(Q(executor=person) | Q(executor=None, unit__head=person))


def in_one_unit(rows: Any, _name: str, unit: OrgUnit) -> Any:
    """Of the people of one unit, without those below."""
    return rows.filter(Q(executor__org_unit=unit) | Q(executor=None, unit=unit))


def in_unit(rows: Any, _name: str, unit: OrgUnit) -> Any:
    return rows.filter(of_unit(unit))


class WorkFilter(filters.FilterSet):
    """What narrows the register."""

    mine = filters.ChoiceFilter(label=gettext_lazy("Mine"), choices=MINE, method="by_me")
    step = filters.ChoiceFilter(label=gettext_lazy("Step"), choices=STEPS, method=by_step)
    kind = Several(label=gettext_lazy("Kind"), choices=WorkKind.choices)
    state = Several(label=gettext_lazy("State"), choices=WorkState.choices)
    executor = filters.ModelChoiceFilter(label=gettext_lazy("Assignee"), queryset=people)
    author = filters.ModelChoiceFilter(label=gettext_lazy("Author"), queryset=people)
    unit = filters.ModelChoiceFilter(
        label=gettext_lazy("Unit with those below"), queryset=units, method=in_unit
    )
    answerer = filters.ModelChoiceFilter(
        label=gettext_lazy("Responsible"), queryset=people, method=of_person
    )
    own_unit = filters.ModelChoiceFilter(
        label=gettext_lazy("Unit without those below"), queryset=units, method=in_one_unit
    )
    about = AboutFilter(label=gettext_lazy("About"), method="by_subject", max_length=60)
    due_from = Day(label=gettext_lazy("Due, from"), field_name="due_on", lookup_expr="gte")
    due_to = Day(label=gettext_lazy("Due, to"), field_name="due_on", lookup_expr="lte")
    created_from = Day(
        label=gettext_lazy("Entered, from"), field_name="created_on", lookup_expr="gte"
    )
    created_to = Day(label=gettext_lazy("Entered, to"), field_name="created_on", lookup_expr="lte")

    class Meta:
        model = WorkItem
        fields = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "about" in self.filters and self.request is not None:
            self.filters["about"].extra["user"] = self.request.user

    def by_me(self, rows: Any, _name: str, value: str) -> Any:
        """What the person who looks has to do, or has asked for."""
        user = self.request.user
        if value == "asked":
            return rows.filter(author=user)
        if value == "verify":
            return rows.to_verify_by(user)
        mine = rows.to_do_by(user)
        return mine.exclude(kind__in=GIVEN).filter(answered_on=None) if value == "answer" else mine

    def by_subject(self, rows: Any, _name: str, about: About | None) -> Any:
        """About one record."""
        if about is None:
            return rows
        subject = about.subject
        return rows.about(subject.key, about.record.pk, is_client=subject.is_client)
