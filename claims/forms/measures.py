"""Forms of corrective measures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.actions.measures import Plan
from claims.models import ClaimReason, GuiltyParty
from claims.permissions import can_plan_measures
from crm.accounts.models import OrgUnit, User
from crm.fields import CleanCharField
from deals.forms.contracts import ReasonForm, VersionForm
from deals.forms.credit import PlainForm, day_field
from deals.forms.producers import PersonField
from deals.models import ProductGroup

LONG = forms.Textarea(attrs={"rows": 3})
ANY = _("any")

__all__ = ["CheckForm", "DoneForm", "MeasureForm", "ReasonForm"]


class MeasureForm(PlainForm):
    """What is planned against which problem."""

    title = CleanCharField(label=_("Measure"), max_length=300)
    reason = forms.ModelChoiceField(
        label=_("Against claims for the reason"),
        queryset=ClaimReason.objects.none(),
        required=False,
        empty_label=ANY,
    )
    guilty_party = forms.ChoiceField(
        label=_("By the fault of"), choices=[("", ANY), *GuiltyParty.choices], required=False
    )
    product_group = forms.ModelChoiceField(
        label=_("With goods of the group"),
        queryset=ProductGroup.objects.none(),
        required=False,
        empty_label=ANY,
    )
    org_unit = forms.ModelChoiceField(label=_("Unit"), queryset=OrgUnit.objects.none())
    owner = PersonField(User.objects.none(), label=_("Responsible"))
    due_on = day_field(_("To be done by"))
    description = CleanCharField(
        label=_("What is to be done"), max_length=4000, required=False, widget=LONG
    )

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        super().__init__(data, **options)
        fields: Any = self.fields
        units = [
            unit.pk
            for unit in OrgUnit.objects.visible_to(user)
            if unit.archived_at is None and can_plan_measures(user, unit)
        ]
        fields["org_unit"].queryset = OrgUnit.objects.filter(pk__in=units)
        fields["org_unit"].initial = user.org_unit_id if user.org_unit_id in units else None
        fields["owner"].queryset = User.objects.visible_to(user).working()
        fields["reason"].queryset = ClaimReason.objects.in_use()
        fields["product_group"].queryset = ProductGroup.objects.order_by("name")

    def planned(self) -> tuple[int, Plan]:
        """The values for the action."""
        values = dict(self.cleaned_data)
        unit = values.pop("org_unit")
        return unit.pk, Plan(**values)


class DoneForm(VersionForm):
    """The day on which it was carried out."""

    on = day_field(_("Carried out on"))


class CheckForm(VersionForm):
    """Whether it helped."""

    conclusion = CleanCharField(label=_("Whether it helped"), max_length=2000, widget=LONG)
