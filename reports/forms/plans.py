"""Forms of monthly plans: sums from above, words of a return, explanations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import OrgUnit, User
from crm.fields import CleanTextField, CountField, MoneyField, WholeNumberField
from deals.forms.credit import PlainForm
from deals.forms.payments import VersionForm
from reports.actions.plan_targets import BY_DRAFT, BY_LAST_MONTH, Wanted, Whose
from reports.days.plans import first_of, following
from reports.permissions import can_draw_up_plan
from reports.queries.plan_owners import plan_units

LONG = forms.Textarea(attrs={"rows": 3})


class WhoseForm(VersionForm):
    """A sector or a manager of the plan, by hidden keys; the department is its own unit."""

    unit = WholeNumberField(required=False, widget=forms.HiddenInput)
    manager = WholeNumberField(required=False, widget=forms.HiddenInput)

    def whose(self) -> Whose:
        """Of whom; a manager goes before a unit."""
        manager = self.cleaned_data.get("manager")
        unit = None if manager else self.cleaned_data.get("unit")
        return Whose(unit, manager)


class TargetForm(WhoseForm):
    """Sums that are asked for; an empty one is not asked for."""

    ship = MoneyField(label=_("Shipments, ₽"), required=False)
    cash = MoneyField(label=_("Receipts, ₽"), required=False)
    active = CountField(label=_("Active clients"), required=False, max_value=1_000_000)
    contacts = CountField(label=_("Contacts"), required=False, max_value=1_000_000)

    def wanted(self) -> Wanted:
        """The sums for the action."""
        values = self.cleaned_data
        return Wanted(values["ship"], values["cash"], values["active"], values["contacts"])


class SpreadForm(WhoseForm):
    """By what a sum is shared out."""

    basis = forms.ChoiceField(
        label=_("In proportion to"),
        choices=[(BY_DRAFT, _("the draft")), (BY_LAST_MONTH, _("the last month"))],
        initial=BY_DRAFT,
    )


class CommentForm(VersionForm):
    """Why something is returned or corrected."""

    comment = CleanTextField(label=_("Why"), max_length=500, widget=LONG)


class ExplainForm(PlainForm):
    """Why less than the norm was carried out."""

    manager = WholeNumberField(widget=forms.HiddenInput)
    client = WholeNumberField(required=False, widget=forms.HiddenInput)
    reason = CleanTextField(label=_("Reason"), max_length=2000, widget=LONG)

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        values = self.cleaned_data
        return {
            "manager_id": values["manager"],
            "client_id": values["client"],
            "reason": values["reason"],
        }


class JudgeForm(VersionForm):
    """Whether the reason is a good one."""

    justified = forms.TypedChoiceField(
        label=_("The reason"),
        choices=[("", _("Choose")), ("yes", _("is justified")), ("no", _("is not justified"))],
        coerce=lambda text: text == "yes",
    )
    judgement = CleanTextField(
        label=_("What you say to it"), max_length=500, required=False, widget=LONG
    )


class DrawUpForm(PlainForm):
    """Which department's plan of which month."""

    org_unit = forms.ModelChoiceField(label=_("Department"), queryset=OrgUnit.objects.none())
    month = forms.TypedChoiceField(label=_("Month"), coerce=str)

    def __init__(self, data: Any = None, *, user: User, today: Any, **options: Any) -> None:
        super().__init__(data, **options)
        fields: Any = self.fields
        tops = set(plan_units().values())
        units = OrgUnit.objects.open().filter(pk__in=tops)
        mine = [unit.pk for unit in units if can_draw_up_plan(user, unit)]
        fields["org_unit"].queryset = OrgUnit.objects.filter(pk__in=mine)
        fields["org_unit"].initial = mine[0] if mine else None
        self.months = {f"{one:%Y-%m}": one for one in (following(today), first_of(today))}
        fields["month"].choices = [(key, f"{one:%m.%Y}") for key, one in self.months.items()]
