"""The form of a dashboard by e-mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import PlainForm
from crm.work.registry import setting
from reports.models import SentPeriod, Weekday


class MailForm(PlainForm):
    """When the dashboard of a unit is sent to the person, or not at all."""

    is_active = forms.BooleanField(label=_("Send me this dashboard"), required=False)
    period = forms.ChoiceField(label=_("Period"), choices=SentPeriod.choices)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On working mornings of"),
        choices=Weekday.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    hour = forms.TypedChoiceField(label=_("Hour"), coerce=int)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        hours = range(setting("dashboard.mail_from_hour"), setting("dashboard.mail_to_hour") + 1)
        field: Any = self.fields["hour"]
        field.choices = [(hour, f"{hour:02d}:00") for hour in hours]
