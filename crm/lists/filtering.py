"""The filter set of one request: which rows stay, what the chips say, what was refused."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import FilterSet
from django_filters.widgets import BooleanWidget, DateRangeWidget, RangeWidget, SuffixedMultiWidget

from crm.lists.cells import day, number
from crm.lists.spec import ListSpec, Rows
from crm.lists.state import NOT_KNOWN, ListState

MAX_DIGITS = 20
ANY = "unknown"  # what the browser sends of a yes or no that narrows nothing
_NAMES: dict[type[FilterSet], dict[str, list[str]]] = {}  # they follow from the classes alone


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter in words, with the address of the list without it."""

    label: str
    text: str
    url: str


class Filtering:
    """A filter set bound to the parameters that are not the list's own."""

    def __init__(
        self, spec: ListSpec, request: HttpRequest, queryset: Rows, state: ListState
    ) -> None:
        self.state = state
        self.names = _open_names(spec, request)
        self._refuse_unknown()
        self.set = self._set_of_asked(spec, request, queryset)
        self.form = self.set.form if self.set else None
        self.applied = self._cleaned()

    def _refuse_unknown(self) -> None:
        known = {name for names in self.names.values() for name in names}
        for key in [key for key in self.state.filters if key not in known]:
            del self.state.filters[key]
            self.state.drop(_("The list has no such filter."), key[:50])

    def _set_of_asked(
        self, spec: ListSpec, request: HttpRequest, queryset: Rows
    ) -> FilterSet | None:
        """The filter set without what the address does not name: a field each costs time."""
        if not spec.filters or not self.state.filters:
            return None
        asked = (
            name
            for name, keys in self.names.items()
            if not self.state.filters.keys().isdisjoint(keys)
        )
        of_asked = narrowed(cast(Any, spec.filters), tuple(asked))
        return of_asked(data=_data(self.state.filters), queryset=queryset, request=request)

    def _cleaned(self) -> dict[str, Any]:
        """Values of the filters in use; a refused one is left out with its reason."""
        if self.form is None:
            return {}
        for name, errors in self.form.errors.items():
            self._refuse(name, " ".join(str(error) for error in errors))
        applied = {}
        for name, value in list(self.form.cleaned_data.items()):
            if _is_empty(value):
                self._leave_out(name)
            elif _is_absurd(value):
                del self.form.cleaned_data[name]
                self._refuse(name, _("The number is too large."))
            else:
                applied[name] = value
        return applied

    def _leave_out(self, name: str) -> None:
        """What narrows nothing; said, where it was meant to (a yes or no that is neither)."""
        if self.state.filters.keys().isdisjoint(self.names[name]):
            return
        yes_or_no = isinstance(self.form and self.form.fields[name], forms.NullBooleanField)
        if yes_or_no and self.state.filters[self.names[name][0]] == [ANY]:
            self._forget(name)
            return
        self._refuse(name, _("Choose yes or no.") if yes_or_no else str(NOT_KNOWN))

    def _refuse(self, name: str, text: str) -> None:
        assert self.form is not None
        label, seen = self.form.fields[name].label or name, not self.form[name].is_hidden
        self.state.drop(f"{label}: {text}", self.names[name][0], beside=seen)
        self._forget(name)

    def _forget(self, name: str) -> None:
        for key in self.names[name]:
            self.state.filters.pop(key, None)

    def rows(self, queryset: Rows) -> Rows:
        """The rows that pass every filter understood."""
        if self.set is None or not self.applied:
            return queryset
        return self.set.filter_queryset(queryset)

    def chips(self) -> list[Chip]:
        """One chip for each filter in use."""
        if self.form is None:
            return []
        return [
            Chip(
                str(self.form.fields[name].label or name),
                describe(self.form.fields[name], value),
                self.state.url(**dict.fromkeys(self.names[name])),
            )
            for name, value in self.applied.items()
        ]


def bound_set(
    spec: ListSpec, request: HttpRequest, queryset: Rows, values: Mapping[str, list[str]]
) -> FilterSet:
    """The filter set with the values, without the filters closed to the user."""
    assert spec.filters is not None
    found = spec.filters(data=_data(values), queryset=queryset, request=request)
    for name in denied_filters(spec, request.user):
        del found.filters[name]
    return found


def _data(values: Mapping[str, list[str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for key, filled in values.items():
        data.setlist(key, filled)
    return data


@lru_cache(maxsize=256)
def narrowed(filters: type[FilterSet], names: tuple[str, ...]) -> type[FilterSet]:
    """The filter set with the named filters only: each request copies all that a set has."""
    made: Any = type(filters.__name__, (filters,), {})
    made.base_filters = {name: filters.base_filters[name] for name in names}
    found: type[FilterSet] = made
    return found


def denied_filters(spec: ListSpec, user: Any) -> list[str]:
    """Filters that would tell the user about a column that he may not see."""
    if spec.filters is None or not spec.restricted:
        return []
    denied = {*spec.denied_paths(user)}
    denied |= {column.filter for name, column in spec.by_name.items() if name in denied}
    return [
        name
        for name, one in spec.filters.base_filters.items()
        if name in denied or one.field_name in denied
    ]


def parameter_names(filters: FilterSet | None) -> dict[str, list[str]]:
    """URL parameters that each filter reads."""
    if filters is None:
        return {}
    return {
        name: list(_widget_names(name, field.widget)) for name, field in filters.form.fields.items()
    }


def _open_names(spec: ListSpec, request: HttpRequest) -> dict[str, list[str]]:
    """URL parameters of the filters that are open to the user."""
    if spec.filters is None:
        return {}
    if spec.filters not in _NAMES:
        _NAMES[spec.filters] = parameter_names(spec.filters(data={}, request=request))
    denied = denied_filters(spec, request.user)
    return {name: keys for name, keys in _NAMES[spec.filters].items() if name not in denied}


def _widget_names(name: str, widget: forms.Widget) -> Iterable[str]:
    if isinstance(widget, SuffixedMultiWidget):
        return [widget.suffixed(name, suffix) for suffix in widget.suffixes]
    if isinstance(widget, forms.MultiWidget):
        return [name + suffix for suffix in widget.widgets_names]  # type: ignore[attr-defined]
    return [name]


def _is_empty(value: Any) -> bool:
    if isinstance(value, slice):
        return value.start is None and value.stop is None
    if isinstance(value, QuerySet):
        return not value
    return value is None or value in ("", [], ())


def _is_absurd(value: Any) -> bool:
    """Whether a number is beyond what the database can compare without failing."""
    if isinstance(value, slice):
        return _is_absurd(value.start) or _is_absurd(value.stop)
    if isinstance(value, (list, tuple)):
        return any(_is_absurd(one) for one in value)
    if isinstance(value, Decimal):
        return not value.is_finite() or value.adjusted() >= MAX_DIGITS
    if isinstance(value, float):
        return not abs(value) < 10**MAX_DIGITS
    return isinstance(value, int) and abs(value) >= 10**MAX_DIGITS


def describe(field: forms.Field, value: Any) -> str:
    """A filter's value in words: labels of choices, names of records, ranges."""
    if isinstance(value, slice):
        return _describe_range(value)
    if isinstance(value, (list, tuple, set, QuerySet)):
        return ", ".join(describe(field, one) for one in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Model):
        return str(value)
    labels = getattr(field, "choices", None)
    if labels is not None and not isinstance(field, forms.ModelChoiceField):
        return _choice_labels(labels).get(str(value), str(value))
    return _describe_plain(value)


def _describe_plain(value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    return number(value) if isinstance(value, (int, Decimal)) else str(value)


def _local(value: date) -> date:
    """A moment in local time; a day as it is."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _describe_range(value: slice) -> str:
    start, stop = (None if v is None else _describe_plain(v) for v in (value.start, value.stop))
    in_time = isinstance(value.start or value.stop, date)
    if start is None:
        return (_("until %(day)s") if in_time else _("to %(value)s")) % {"value": stop, "day": stop}
    if stop is None:
        words = _("since %(day)s") if in_time else _("from %(value)s")
        return words % {"value": start, "day": start}
    return start if start == stop else f"{start} – {stop}"


def _choice_labels(choices: Iterable[Any]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            labels |= {str(inner): str(text) for inner, text in label}
        else:
            labels[str(value)] = str(label)
    return labels


def panel_form(
    spec: ListSpec, request: HttpRequest, queryset: Rows, values: Mapping[str, list[str]]
) -> forms.Form:
    """The form of the side panel: calendars for days, ticks for choices, "any" for nothing."""
    filters = bound_set(spec, request, queryset, values)
    names = parameter_names(filters)
    form = filters.form
    if not values:
        form = filters.get_form_class()()
    for name, field in form.fields.items():
        _ease(field)
        if form.is_bound and form.errors is not None and _date_widgets(field):
            _iso_values(filters.data, names[name], form.cleaned_data.get(name))
    return form


def _ease(field: forms.Field) -> None:
    """Give the field the widget that is quickest to use and words instead of dashes."""
    widget: Any = field.widget
    for part in _date_widgets(field):
        part.input_type = "date"
        part.format = "%Y-%m-%d"
    if isinstance(widget, RangeWidget):
        for part, word in zip(widget.widgets, (_("from"), _("to")), strict=True):
            part.attrs["aria-label"] = f"{field.label}: {word}"
    elif isinstance(widget, forms.SelectMultiple) and not hasattr(field, "queryset"):
        field.widget = forms.CheckboxSelectMultiple(choices=widget.choices)
    else:
        _say_any(field, widget)


def _say_any(field: forms.Field, widget: Any) -> None:
    """What narrows nothing is called so, whatever the field."""
    yes_or_no = [("true", _("Yes")), ("false", _("No"))]
    if isinstance(widget, forms.NullBooleanSelect):
        widget.choices = [(ANY, _("Any")), *yes_or_no]
    elif isinstance(widget, BooleanWidget):
        widget.choices = [("", _("Any")), *yes_or_no]
    elif getattr(field, "empty_label", None):
        field.empty_label = _("Any")  # type: ignore[attr-defined]
        if not hasattr(field, "queryset"):
            # Its widget holds a copy of the choices, with the words of a form for nothing.
            widget.choices = [("", _("Any")), *(one for one in widget.choices if one[0])]


def _date_widgets(field: forms.Field) -> list[Any]:
    if isinstance(field.widget, DateRangeWidget):
        return list(field.widget.widgets)
    return [field.widget] if isinstance(field.widget, forms.DateInput) else []


def _iso_values(data: Any, keys: list[str], value: Any) -> None:
    """Calendar inputs show ISO days only, whatever way the day was written in the address."""
    parts = (value.start, value.stop) if isinstance(value, slice) else (value,)
    for key, part in zip(keys, parts, strict=False):
        if isinstance(part, date):
            data[key] = f"{_local(part):%Y-%m-%d}"
