"""Forms of the contact plan."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from crm.fields import CountField, WholeNumberField


class PlanLineForm(forms.Form):
    """How many contacts and visits a client gets in the month."""

    version = WholeNumberField(widget=forms.HiddenInput)
    planned_count = CountField(label=gettext_lazy("Contacts planned"), max_value=100)
    planned_visits = CountField(label=gettext_lazy("Visits among them"), max_value=100)

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)
