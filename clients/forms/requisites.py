"""Forms of the legal side: counterparties and bank accounts with their exact checks (D.1, D.2)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import ClientKind
from crm import requisites
from crm.fields import AccountField, BicField, CleanCharField, InnField, KppField, OgrnField
from crm.forms import RecordForm

OGRNIP_LENGTH = 15


def check_legal_side(form: forms.Form, kind: str, data: dict[str, Any]) -> None:
    """INN, KPP and OGRN must fit one another and the kind of the client (D.1)."""
    inn, kpp, ogrn = data.get("inn") or "", data.get("kpp") or "", data.get("ogrn") or ""
    personal = requisites.is_person_inn(inn)
    if inn and kind in {ClientKind.ENTREPRENEUR, ClientKind.PERSON} and not personal:
        form.add_error("inn", _("A person's INN has 12 digits."))
    elif inn and kind == ClientKind.LEGAL and personal:
        form.add_error("inn", _("A legal entity's INN has 10 digits."))
    if kpp and not inn and "inn" not in form.errors:
        form.add_error("inn", _("A KPP needs the INN beside it."))
    if kpp and personal:
        form.add_error("kpp", _("An entrepreneur (INN of 12 digits) has no KPP: leave it empty."))
    if ogrn and inn and personal != (len(ogrn) == OGRNIP_LENGTH):
        form.add_error(
            "ogrn",
            _("This number does not fit the INN: a company has 13 digits, an entrepreneur 15."),
        )


class CounterpartyForm(RecordForm):
    """A legal entity or entrepreneur of the client."""

    inn = InnField(label=gettext_lazy("INN"), required=False)
    kpp = KppField(label=gettext_lazy("KPP"), required=False)
    ogrn = OgrnField(label=gettext_lazy("OGRN or OGRNIP"), required=False)
    full_name = CleanCharField(label=gettext_lazy("Full legal name"), max_length=500)
    short_name = CleanCharField(label=gettext_lazy("Short name"), required=False, max_length=255)
    legal_address = CleanCharField(
        label=gettext_lazy("Legal address"), required=False, max_length=500
    )
    is_main = forms.BooleanField(label=gettext_lazy("Main one of the client"), required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        check_legal_side(self, "", data)
        return data


class AccountForm(RecordForm):
    """A settlement account; the bank comes from the directory by its BIC."""

    bic = BicField(label=gettext_lazy("BIC"))
    bank_name = CleanCharField(label=gettext_lazy("Bank"), required=False, max_length=255)
    corr_account = AccountField(label=gettext_lazy("Correspondent account"), required=False)
    account = AccountField(label=gettext_lazy("Account"))
    is_main = forms.BooleanField(label=gettext_lazy("Main one"), required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        bic = data.get("bic")
        if not bic:
            return data
        checks = (
            ("account", requisites.validate_account),
            ("corr_account", requisites.validate_correspondent_account),
        )
        for name, check in checks:
            if data.get(name):
                try:
                    check(data[name], bic)
                except ValidationError as refusal:
                    self.add_error(name, refusal)
        return data
