"""The form of a note about an employee."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.fields import CleanCharField, RussianDateField
from reports.models import StaffNoteKind


class StaffNoteForm(forms.Form):
    """What kind of fact, on which day, in words."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=StaffNoteKind.choices)
    noted_on = RussianDateField(label=gettext_lazy("Day"))
    text = CleanCharField(
        label=pgettext_lazy("staff", "What"),
        max_length=500,
        help_text=gettext_lazy("The course, the position of the reserve or the grounds"),
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"noted_on": today})

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)
