"""Forms of documents: the line editor, a pre-payment invoice, posting and reversing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.forms.common import ClientPickField, RecordForm
from clients.models import Client
from crm.accounts.models import User
from crm.fields import (
    CleanCharField,
    MoneyField,
    QuantityField,
    RussianDateField,
    WholeNumberField,
)
from crm.names import plain_text
from deals.actions.documents import MOST_LINES, Head, Line
from deals.models import Contract, Product, Shipment, ShipmentKind

SEPARATOR = " · "


class ProductPickField(CleanCharField):
    """A product by its article, typed or chosen from a list of «article · name»."""

    longest = 700

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=None, **options)  # the value is a product, not a text

    def to_python(self, value: Any) -> Any:
        text = plain_text(super().to_python(value))[: self.longest]
        if not text:
            return None
        sku = text.split(SEPARATOR.strip())[0].strip()
        found = Product.objects.open().filter(sku__iexact=sku).first()
        if found is None:
            raise ValidationError(_("Choose a product from the list."), code="no_product")
        return found

    def prepare_value(self, value: Any) -> Any:
        return f"{value.sku}{SEPARATOR}{value.name}" if isinstance(value, Product) else value


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


class DocumentEditor:
    """Head and lines; lines are added and removed by buttons of the form.

    The whole form travels with each button, so nothing typed is lost and no script is needed.
    """

    def __init__(self, head: DocumentForm, rows: list[LineForm]) -> None:
        self.head, self.rows = head, rows

    @classmethod
    def empty(cls, user: User, initial: dict[str, Any]) -> DocumentEditor:
        """A new document with three empty lines."""
        return cls(
            DocumentForm(user=user, initial=initial),
            [LineForm(prefix=f"line-{n}") for n in range(3)],
        )

    @classmethod
    def stored(cls, document: Shipment, user: User) -> DocumentEditor:
        """A draft as it stands."""
        lines = document.lines.select_related("product")
        rows = [
            LineForm(
                prefix=f"line-{place}",
                initial={
                    "product": line.product,
                    "name": "" if line.product else line.name,
                    "quantity": abs(line.quantity),
                    "price": line.price,
                },
            )
            for place, line in enumerate(lines)
        ]
        return cls(DocumentForm(user=user, record=document), rows)

    @classmethod
    def sent(cls, data: QueryDict, user: User, record: Shipment | None) -> DocumentEditor:
        """The form as it was sent; lines left wholly empty do not count, one stays to be filled."""
        places = [place for place in _places(data) if _filled(data, place)] or [0]
        return cls(
            DocumentForm(data, user=user, record=record),
            [LineForm(data, prefix=f"line-{place}") for place in places],
        )

    @classmethod
    def rearranged(
        cls, data: QueryDict, user: User, record: Shipment | None, command: str
    ) -> DocumentEditor:
        """The form after «add» or «remove-N»; nothing is checked yet."""
        rows = [_raw(data, place) for place in _places(data)]
        verb, _dash, number = command.partition("-")
        if verb == "add" and len(rows) < MOST_LINES:
            rows.append({})
        elif verb == "remove" and number.isascii() and number.isdigit() and len(number) < 4:
            rows = [row for place, row in enumerate(rows) if place != int(number)] or [{}]
        head = DocumentForm(user=user, record=record, initial=_typed(data))
        return cls(head, [LineForm(prefix=f"line-{n}", initial=row) for n, row in enumerate(rows)])

    def is_valid(self) -> bool:
        """Every part is looked at, so that every mistake is shown at once."""
        return all([self.head.is_valid(), *[row.is_valid() for row in self.rows]])

    def lines(self) -> list[Line]:
        """The lines for the action."""
        return [row.line() for row in self.rows]


def _places(data: QueryDict) -> range:
    count = data.get("lines", "0")
    known = count.isascii() and count.isdigit() and len(count) < 4
    return range(min(int(count) if known else 0, MOST_LINES))


def _raw(data: QueryDict, place: int) -> dict[str, str]:
    return {name: data.get(f"line-{place}-{name}", "") for name in LineForm.base_fields}


def _filled(data: QueryDict, place: int) -> bool:
    return any(value.strip() for value in _raw(data, place).values())


def _typed(data: QueryDict) -> dict[str, str]:
    return {name: data.get(name, "") for name in DocumentForm.base_fields if name in data}


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
