"""Parameters that several reports ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.errors import RuleViolation
from crm.fields import CleanCharField, CountField, DaysField, RussianDateField
from deals.receivables.ageing import parse_intervals
from reports.queries.receivables.grouping import LABELS
from reports.registry import Parameter


class DayField(RussianDateField):
    """A day by the calendar of the browser or typed."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class IntervalsField(CleanCharField):
    """Intervals of ageing; empty means those of the setting."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value:
            try:
                parse_intervals(value)
            except RuleViolation as refusal:
                raise forms.ValidationError(str(refusal)) from None


def as_of() -> Parameter:
    """The end of this day."""
    return Parameter("as_of", lambda user: DayField(label=_("As of")), lambda today: today)


def last_month_end(today: date) -> date:
    """The last day of the month before."""
    return today.replace(day=1) - timedelta(days=1)


def first_day(default: Any = None) -> Parameter:
    """The first day of a period, of this month by default."""
    usual = default or (lambda today: today.replace(day=1))
    return Parameter("from", lambda user: DayField(label=_("From")), usual)


def last_day(default: Any = None) -> Parameter:
    """The last day of a period, today by default."""
    return Parameter("to", lambda user: DayField(label=_("To")), default or (lambda today: today))


def grouping(usual: str, allowed: Iterable[str] = ()) -> Parameter:
    """By client, manager, sector, territory or contract."""
    names = list(allowed) or list(LABELS)
    choices = [(name, LABELS[name]) for name in names]
    return choice("by", _("By"), choices, usual)


def choice(name: str, label: Any, choices: Sequence[tuple[str, Any]], usual: str) -> Parameter:
    """One of a few words."""
    return Parameter(
        name,
        lambda user: forms.ChoiceField(label=label, choices=choices, required=False),
        lambda today: usual,
    )


def whole(name: str, label: Any, usual: int, most: int) -> Parameter:
    """A whole number from 1: of days when it is named so, else of anything counted."""
    kind = DaysField if name == "days" else CountField
    return Parameter(
        name,
        lambda user: kind(label=label, min_value=1, max_value=most),
        lambda today: usual,
    )


def intervals() -> Parameter:
    """Other intervals of ageing than those of the setting."""
    return Parameter(
        "intervals",
        lambda user: IntervalsField(label=_("Intervals"), required=False, max_length=100),
        lambda today: "",
    )


def three_months_ago(today: date) -> date:
    """Ninety days up to today."""
    return today - timedelta(days=89)
