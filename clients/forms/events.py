"""Forms of events: the record, whom to invite, why it was called off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.actions.events import EventValues, Guests
from clients.hooks import product_groups
from clients.models import ClientCategory, EventKind
from crm.accounts.models import HEADS, SALES, User
from crm.accounts.scope import scope_of
from crm.fields import CleanCharField, CleanTextField, MoneyField
from crm.forms import PlainForm, RecordForm, day_field


def group_choices(*known: str) -> list[tuple[str, str]]:
    """Product groups that are sold now, and those that were written down before."""
    names = product_groups()
    return [(name, name) for name in [*names, *(one for one in known if one not in names)]]


class EventForm(RecordForm):
    """An event; its cost is filled in when it is known."""

    kind = forms.ChoiceField(label=_("Kind"), choices=EventKind.choices)
    name = CleanCharField(label=_("Name"), max_length=200)
    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"))
    place = CleanCharField(label=_("Place"), max_length=300, required=False)
    groups = forms.MultipleChoiceField(
        label=_("Product groups presented"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What buyers are shown there; stays in the log of the presented assortment."),
    )
    description = CleanTextField(
        label=_("Programme"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    budget = MoneyField(label=_("Budget, ₽"), required=False)
    cost = MoneyField(
        label=_("Cost, ₽"), required=False, help_text=_("What was really spent, with VAT.")
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        known = self.record.groups if self.record is not None else []  # type: ignore[attr-defined]
        self.fields["groups"].choices = group_choices(*known)  # type: ignore[attr-defined]

    def values(self) -> EventValues:
        """What the action takes."""
        return EventValues(**self.new_values())


class InviteForm(PlainForm):
    """Whom to invite; heads may narrow it to one of their managers."""

    categories = forms.MultipleChoiceField(
        label=_("Categories of clients"),
        choices=ClientCategory.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all."),
    )
    manager = forms.ModelChoiceField(
        label=_("Clients of the manager"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("All managers"),
    )
    prospects = forms.BooleanField(label=_("Prospective clients too"), required=False)
    deciders_only = forms.BooleanField(
        label=_("Only those who decide"), required=False, initial=True
    )

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        super().__init__(data, **options)
        people = User.objects.working().filter(role__in=SALES, org_unit__in=scope_of(user).unit_ids)
        self.fields["manager"].queryset = people.order_by("sort_key", "pk")  # type: ignore[attr-defined]
        if user.role not in HEADS:
            del self.fields["manager"]

    def guests(self) -> Guests:
        """What the action takes."""
        data = self.cleaned_data
        return Guests(
            categories=tuple(data["categories"]),
            manager=data.get("manager"),
            prospects=data["prospects"],
            deciders_only=data["deciders_only"],
        )
