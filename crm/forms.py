"""Forms of plain values that actions take: keys of one render, shown versions, a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy

from crm.fields import CleanCharField, RussianDateField, WholeNumberField
from crm.stale import Difference, catch_up

REASON_LENGTH = 500


def helper() -> FormHelper:
    """Fields only; the template has the form tag and the buttons."""
    made = FormHelper()
    made.form_tag = False
    return made


class RecordForm(forms.Form):
    """Plain values of one record: a key of this render for a new one, a version for a known one.

    `values_of` fills it from the record; `stale_fields` compares what was typed with what another
    person has saved meanwhile (G-RL9).
    """

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    own: tuple[str, ...] = ("key", "version")

    def __init__(self, data: Any = None, *, record: Model | None = None, **options: Any) -> None:
        initial = self.values_of(record) if record is not None else {"key": uuid4()}
        super().__init__(data, initial=initial | options.pop("initial", {}), **options)
        self.record = record
        self.differences: list[Difference] = []
        self.helper = helper()

    @classmethod
    def values_of(cls, record: Any) -> dict[str, Any]:
        """Values of the record for the fields of the same name, and its version."""
        names = [name for name in cls.base_fields if name not in cls.own]
        return {name: getattr(record, name) for name in names} | {"version": record.version}

    def clean_key(self) -> UUID:
        """The key of this render; without one the form is taken for a render of its own."""
        key: UUID | None = self.cleaned_data["key"]
        return key or uuid4()

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action, without key and version."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.own}

    def compare_with(self, record: Any) -> None:
        """Note what differs from the saved record; the next save is made knowing it."""
        self.initial = self.values_of(record)
        self.differences = catch_up(self, shows_the_record=True) or []


class PlainForm(forms.Form):
    """Plain values for an action, with the version of the row where there is one."""

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.helper = helper()

    def new_values(self) -> dict[str, Any]:
        """What the action takes; a missing version is none that ever was."""
        values = dict(self.cleaned_data)
        if "version" in self.fields:
            values["version"] = values["version"] or 0
        return values


class VersionForm(PlainForm):
    """A button that names the version that was shown."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)


class ReasonForm(VersionForm):
    """A move that says why."""

    reason = CleanCharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class LowerEmailField(forms.EmailField):
    """An e-mail address in small letters, so that it is found and compared."""

    def to_python(self, value: Any) -> Any:
        return str(super().to_python(value) or "").lower()


def day_field(label: Any) -> RussianDateField:
    """A day, by the calendar of the browser or typed."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return RussianDateField(label=label, widget=widget)
