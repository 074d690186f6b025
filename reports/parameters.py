"""Kinds of parameters of reports: each reads what stands in the address or on the command line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.importers.finding import ClientFinder
from clients.models import Client
from crm.accounts.models import SALES, OrgUnit, User
from crm.accounts.scope import scope_of
from crm.calendar import half_start, month_start
from crm.fields import RussianDateField, WholeNumberField, YearField, parse_date
from crm.names import plain_text
from reports.registry import Parameter, Text

if TYPE_CHECKING:
    from django.db.models import QuerySet

EARLIEST = date(1990, 1, 1)
PRESETS: dict[str, Text] = {
    "this_month": gettext_lazy("This month"),
    "last_month": gettext_lazy("Last month"),
    "this_half_year": gettext_lazy("This half-year"),
    "this_year": gettext_lazy("This year"),
    "last_12_months": gettext_lazy("12 full months"),
}


class MonthsField(WholeNumberField):
    """A number of months."""

    asks = gettext_lazy("Enter the number of months in whole digits, for example 12.")


class WholePercentField(WholeNumberField):
    """A percentage in whole digits; a typed % is dropped."""

    asks = gettext_lazy("Enter the percentage in whole digits, for example 80.")

    def read(self, text: str) -> int | None:
        return super().read(text.strip().removesuffix("%"))


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first:%d.%m.%Y} – {self.last:%d.%m.%Y}"


def month_end(day: date) -> date:
    """The last day of the month."""
    return month_start(day, 1) - timedelta(days=1)


def period_of(text: str, today: date) -> Period:
    """A preset, a year, a month YYYY-MM, or two of them with two dots; raises ValidationError."""
    month = month_start(today)
    half = half_start(today)
    known = {
        "this_month": Period(month, month_end(today)),
        "last_month": Period(month_start(today, -1), month - timedelta(days=1)),
        "this_half_year": Period(half, month_end(month_start(half, 5))),
        "this_year": Period(date(today.year, 1, 1), date(today.year, 12, 31)),
        "last_12_months": Period(month_start(today, -12), month - timedelta(days=1)),
    }
    if text in known:
        return known[text]
    first, _dots, last = text.partition("..")
    found = Period(_bound(first)[0], _bound(last or first)[1])
    if found.last < found.first:
        raise ValidationError(_("The last day is before the first one."))
    return found


def _bound(text: str) -> tuple[date, date]:
    """First and last day of what is named: a year, a month or a day."""
    if re.fullmatch(r"\d{4}", text, re.ASCII):
        return parse_date(f"{text}-01-01"), parse_date(f"{text}-12-31")
    if re.fullmatch(r"\d{4}-\d{2}", text, re.ASCII):
        first = parse_date(f"{text}-01")
        return first, month_end(first)
    day = parse_date(text)
    return day, day


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class PeriodWidget(forms.MultiWidget):
    """Two days in the form, under the keys `from` and `to`; a preset in the address, `period`."""

    def __init__(self) -> None:
        super().__init__({"from": _day(), "to": _day()})

    def value_from_datadict(
        self,
        data: Mapping[str, Any],
        files: Any,  # noqa: ARG002
        name: str,  # noqa: ARG002
    ) -> Any:
        return {key: str(data.get(key) or "").strip() for key in ("period", "from", "to")}

    def value_omitted_from_data(
        self,
        data: Mapping[str, Any],
        files: Any,  # noqa: ARG002
        name: str,  # noqa: ARG002
    ) -> bool:
        return not any(data.get(key) for key in ("period", "from", "to"))

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, Period):
            return [value.first, value.last]
        if not value:
            return [None, None]
        return [value.get("from"), value.get("to")]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        labels = {"from": _("from"), "to": _("to")}
        for part, key in zip(context["widget"]["subwidgets"], labels, strict=True):
            part["name"] = key
            part["attrs"] = part["attrs"] | {"aria-label": labels[key]}
        return context


class PeriodField(forms.Field):
    """`from` and `to`, or `period`; where both are given the days win."""

    widget = PeriodWidget

    def __init__(self, *, usual: str, today: date, **more: Any) -> None:
        super().__init__(required=False, **more)
        self.usual, self.today = usual, today

    def to_python(self, value: Any) -> Period:
        if isinstance(value, Period):
            return value
        given = value or {}
        if not given.get("from") and not given.get("to"):
            return period_of(given.get("period") or self.usual, self.today)
        whole = period_of(given["period"], self.today) if given.get("period") else None
        first = parse_date(given["from"]) if given.get("from") else whole and whole.first
        last = parse_date(given["to"]) if given.get("to") else whole and whole.last
        found = Period(first or EARLIEST, last or self.today)
        if found.last < found.first:
            raise ValidationError(_("The last day is before the first one."))
        return found


class MonthField(forms.Field):
    """The first day of YYYY-MM, or of the month of a day."""

    widget = forms.DateInput(format="%Y-%m", attrs={"type": "month"})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, date):
            return month_start(value)
        text = str(value or "").strip()
        if not text:
            return None
        found = parse_date(f"{text}-01" if re.fullmatch(r"\d{4}-\d{2}", text, re.ASCII) else text)
        if not EARLIEST <= found <= date(9000, 1, 1):
            raise ValidationError(_("There is no such month here."))
        return month_start(found)


class ClientField(forms.Field):
    """A visible client by code, external id, INN (with /KPP) or name."""

    def __init__(self, user: User, **more: Any) -> None:
        super().__init__(**more)
        self.user = user

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        finder = ClientFinder(None)
        finder.clients = Client.objects.visible_to(self.user)
        finder.load([text])
        return Client.objects.select_related("manager", "org_unit").get(pk=finder.find(text))


class ChosenField(forms.ChoiceField):
    """One of the offered rows by its key; the command line may also say its name or login."""

    def __init__(self, rows: Mapping[str, tuple[str, Any, set[str]]], **more: Any) -> None:
        self.rows = rows
        labels = [("", _("All")), *((key, label) for key, (label, _row, _names) in rows.items())]
        super().__init__(choices=labels, required=False, **more)

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        for key, (_label, row, names) in self.rows.items():
            if text == key or plain_text(text).casefold() in names:
                return row
        raise ValidationError(_("There is no such choice here: %(text)s.") % {"text": text[:60]})

    def validate(self, value: Any) -> None:  # noqa: ARG002  (to_python has found the row)
        return None


def day_parameter(name: str, label: Text, default: Callable[[date], date]) -> Parameter:
    """A day."""
    return Parameter(name, lambda user: RussianDateField(label=str(label), widget=_day()), default)


def optional_day_parameter(name: str, label: Text) -> Parameter:
    """A day that narrows what is found, where it is given."""
    return Parameter(
        name, lambda user: RussianDateField(label=str(label), widget=_day(), required=False)
    )


def month_parameter(default: Callable[[date], date] = month_start) -> Parameter:
    """A month, the running one by default."""
    return Parameter("month", lambda user: MonthField(label=gettext_lazy("Month")), default)


def last_month_parameter(name: str = "until") -> Parameter:
    """The last month where several are asked for; without it there is one."""
    label = gettext_lazy("Up to the month")
    return Parameter(name, lambda user: MonthField(label=label, required=False))


def number_parameter(
    name: str,
    label: Text,
    default: Callable[[], int],
    *,
    kind: type[WholeNumberField],
    least: int,
    most: int,
) -> Parameter:
    """A whole number of a kind (days, months, per cent) between two limits."""
    return Parameter(
        name,
        lambda user: kind(label=label, min_value=least, max_value=most),
        lambda today: default(),
    )


def year_parameter() -> Parameter:
    """A year, this one unless told otherwise."""
    return Parameter("year", lambda user: YearField(label=_("Year")), lambda today: today.year)


def choice_parameter(
    name: str,
    label: Text,
    choices: Sequence[tuple[str, Text]],
    default: Callable[[], str] | None = None,
) -> Parameter:
    """One of the choices, among them perhaps an empty one; the first unless told otherwise."""
    required = all(value for value, _label in choices)
    return Parameter(
        name,
        lambda user: forms.ChoiceField(label=str(label), choices=list(choices), required=required),
        lambda today: default() if default else choices[0][0],
    )


def client_parameter(name: str = "client", *, required: bool = True) -> Parameter:
    """A client whom the person sees."""
    label, help_text = gettext_lazy("Client"), gettext_lazy("Code, INN or name")
    return Parameter(
        name, lambda user: ClientField(user, label=label, help_text=help_text, required=required)
    )


def period_parameter(name: str = "period", usual: str = "this_month") -> Parameter:
    """A period; keys of the address are `from`, `to` and `period`."""
    from django.utils import timezone

    return Parameter(
        name,
        lambda user: PeriodField(
            label=gettext_lazy("Period"), usual=usual, today=timezone.localdate()
        ),
    )


def unit_parameter(name: str = "unit") -> Parameter:
    """A unit with everything below it, of those the person sees."""
    return Parameter(name, lambda user: ChosenField(_units(user), label=gettext_lazy("Unit")))


def manager_parameter(name: str = "manager") -> Parameter:
    """An owner of clients, of those the person sees."""
    return Parameter(name, lambda user: ChosenField(_managers(user), label=gettext_lazy("Manager")))


def _units(user: User) -> dict[str, tuple[str, Any, set[str]]]:
    scope = scope_of(user)
    rows = OrgUnit.objects.open().order_by("path")
    if not scope.everything:
        rows = rows.filter(pk__in=scope.unit_ids)
    return {str(row.pk): (row.name, row, {row.name.casefold()}) for row in rows}


def _managers(user: User) -> dict[str, tuple[str, Any, set[str]]]:
    scope = scope_of(user)
    rows: QuerySet[User] = User.objects.filter(role__in=SALES)
    if not scope.everything:
        own = rows.filter(pk__in=scope.manager_ids)
        rows = own | rows.filter(org_unit__in=scope.unit_ids)
    return {
        str(row.pk): (
            row.short_name,
            row,
            {row.username.casefold(), plain_text(row.short_name).casefold()},
        )
        for row in rows.order_by("sort_key", "pk")
    }
