"""The form of a price agreement with a producer: its head and its lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.fields import CleanCharField, CleanTextField, MoneyField, PercentField
from crm.forms import RecordForm, day_field
from deals.actions.producers import AgreementHead, AgreementLine
from deals.forms.lines import LinesEditor, ProductPickField
from deals.models import ProductGroup
from deals.permissions.producers import KEEPERS

LEAST = Decimal("0.01")


class PersonField(forms.ModelChoiceField):
    """People by their short names."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.short_name)


class AgreementForm(RecordForm):
    """The head of an agreement."""

    producer = CleanCharField(
        label=gettext_lazy("Producer or brand"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "producers", "autocomplete": "off"}),
    )
    number = CleanCharField(label=gettext_lazy("Number"), max_length=100)
    valid_from = day_field(gettext_lazy("From"))
    valid_to = day_field(gettext_lazy("To, included"))
    keeper = PersonField(User.objects.none(), label=gettext_lazy("Kept by"))
    services = CleanTextField(
        label=gettext_lazy("Package of services"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("What clients get besides: deliveries, merchandising, samples …"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        if options.get("record") is None:
            first = {"valid_from": timezone.localdate(), "keeper": user}
            options["initial"] = first | options.get("initial", {})
        super().__init__(*args, **options)
        self.fields["valid_to"].required = False
        self.fields["valid_to"].help_text = _("Empty: until it is ended.")
        keeper: Any = self.fields["keeper"]
        keeper.queryset = User.objects.visible_to(user).working().filter(role__in=KEEPERS)

    def head(self) -> AgreementHead:
        """The values for the action."""
        names = AgreementHead.__dataclass_fields__
        return AgreementHead(**{name: self.cleaned_data[name] for name in names})


class AgreementLineForm(forms.Form):
    """A product or a group, and what the producer binds us to."""

    product = ProductPickField(
        label=gettext_lazy("Product"),
        required=False,
        widget=forms.TextInput(attrs={"list": "product-options", "autocomplete": "off"}),
    )
    group = forms.ModelChoiceField(
        ProductGroup.objects.filter(archived_at=None),
        label=gettext_lazy("or a group"),
        required=False,
        empty_label="—",
    )
    recommended_price = MoneyField(
        label=gettext_lazy("Recommended, ₽"), required=False, min_value=LEAST
    )
    lowest_price = MoneyField(label=gettext_lazy("Lowest, ₽"), required=False, min_value=LEAST)
    highest_discount = PercentField(label=gettext_lazy("Discount up to, %"), required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "product" not in self.errors and bool(data.get("product")) == bool(data.get("group")):
            self.add_error("product", _("Name a product or a group."))
        if data.get("group"):
            self._refuse_prices(data)
        elif not self.errors:
            self._check_values(data)
        return data

    def _refuse_prices(self, data: dict[str, Any]) -> None:
        """Goods of a group cost differently."""
        for name in ("recommended_price", "lowest_price"):
            if data.get(name) is not None:
                self.add_error(name, _("Prices are those of a product, not of a group."))
        if data.get("highest_discount") is None and "highest_discount" not in self.errors:
            self.add_error("highest_discount", _("Say the highest discount."))

    def _check_values(self, data: dict[str, Any]) -> None:
        recommended, lowest = data["recommended_price"], data["lowest_price"]
        if recommended is None and lowest is None and data["highest_discount"] is None:
            self.add_error("lowest_price", _("Say what the producer binds us to."))
        elif recommended is not None and lowest is not None and lowest > recommended:
            self.add_error("lowest_price", _("Not above the recommended price."))

    def line(self) -> AgreementLine:
        """The values for the action."""
        return AgreementLine(**self.cleaned_data)


class AgreementEditor(LinesEditor):
    """An agreement with its lines."""

    head_form = AgreementForm
    line_form = AgreementLineForm
    first_lines = 1
