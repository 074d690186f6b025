"""Forms of acts of reconciliation: made, sent, signed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from crm.accounts.models import User
from crm.calendar import half_start
from crm.fields import CleanCharField
from crm.forms import PlainForm, VersionForm, day_field
from deals.actions.acts import Period, Signature
from deals.forms.price_notices import chosen_keys
from deals.models import ActChannel, Contract, ReconciliationItem, SignatoryAuthority

BY_HAND = [choice for choice in ActChannel.choices if choice[0] != ActChannel.EMAIL]
# Deemed agreed is what the clock notes, by the contract.
SIGNED_BY = [one for one in SignatoryAuthority.choices if one[0] != SignatoryAuthority.DEEMED]


class MakeActForm(VersionForm):
    """The first day of the period; the last one is the day of the reconciliation."""

    first = day_field(_("The period from"))


class SendActForm(VersionForm):
    """How, to whom and when an act went out past the product."""

    channel = forms.ChoiceField(label=_("How"), choices=BY_HAND, widget=forms.RadioSelect)
    sent_to = CleanCharField(
        label=_("To whom"),
        max_length=300,
        help_text=_("The person and the address, or the operator of the exchange."),
    )
    on = day_field(_("Sent on"))


class SignActForm(VersionForm):
    """Whose signature stands on the client's copy, and by what authority."""

    on = day_field(_("Signed on"))
    signatory = CleanCharField(label=_("Who signed for the client"), max_length=200)
    position = CleanCharField(label=_("Position"), max_length=200)
    authority = forms.ChoiceField(
        label=_("Acting by"),
        choices=SIGNED_BY,
        widget=forms.RadioSelect,
        help_text=_(
            "Only a head or a holder of a power of attorney acknowledges the debt: the "
            "limitation period begins again."
        ),
    )
    details = CleanCharField(
        label=_("Number and day of the power of attorney"), max_length=200, required=False
    )
    scan = forms.FileField(
        label=_("Scan of the signed act"),
        required=False,
        help_text=_("It stands among the files; it can be added later."),
    )

    def signing(self) -> dict[str, Any]:
        """What the action takes."""
        values = self.new_values()
        scan, version = values.pop("scan"), values.pop("version")
        return {
            "signature": Signature(**values),
            "version": version,
            "scan": (scan.name, scan.read()) if scan else None,
        }


class ActPreviewForm(PlainForm):
    """An act of any period for information."""

    first = day_field(_("The period from"))
    last = day_field(_("The period to, included"))
    contract = forms.ModelChoiceField(
        label=_("Contract"),
        queryset=Contract.objects.none(),
        required=False,
        empty_label=_("All contracts"),
    )
    suffix = forms.ChoiceField(
        label=_("File"),
        choices=[(one, one.upper()) for one in ("pdf", "xlsx", "docx")],
        widget=forms.RadioSelect,
    )
    mirrored = forms.BooleanField(label=_("Fill in the client's half as well"), required=False)

    def __init__(self, data: Any = None, *, client: Client, today: date, **options: Any) -> None:
        initial = {"first": half_start(today), "last": today, "suffix": "pdf"}
        super().__init__(data, initial=initial, **options)
        contracts: Any = self.fields["contract"]
        contracts.queryset = Contract.objects.filter(client=client).order_by("-pk")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = values.get("first"), values.get("last")
        if first and last and first > last:
            self.add_error("last", gettext("The period ends before it begins."))
        return values

    def period(self) -> Period:
        """What is asked for."""
        values = self.cleaned_data
        contract = values["contract"]
        return Period(values["first"], values["last"], contract.pk if contract else None)


class BatchForm(PlainForm):
    """The chosen reconciliations, or the day whose acts are all formed."""

    ids = forms.CharField(widget=forms.HiddenInput, required=False)
    day = day_field(_("All to be sent as of"))

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        super().__init__(data, **options)
        self.user = user
        if (data or options.get("initial", {})).get("ids"):
            del self.fields["day"]

    def chosen(self) -> list[int]:
        """Keys of reconciliations; that they are seen is asked by the action."""
        if "day" not in self.fields:
            return chosen_keys(self.cleaned_data["ids"].split(","))
        rows = ReconciliationItem.objects.visible_to(self.user).to_send()
        return list(rows.filter(as_of=self.cleaned_data["day"]).values_list("pk", flat=True))
