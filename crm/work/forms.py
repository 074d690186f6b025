"""Forms of settings and the calendar."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.work.models import CalendarDayKind
from crm.work.registry import Declaration, Kind


class SettingForm(forms.Form):
    """One value of the declared type; bounds are checked by the action."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, declared: Declaration, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = _field(declared)

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return {"value": self.cleaned_data["value"], "version": self.cleaned_data["version"]}


class ResetForm(forms.Form):
    """Which version goes back to the default."""

    version = forms.IntegerField(min_value=0)


def _field(declared: Declaration) -> forms.Field:
    label = str(declared.label)
    options = declared.choices() if declared.choices else []
    if declared.kind == Kind.BOOL:
        return forms.BooleanField(label=label, required=False)
    if declared.kind == Kind.CHOICE:
        return forms.ChoiceField(label=label, choices=options)
    if declared.kind == Kind.CHOICES:
        return forms.MultipleChoiceField(
            label=label,
            choices=options,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    return forms.CharField(label=label, max_length=2000)


class CalendarDayForm(forms.Form):
    """The kind of one day."""

    day = forms.DateField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("Day type"), choices=CalendarDayKind.choices)
    note = forms.CharField(label=_("Why"), max_length=200, required=False)

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)
