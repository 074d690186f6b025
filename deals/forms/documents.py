"""Forms of documents: the line editor, a pre-payment invoice, posting and reversing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.forms.picking import ClientPickField
from clients.models import Client
from crm.accounts.models import User
from crm.fields import (
    CleanCharField,
    MoneyField,
    QuantityField,
    RussianDateField,
    WholeNumberField,
)
from crm.forms import RecordForm
from deals.actions.documents import Head, Line
from deals.forms.lines import LinesEditor, ProductPickField
from deals.models import Contract, Shipment, ShipmentKind


class DocumentForm(RecordForm):
    """The head of a typed document."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ShipmentKind.choices)
    client = ClientPickField(
        label=gettext_lazy("Client"),
        widget=forms.TextInput(attrs={"list": "client-options", "autocomplete": "off"}),
    )
    contract = CleanCharField(label=gettext_lazy("Contract"), required=False, max_length=100)
    original = CleanCharField(
        label=gettext_lazy("Returned or corrected sale"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Its number; the return keeps its VAT and lowers its invoice."),
    )
    dated_on = RussianDateField(label=gettext_lazy("Date"))
    note = CleanCharField(label=gettext_lazy("Note"), required=False, max_length=500)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["client"].user = user  # type: ignore[attr-defined]
        self.initial.setdefault("dated_on", timezone.localdate())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        client = data.get("client")
        if isinstance(client, Client):
            data["contract"] = self._one(
                "contract", Contract.objects.filter(client=client, number=data.get("contract"))
            )
            sales = Shipment.objects.live().filter(kind="sale", client=client)
            data["original"] = self._one("original", sales.filter(number=data.get("original")))
        return data

    def _one(self, name: str, rows: Any) -> Any:
        """The row that the number names; an empty number is none."""
        if not self.cleaned_data.get(name):
            return None
        found = rows.order_by("-pk").first()
        if found is None:
            self.add_error(name, _("The client has nothing with this number."))
        return found

    def head(self) -> Head:
        """The values for the action."""
        values = {name: self.cleaned_data[name] for name in Head.__dataclass_fields__}
        return Head(**{**values, "kind": ShipmentKind(values["kind"])})


class LineForm(forms.Form):
    """One line of the editor."""

    product = ProductPickField(
        label=gettext_lazy("Product"),
        required=False,
        widget=forms.TextInput(attrs={"list": "product-options", "autocomplete": "off"}),
    )
    name = CleanCharField(
        label=gettext_lazy("Name, where it is not in the catalogue"),
        required=False,
        max_length=500,
    )
    quantity = QuantityField(label=gettext_lazy("Quantity"))
    price = MoneyField(label=gettext_lazy("Price with VAT, ₽"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("product") and not data.get("name") and "product" not in self.errors:
            self.add_error("product", _("Name the product."))
        return data

    def clean_quantity(self) -> Any:
        quantity = self.cleaned_data["quantity"]
        if quantity is not None and quantity <= 0:
            raise ValidationError(_("More than zero."))
        return quantity

    def line(self) -> Line:
        """The values for the action."""
        return Line(**self.cleaned_data)


class DocumentEditor(LinesEditor):
    """A document of sale with its lines."""

    head_form = DocumentForm
    line_form = LineForm

    @classmethod
    def values_of(cls, line: Any) -> dict[str, Any]:
        """Quantities of returns are typed without their sign."""
        return {
            "product": line.product,
            "name": "" if line.product else line.name,
            "quantity": abs(line.quantity),
            "price": line.price,
        }


class PostForm(forms.Form):
    """When a draft goes into the books."""

    version = WholeNumberField(widget=forms.HiddenInput)
    on = RussianDateField(label=gettext_lazy("Posting day"))


class ReverseForm(forms.Form):
    """When and why a document is taken back."""

    version = WholeNumberField(widget=forms.HiddenInput)
    on = RussianDateField(label=gettext_lazy("Day of the reversal"))
    reason = CleanCharField(label=gettext_lazy("Reason"), max_length=300)


class ReasonedForm(forms.Form):
    """Why an invoice is cancelled or disputed."""

    version = WholeNumberField(widget=forms.HiddenInput)
    reason = CleanCharField(label=gettext_lazy("Reason"), max_length=300)


class PrepaymentForm(RecordForm):
    """A request for an advance."""

    client = ClientPickField(
        label=gettext_lazy("Client"),
        widget=forms.TextInput(attrs={"list": "client-options", "autocomplete": "off"}),
    )
    amount = MoneyField(label=gettext_lazy("Amount with VAT, ₽"), min_value=1)
    due_on = RussianDateField(label=gettext_lazy("To be paid by"))
    note = CleanCharField(label=gettext_lazy("What for"), required=False, max_length=500)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["client"].user = user  # type: ignore[attr-defined]
