"""Forms of leads, scorings, campaigns and channels."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.actions.assignments import candidates
from clients.actions.leads import Said
from clients.actions.reliability import Found
from clients.models import SearchCampaign, SearchChannel, StopFactor
from clients.reliability import FACTORS
from crm.accounts.models import Role, User
from crm.fields import (
    CleanCharField,
    CleanTextField,
    InnField,
    MoneyField,
    PhoneField,
    WholeNumberField,
)
from crm.forms import LowerEmailField, RecordForm, VersionForm, day_field

MOST_MONEY = Decimal("9999999999999.99")
LEVELS = [(number, str(number)) for number in range(1, 6)]
LINES = forms.Textarea(attrs={"rows": 2})


def _optional_day(label: Any) -> forms.DateField:
    field = day_field(label)
    field.required = False
    return field


class LeadForm(RecordForm):
    """What is known of a lead; heads choose its manager."""

    name = CleanCharField(label=_("Name"), max_length=255)
    inn = InnField(label=_("INN"), required=False)
    channel = forms.ModelChoiceField(
        label=_("Search channel"), queryset=SearchChannel.objects.none()
    )
    campaign = forms.ModelChoiceField(
        label=_("Search campaign"), queryset=SearchCampaign.objects.none(), required=False
    )
    contact_name = CleanCharField(label=_("Contact person"), required=False, max_length=200)
    contact_position = CleanCharField(label=_("Position"), required=False, max_length=200)
    phone = PhoneField(label=_("Phone"), required=False, extension=True)
    email = LowerEmailField(label=_("E-mail"), required=False, max_length=254)
    segment = CleanCharField(label=_("Segment"), required=False, max_length=100)
    territory = CleanCharField(label=_("Territory"), required=False, max_length=200)
    potential_monthly = MoneyField(
        label=_("Potential per month, ₽"), required=False, max_value=MOST_MONEY
    )
    need = CleanCharField(label=_("What is needed"), required=False, max_length=200)
    need_level = forms.TypedChoiceField(
        label=_("How strongly, 1 to 5"), choices=LEVELS, coerce=int, initial=3
    )
    need_direction = CleanTextField(
        label=_("What it is for"), required=False, max_length=2000, widget=LINES
    )
    next_on = _optional_day(_("Next step on"))
    next_step = CleanCharField(label=_("Next step"), required=False, max_length=200)
    manager = forms.TypedChoiceField(
        label=_("Manager"), coerce=int, required=False, empty_value=None
    )
    own = ("key", "version", "manager")

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        super().__init__(data, **options)
        kept = getattr(self.record, "channel_id", None), getattr(self.record, "campaign_id", None)
        channels = SearchChannel.objects.in_use() | SearchChannel.objects.filter(pk=kept[0] or 0)
        self.fields["channel"].queryset = channels  # type: ignore[attr-defined]
        campaigns = SearchCampaign.objects.select_related("channel").order_by("-starts_on", "-pk")
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]
        if user.role == Role.MANAGER:
            del self.fields["manager"]
            return
        people = [(person.pk, str(person)) for person in candidates(user)]
        self.fields["manager"].choices = people  # type: ignore[attr-defined]
        self.initial.setdefault("manager", getattr(self.record, "manager_id", user.pk))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        data["potential_monthly"] = data.get("potential_monthly") or Decimal(0)
        return data

    def asked(self) -> dict[str, Any]:
        """The values for the action."""
        return self.new_values() | {"manager_id": self.cleaned_data.get("manager")}


class StepForm(VersionForm):
    """What was done with a lead, and what comes next."""

    text = CleanTextField(label=_("What was done"), max_length=2000, widget=LINES)
    next_on = _optional_day(_("Next step on"))
    next_step = CleanCharField(label=_("Next step"), required=False, max_length=200)

    def said(self) -> Said:
        """For the action."""
        data = self.cleaned_data
        return Said(data["text"], data["next_on"], data["next_step"])


class ScoreForm(VersionForm):
    """An answer to each factor of LEAD-1, and whether something rules it out."""

    note = CleanCharField(
        label=_("Where it is known from"),
        required=False,
        max_length=500,
        help_text=_("Registers, reports or partners that were asked, and on which day."),
    )

    def __init__(self, data: Any = None, *, before: Mapping[str, Any], **options: Any) -> None:
        super().__init__(data, **options)
        note = self.fields.pop("note")
        for factor in FACTORS:
            self.fields[factor.key] = forms.ChoiceField(
                label=factor.label,  # type: ignore[arg-type]
                choices=[(one.key, one.label) for one in factor.answers],
                widget=forms.RadioSelect,
                initial=before.get(factor.key, {}).get("answer"),
            )
        self.fields["stop_factor"] = forms.ChoiceField(
            label=_("Stop factor"),
            choices=[("", _("none found")), *StopFactor.choices],
            required=False,
            help_text=_("With a stop factor the lead is rejected, whatever its points."),
        )
        self.fields["note"] = note

    def found(self) -> Found:
        """For the action."""
        data = self.cleaned_data
        answers = {factor.key: data[factor.key] for factor in FACTORS}
        return Found(answers, data["stop_factor"], data["note"])


class CampaignForm(RecordForm):
    """A campaign: where, when, for how much, what it shall bring."""

    name = CleanCharField(label=_("Name"), max_length=200)
    channel = forms.ModelChoiceField(
        label=_("Search channel"), queryset=SearchChannel.objects.none()
    )
    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"))
    planned_cost = MoneyField(label=_("Cost, planned, ₽"), required=False, max_value=MOST_MONEY)
    cost = MoneyField(label=_("Cost, actual, ₽"), required=False, max_value=MOST_MONEY)
    target_leads = WholeNumberField(label=_("Leads, planned"), max_value=100_000)
    target_clients = WholeNumberField(
        label=_("Clients, planned"), max_value=100_000, required=False
    )
    note = CleanTextField(label=_("What is done"), required=False, max_length=2000, widget=LINES)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        kept = getattr(self.record, "channel_id", None)
        channels = SearchChannel.objects.in_use() | SearchChannel.objects.filter(pk=kept or 0)
        self.fields["channel"].queryset = channels  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name in ("planned_cost", "cost", "target_clients"):
            data[name] = data.get(name) or 0
        return data


class ChannelForm(VersionForm):
    """What a head decides about a channel."""

    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=LEVELS, coerce=int, help_text=_("1 is the highest.")
    )
    plan = CleanTextField(
        label=_("How it is developed"), required=False, max_length=500, widget=LINES
    )
