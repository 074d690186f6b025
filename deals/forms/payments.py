"""Forms of payments: whose it is, why it is put aside, what it pays, a payment typed by hand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.forms.picking import ClientPickField
from crm.accounts.models import User
from crm.fields import (
    CleanCharField,
    CleanTextField,
    InnField,
    MoneyField,
    RussianDateField,
    WholeNumberField,
)
from crm.forms import RecordForm
from deals.models import OwnAccount, PaymentDirection
from deals.receipts.spreading import OpenInvoice, Part


class VersionForm(forms.Form):
    """The version of the page, and nothing else."""

    version = WholeNumberField(widget=forms.HiddenInput)

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)


class ReasonForm(VersionForm):
    """Why."""

    reason = CleanCharField(label=gettext_lazy("Reason"), max_length=300)


class MatchForm(VersionForm):
    """Whose money it is: one of the suggestions, or a client picked by name."""

    suggested = WholeNumberField(required=False, widget=forms.HiddenInput, max_value=2**63 - 1)
    client = ClientPickField(label=gettext_lazy("Another client"), required=False)
    remember = forms.BooleanField(
        label=gettext_lazy("Remember this payer's account"), required=False
    )

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["client"]
        assert isinstance(field, ClientPickField)
        field.user = user
        field.widget.attrs |= {"list": "client-options", "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        picked = data.get("client")
        if picked is None and not data.get("suggested") and "client" not in self.errors:
            self.add_error("client", _("Choose a client from the list."))
        data["client_id"] = data.get("suggested") or (picked.pk if picked else None)
        return data

    def new_values(self) -> dict[str, Any]:
        """The client by key, the version, whether the account is remembered."""
        return {name: self.cleaned_data[name] for name in ("client_id", "version", "remember")}


class PaymentForm(RecordForm):
    """A payment typed by hand."""

    direction = forms.ChoiceField(label=gettext_lazy("Direction"), choices=PaymentDirection.choices)
    paid_on = RussianDateField(label=gettext_lazy("Paid on"))
    amount = MoneyField(label=gettext_lazy("Amount"), min_value=Decimal("0.01"))
    number = CleanCharField(label=gettext_lazy("Number"), required=False, max_length=50)
    client = ClientPickField(label=gettext_lazy("Client"), required=False)
    party_name = CleanCharField(
        label=gettext_lazy("Payer or payee"), required=False, max_length=500
    )
    party_inn = InnField(label=gettext_lazy("INN"), required=False)
    own_account = forms.ModelChoiceField(
        label=gettext_lazy("Own account"), required=False, queryset=OwnAccount.objects.none()
    )
    purpose = CleanTextField(label=gettext_lazy("Purpose"), required=False, max_length=1000)

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        super().__init__(data, **options)
        client, account = self.fields["client"], self.fields["own_account"]
        assert isinstance(client, ClientPickField)
        assert isinstance(account, forms.ModelChoiceField)
        client.user = user
        client.widget.attrs |= {"list": "client-options", "autocomplete": "off"}
        account.queryset = OwnAccount.objects.filter(closed_on=None)
        self.fields["paid_on"].widget.attrs["placeholder"] = "23.11.2026"


class SpreadForm(VersionForm):
    """An amount for each open invoice of the client, filled in with what the rule proposes."""

    def __init__(
        self,
        data: Any = None,
        *,
        invoices: Sequence[OpenInvoice],
        proposal: Sequence[Part] = (),
        free: Decimal,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.invoices, self.free = invoices, free
        amounts = {part.invoice_id: part.amount for part in proposal}
        for invoice in invoices:
            field = MoneyField(
                label=_("Amount for invoice %(number)s") % {"number": invoice.number},
                required=False,
                max_value=invoice.open_amount,
                initial=amounts.get(invoice.pk),
            )
            field.widget.attrs["class"] = "form-control form-control-sm"
            self.fields[f"invoice_{invoice.pk}"] = field

    def rows(self) -> list[tuple[OpenInvoice, forms.BoundField]]:
        """Invoices with their fields."""
        return [(invoice, self[f"invoice_{invoice.pk}"]) for invoice in self.invoices]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        parts = self._parts(data)
        if not self.errors and not parts:
            self.add_error(None, _("Write an amount beside at least one invoice."))
        if sum(amount for _pk, amount in parts) > self.free:
            self.add_error(None, _("The parts are more than what is left of the payment."))
        return data

    def new_values(self) -> dict[str, Any]:
        """Invoices with amounts, and the version."""
        return {
            "amounts": self._parts(self.cleaned_data),
            "version": self.cleaned_data["version"],
        }

    def _parts(self, data: dict[str, Any]) -> list[tuple[int, Decimal]]:
        found = ((row.pk, data.get(f"invoice_{row.pk}")) for row in self.invoices)
        return [(pk, amount) for pk, amount in found if amount]
