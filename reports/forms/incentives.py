"""Forms of variable pay."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.fields import CleanCharField, CleanTextField, MoneyField, PercentField
from crm.forms import PlainForm, VersionForm, day_field
from deals.forms.producers import PersonField
from reports.actions.incentive_lines import Wanted
from reports.actions.schemes import Terms
from reports.grounds.registry import grounds_of
from reports.models import PAID_ROLES, DecisionKind, IncentiveSheet
from reports.parameters import MonthField

LONG = forms.Textarea(attrs={"rows": 3})


class DecisionForm(VersionForm):
    """A reward or a reduction of the bonus."""

    kind = forms.ChoiceField(label=gettext_lazy("What is decided"), choices=DecisionKind.choices)
    amount = MoneyField(label=gettext_lazy("Amount, ₽"), required=False)
    what = CleanCharField(
        label=gettext_lazy("What is given"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For a non-monetary reward: letter of thanks, training, day off …"),
    )
    ground = forms.ChoiceField(label=gettext_lazy("Fact that it rests on"))
    grounds = CleanTextField(label=gettext_lazy("Grounds"), max_length=2000, widget=LONG)
    disciplinary_order = CleanCharField(
        label=gettext_lazy("Number of the disciplinary order"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Only where a penalty was imposed in this month."),
    )
    order_on = day_field(gettext_lazy("Date of the order"))
    acknowledged_on = day_field(gettext_lazy("The employee has read the order on"))
    exception_reason = CleanTextField(
        label=gettext_lazy("Why about somebody else's subordinate"),
        max_length=1000,
        required=False,
        widget=LONG,
    )

    def __init__(
        self, data: Any = None, *, sheet: IncentiveSheet, indirect: bool, **options: Any
    ) -> None:
        super().__init__(data, **options)
        fields: Any = self.fields
        groups = [
            (str(source.label), [(fact.key, fact.title) for fact in facts])
            for source, facts in grounds_of(sheet)
        ]
        fields["ground"].choices = [("", _("Choose")), *groups]
        for name in ("order_on", "acknowledged_on"):
            fields[name].required = False
        if indirect:
            fields["exception_reason"].required = True
        else:
            del fields["exception_reason"]

    def clean(self) -> dict[str, Any]:
        """What the kind asks for is missed together with the rest, not after it."""
        values: dict[str, Any] = super().clean() or {}
        wanted = "what" if values.get("kind") == DecisionKind.NONMATERIAL else "amount"
        if wanted not in self.errors and values.get(wanted) in {None, ""}:
            self.add_error(wanted, self.fields[wanted].error_messages["required"])
        return values

    def wanted(self) -> Wanted:
        """The values for the action."""
        values = {key: value for key, value in self.new_values().items() if key != "version"}
        return Wanted(**values | {"amount": values["amount"] or 0})


class ObjectionForm(VersionForm):
    """What the employee has to say."""

    objection = CleanTextField(
        label=gettext_lazy("What you do not agree with and why"), max_length=4000, widget=LONG
    )


class PayrollForm(PlainForm):
    """The month whose sheets go to payroll."""

    month = MonthField(label=gettext_lazy("Month"))


class SchemeForm(PlainForm):
    """The terms of a role from a month on."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[(one.value, one.label) for one in PAID_ROLES]
    )
    valid_from = MonthField(label=gettext_lazy("From the month"))
    weight_ship = PercentField(label=gettext_lazy("Weight of shipments, %"))
    weight_cash = PercentField(label=gettext_lazy("Weight of receipts, %"))
    weight_active = PercentField(label=gettext_lazy("Weight of active clients, %"))
    weight_debt = PercentField(label=gettext_lazy("Weight of receivables, %"))
    weight_tasks = PercentField(label=gettext_lazy("Weight of target tasks, %"))
    threshold = PercentField(label=gettext_lazy("Threshold: below it there is no bonus, %"))
    cap = PercentField(label=gettext_lazy("Cap: the composite counts up to, %"), max_value=500)
    target_bonus = MoneyField(label=gettext_lazy("Target bonus, ₽"))
    salary = MoneyField(label=gettext_lazy("Monthly salary, ₽"))
    overdue_limit = PercentField(label=gettext_lazy("Limit of the overdue share, %"))
    overdue_correction = PercentField(label=gettext_lazy("Above the limit the bonus is less by, %"))

    def terms(self) -> tuple[str, date, Terms]:
        """Whose, from when, what."""
        values = self.new_values()
        role, month = values.pop("role"), values.pop("valid_from")
        return role, month, Terms(**values)


class WageForm(PlainForm):
    """The wage of a person from a month on."""

    employee = PersonField(User.objects.none(), label=gettext_lazy("Employee"))
    valid_from = MonthField(label=gettext_lazy("From the month"))
    salary = MoneyField(label=gettext_lazy("Monthly salary, ₽"))
    target_bonus = MoneyField(
        label=gettext_lazy("Target bonus, ₽"),
        required=False,
        help_text=gettext_lazy("Empty: that of the scheme."),
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        people = User.objects.working().filter(role__in=PAID_ROLES)
        fields: Any = self.fields
        fields["employee"].queryset = people.order_by("sort_key")
