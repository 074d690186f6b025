"""Forms of the protocol of differences."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from crm.accounts.models import Role, User
from crm.fields import CleanTextField, MoneyField, RussianDateField, WholeNumberField
from crm.forms import PlainForm, day_field
from crm.people.forms import PersonChoice
from deals import permissions
from deals.actions.differences import VERDICTS, Objection
from deals.models import DiscrepancyState

MOST = Decimal("9999999999999.99")
TAKEN = ".xlsx,.csv,.txt,.pdf"


class StatementFileForm(forms.Form):
    """The client's own statement."""

    file = forms.FileField(
        label=_("Statement of the client"),
        widget=forms.ClearableFileInput(attrs={"accept": TAKEN}),
    )


class ObjectionForm(PlainForm):
    """What the client does not agree with."""

    text = CleanTextField(
        label=_("What the client does not agree with"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    day = RussianDateField(
        label=_("Date of the document"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    our_amount = MoneyField(
        label=_("Our books, ₽"),
        required=False,
        min_value=-MOST,
        help_text=_("With a minus what lowers the debt: a payment, a return."),
    )
    their_amount = MoneyField(label=_("Their books, ₽"), required=False, min_value=-MOST)

    def objection(self) -> Objection:
        """The values for the action."""
        return Objection(**self.new_values())


class DecideForm(PlainForm):
    """Whose books are wrong, and why."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=_("Whose books are wrong"),
        choices=[(state.value, state.label) for state in map(DiscrepancyState, VERDICTS)],
        widget=forms.RadioSelect,
    )
    resolution = CleanTextField(
        label=_("Findings in detail"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the protocol that the client gets."),
    )


class ReassignForm(PlainForm):
    """Who looks into it, until when."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    responsible = PersonChoice(label=_("Responsible"), queryset=User.objects.none())
    due_on = day_field(pgettext_lazy("last day", "Due"))

    def __init__(self, *args: Any, client: Client, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["responsible"]
        field.queryset = workers_of(client)

    def new_values(self) -> dict[str, Any]:
        """The person by key."""
        values = super().new_values()
        values["responsible_id"] = values.pop("responsible").pk
        return values


def workers_of(client: Client) -> Any:
    """Those who may reconcile with the client: its people, their heads, the accounting."""
    path = client.org_unit.path if client.org_unit else ""
    above = Q(org_unit__in=[int(part) for part in path.split("/") if part])
    near = Q(role=Role.ACCOUNTANT) | Q(pk=client.manager_id) | above
    people = User.objects.filter(near, is_active=True).order_by("last_name", "pk")
    able = [person.pk for person in people if permissions.can_reconcile(person, client)]
    return people.filter(pk__in=able)
