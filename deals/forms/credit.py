"""Forms of credit limits, stops of shipping and the ladder of follow-up."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import ClientCategory, ContactKind
from crm.accounts.models import User
from crm.calendar import add_working_days
from crm.fields import CleanCharField, DaysField, MoneyField, WholeNumberField
from crm.forms import PlainForm, RecordForm, day_field
from crm.work.registry import setting
from deals import permissions
from deals.actions.stops import BY_HAND
from deals.models import DayType, LimitRequest, StopReason

NOTE_LENGTH = 300
LONGEST_DEFERRAL = 365


class LimitRequestForm(PlainForm):
    """A credit limit that is asked for, from a day on."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    amount = MoneyField(label=_("Limit, ₽"))
    valid_from = day_field(_("From"))
    deferral_days = DaysField(
        label=_("Deferral, days"),
        required=False,
        max_value=LONGEST_DEFERRAL,
        help_text=_("Empty: as the category says."),
    )
    deferral_day_type = forms.ChoiceField(label=_("Counted in"), choices=DayType.choices)
    reason = CleanCharField(
        label=_("Reason"), max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, data: Any = None, *, request: LimitRequest | None, today: date, **options: Any
    ) -> None:
        initial: dict[str, Any] = {"valid_from": today, "version": 0}
        if request is not None:
            initial = {name: getattr(request, name) for name in self.base_fields}
            initial["valid_from"] = max(request.valid_from, today)
        super().__init__(data, initial=initial, **options)
        self.fields["valid_from"].widget.attrs["min"] = today.isoformat()


class LimitCloseForm(PlainForm):
    """The day on which a limit ends."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    on = day_field(_("Without the limit from"))


class StopForm(PlainForm):
    """A stop by decision or for want of documents."""

    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[(reason.value, reason.label) for reason in BY_HAND],
        initial=StopReason.MANUAL,
        widget=forms.RadioSelect,
    )
    note = CleanCharField(label=_("Note"), max_length=NOTE_LENGTH)


class ReleaseForm(PlainForm):
    """Up to which day goods are let through, and why."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    until = day_field(_("Ship up to the day, included"))
    reason = CleanCharField(label=_("Reason"), max_length=NOTE_LENGTH)

    def __init__(self, data: Any = None, *, user: User, today: date, **options: Any) -> None:
        super().__init__(data, **options)
        attributes = self.fields["until"].widget.attrs
        attributes["min"] = today.isoformat()
        if not permissions.releases_without_limit(user):
            latest = add_working_days(today, setting("stop.head_days"))
            attributes["max"] = latest.isoformat()


class StepForm(RecordForm):
    """A rung of the ladder."""

    category = forms.ChoiceField(
        label=_("Category"), choices=[*ClientCategory.choices, ("-", _("without"))]
    )
    days_overdue = DaysField(label=_("Days overdue"), min_value=1, max_value=1000)
    action = CleanCharField(label=_("What to do"), max_length=200)
    contact_kind = forms.ChoiceField(label=_("Contact type"), choices=ContactKind.choices)
    tells_head = forms.BooleanField(label=_("The head is notified"), required=False)
