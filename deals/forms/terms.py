"""The form of a request for a discount or a deferral."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from crm.fields import CleanCharField, DaysField, PercentField, WholeNumberField
from crm.forms import PlainForm, day_field
from deals.forms.credit import LONGEST_DEFERRAL, NOTE_LENGTH
from deals.models import Order, TermsKind, TermsRequest

USUAL_DAYS = 30
CORRECTABLE = ("draft", "submitted", "on_hold")


class TermsRequestForm(PlainForm):
    """How much, from day to day, and why; a discount may name the order it is for."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    value = PercentField(label=_("Discount, %"), min_value=Decimal("0.01"))
    valid_from = day_field(_("From"))
    valid_to = day_field(_("To, included"))
    order = forms.ModelChoiceField(
        label=_("For the order"), queryset=Order.objects.none(), required=False
    )
    reason = CleanCharField(
        label=_("Reason"), max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self,
        data: Any = None,
        *,
        kind: str,
        client: Client,
        request: TermsRequest | None,
        today: date,
        **options: Any,
    ) -> None:
        initial: dict[str, Any] = {
            "valid_from": today,
            "valid_to": today + timedelta(days=USUAL_DAYS),
            "version": 0,
        }
        if request is not None:
            initial = {name: getattr(request, name) for name in self.base_fields}
            initial["valid_from"] = max(request.valid_from, today)
        super().__init__(data, initial=initial, **options)
        if kind == TermsKind.DEFERRAL:
            self.fields["value"] = DaysField(
                label=_("Deferral, calendar days"), min_value=1, max_value=LONGEST_DEFERRAL
            )
            self.initial["value"] = int(request.value) if request else None
            del self.fields["order"]
        else:
            orders = Order.objects.filter(client=client, state__in=CORRECTABLE)
            self.fields["order"].queryset = orders  # type: ignore[attr-defined]
        for name in ("valid_from", "valid_to"):
            self.fields[name].widget.attrs["min"] = today.isoformat()
