"""Forms of orders: the line editor, releasing, cancelling, delivery, the prepayment."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.forms.picking import ClientPickField
from clients.models import Client, Outlet
from crm.accounts.models import User
from crm.fields import CleanCharField, MoneyField, PercentField, QuantityField, WholeNumberField
from crm.forms import PlainForm, RecordForm, day_field
from deals.actions.orders import OrderHead
from deals.forms.credit import NOTE_LENGTH
from deals.forms.lines import LinesEditor, ProductPickField
from deals.models import Contract, OrderKind, PriceKind, PromoCampaign
from deals.ordering.lead_times import SchemeOffer, offer_of
from deals.ordering.order_goods import Goods, PriceCheck, agreed_with
from deals.pricing.price_changes import OldPrices, old_prices
from deals.promos.promo_terms import running_for

_SHORT = {"autocomplete": "off", "enterkeyhint": "next"}


class OrderForm(RecordForm):
    """The head of an order; outlets and contracts are those of the client, once it is known."""

    client = ClientPickField(
        label=gettext_lazy("Client"),
        widget=forms.TextInput(attrs={"list": "client-options", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=OrderKind.choices)
    price_kind = forms.ChoiceField(label=gettext_lazy("Price type"), choices=PriceKind.choices)
    desired_on = day_field(gettext_lazy("Wanted by"))
    promised_on = day_field(gettext_lazy("Promised by"))
    outlet = forms.ModelChoiceField(
        Outlet.objects.none(), label=gettext_lazy("Outlet"), required=False
    )
    contract = forms.ModelChoiceField(
        Contract.objects.none(), label=gettext_lazy("Contract"), required=False
    )
    is_prepaid = forms.BooleanField(
        label=gettext_lazy("Prepaid"),
        required=False,
        help_text=gettext_lazy("Confirmed as far as the client's money covers it."),
    )
    note = CleanCharField(label=gettext_lazy("Note"), required=False, max_length=500)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        pick: Any = self.fields["client"]
        pick.user = user
        for name in ("desired_on", "promised_on"):
            self.fields[name].required = False
        self.known_client = self._client()
        if self.known_client is None:
            for name in ("outlet", "contract"):  # not checked before the client is
                self.fields[name].disabled = True
        else:
            of_client: dict[str, Any] = {
                "outlet": Outlet.objects.filter(client=self.known_client, archived_at=None),
                "contract": Contract.objects.filter(client=self.known_client, archived_at=None),
            }
            for name, rows in of_client.items():
                self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def _client(self) -> Client | None:
        """The client as far as it is known before the form is checked."""
        typed = self.data.get("client") if self.is_bound else self.initial.get("client")
        if isinstance(typed, Client):
            return typed
        try:
            found: Client | None = self.fields["client"].to_python(typed or "")
        except ValidationError:
            return None
        return found

    @cached_property
    def offer(self) -> SchemeOffer | None:
        """What the relationship scheme of the client gives an order of today."""
        return offer_of(self.known_client, timezone.localdate()) if self.known_client else None

    @cached_property
    def promos(self) -> list[PromoCampaign]:
        """Promos of today in which the client takes part."""
        return running_for(self.known_client, timezone.localdate()) if self.known_client else []

    def head(self) -> OrderHead:
        """The values for the action."""
        return OrderHead(**{name: self.cleaned_data[name] for name in _HEAD})


_HEAD = tuple(OrderHead.__dataclass_fields__)


class OrderLineForm(forms.Form):
    """One line of the editor."""

    product = ProductPickField(
        label=gettext_lazy("Product"),
        required=False,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "role": "combobox",
                "aria-expanded": "false",
                "aria-autocomplete": "list",
                "aria-controls": "goods-list",
                "data-goods": "",
            }
        ),
    )
    quantity = QuantityField(label=gettext_lazy("Quantity"), required=False)
    price = MoneyField(
        label=gettext_lazy("Price, ₽"),
        required=False,
        widget=forms.TextInput(attrs=_SHORT),
    )
    discount_pct = PercentField(
        label=gettext_lazy("Discount, %"), required=False, widget=forms.TextInput(attrs=_SHORT)
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("product") and "product" not in self.errors:
            self.add_error("product", _("Name the product."))
        if not data.get("quantity") and "quantity" not in self.errors:
            self.add_error("quantity", _("More than zero."))
        return data

    def line(self) -> Goods:
        """The values for the action."""
        values = self.cleaned_data
        return Goods(
            values["product"],
            values["quantity"],
            values["price"],
            values["discount_pct"] or Decimal(0),
        )


class OrderEditor(LinesEditor):
    """An order with its lines; prices are checked against the list of the day."""

    head_form = OrderForm
    line_form = OrderLineForm
    first_lines = 1

    def old_prices(self, day: Any) -> OldPrices | None:
        """A warning: the client was told of the prices of the day too late."""
        client = self.head.known_client
        kind = self.head["price_kind"].value()
        if client is None or kind not in PriceKind.values:
            return None
        return old_prices(client.pk, kind, day)

    def prices_allowed(self, day: Any) -> bool:
        """Put what the price list does not allow beside its lines."""
        kind = self.head.cleaned_data["price_kind"]
        agreed = agreed_with(getattr(self.head.record, "proposal", None))
        return self.mark(PriceCheck(self.lines(), kind, day, agreed=agreed).problems())


class ReasonForm(PlainForm):
    """Why an order is released or cancelled."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    reason = CleanCharField(
        label=gettext_lazy("Reason"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DeliveryForm(PlainForm):
    """When the goods came to the client."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    on = day_field(gettext_lazy("Delivered on"))


class OrderPrepaymentForm(PlainForm):
    """The pre-payment invoice of an order."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    amount = MoneyField(label=gettext_lazy("Amount with VAT, ₽"), min_value=1)
    due_on = day_field(gettext_lazy("To be paid by"))
