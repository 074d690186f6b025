"""The form of an own account."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from crm import requisites
from crm.fields import CleanCharField, WholeNumberField
from deals.models import OwnAccount


class OwnAccountForm(forms.Form):
    """Number, bank and a short name; the number is given once."""

    version = WholeNumberField(widget=forms.HiddenInput, required=False)
    account = CleanCharField(
        label=gettext_lazy("Account"),
        max_length=20,
        validators=[requisites.clean_account_digits],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = CleanCharField(
        label=gettext_lazy("Short name"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("As you call it, for example Sber, main."),
    )
    bic = CleanCharField(
        label=gettext_lazy("BIC"),
        max_length=9,
        required=False,
        validators=[requisites.validate_bic],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    bank_name = CleanCharField(label=gettext_lazy("Bank"), max_length=255, required=False)

    def __init__(self, *args: Any, row: OwnAccount | None = None, **more: Any) -> None:
        if row is not None:
            more["initial"] = {name: getattr(row, name) for name in self.base_fields}
        super().__init__(*args, **more)
        if row is not None:
            self.fields["account"].disabled = True

    def clean(self) -> dict[str, Any]:
        """A typing error in a new account shows by the key of its bank."""
        data: dict[str, Any] = super().clean() or {}
        account, bic = data.get("account"), data.get("bic")
        if account and bic and not self.fields["account"].disabled:
            try:
                requisites.validate_account(account, bic)
            except ValidationError as error:
                self.add_error("account", error)
        return data

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action that adds an account."""
        return {name: self.cleaned_data[name] for name in ("account", "bic", "bank_name", "name")}

    def edited_values(self) -> dict[str, Any]:
        """Plain values for the action that corrects one."""
        names = ("bic", "bank_name", "name")
        values = {name: self.cleaned_data[name] for name in names}
        return {**values, "version": self.cleaned_data["version"] or 0}
