"""Forms of returns: what comes back and why, days, accepted quantities, the credit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from claims.actions.returns import Asked
from claims.models import Claim, ClaimReason, ReturnLine
from claims.returnable import LineLeft
from crm.accounts.models import User
from crm.fields import CleanCharField, CleanTextField, QuantityField
from crm.money import format_money
from crm.shell.templatetags.formats import qty
from deals.forms.contracts import VersionForm
from deals.forms.credit import PlainForm, day_field
from deals.models import Shipment

NOTE_LENGTH = 1000
JUSTIFICATION_LENGTH = 2000


class LinesForm(PlainForm):
    """A quantity for each line, by the key of the line."""

    def add_line(self, pk: int, label: str, initial: Decimal | None, help_text: str) -> None:
        """A field for one line."""
        self.fields[f"line-{pk}"] = QuantityField(
            label=label, required=False, initial=initial, help_text=help_text
        )

    @property
    def line_fields(self) -> Iterable[Any]:
        """Bound fields of the lines in their order."""
        return [self[name] for name in self.fields if name.startswith("line-")]

    @property
    def other_fields(self) -> Iterable[Any]:
        """Bound visible fields that are of no line."""
        return [one for one in self.visible_fields() if not one.name.startswith("line-")]

    def quantities(self) -> dict[int, Decimal]:
        """What was typed, by the key of the line."""
        return {
            int(name.removeprefix("line-")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("line-") and value is not None
        }


class AskForm(LinesForm):
    """What comes back of a sale, why, and why it is worth taking it."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.ModelChoiceField(label=_("Reason"), queryset=ClaimReason.objects.none())
    claim = forms.ModelChoiceField(
        label=_("Claim"),
        queryset=Claim.objects.none(),
        required=False,
        empty_label=pgettext_lazy("claim", "None"),
    )
    justification = CleanTextField(
        label=_("Why it is worth taking back"),
        max_length=JUSTIFICATION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        sale: Shipment,
        user: User,
        left: list[LineLeft],
        claim: str = "",
        **options: Any,
    ) -> None:
        claims = Claim.objects.visible_to(user).filter(client=sale.client_id)
        asked = claims.filter(pk=claim).first() if claim.isdecimal() else None
        reason = asked.reason_id if asked else None
        initial = {"key": uuid4(), "claim": asked, "reason": reason}
        super().__init__(data, initial=initial, **options)
        fields: Any = self.fields
        fields["reason"].queryset = ClaimReason.objects.in_use("goods")
        fields["claim"].queryset = claims
        claimed = _claimed(asked)
        self.left = [one for one in left if one.left > 0]
        for one in self.left:
            name = one.line.name or str(one.line.product or one.line.sku)
            unit = one.line.product.unit if one.line.product else ""
            words = gettext("may come back: %(quantity)s %(unit)s")
            told = words % {"quantity": qty(one.left), "unit": unit}
            wanted = claimed.get(one.line.pk)
            self.add_line(one.line.pk, name, min(wanted, one.left) if wanted else None, told)

    def asked(self) -> Asked:
        """The values for the action."""
        values, claim = self.cleaned_data, self.cleaned_data["claim"]
        return Asked(
            self.quantities(),
            values["reason"].pk,
            values["justification"],
            claim.pk if claim is not None else None,
        )


def _claimed(claim: Claim | None) -> dict[int | None, Decimal]:
    """What the claim complains of, by the line of the sale."""
    if claim is None:
        return {}
    return dict(claim.lines.values_list("shipment_line", "quantity"))


class ReceiveForm(VersionForm):
    """The day on which the goods came."""

    on = day_field(_("Goods came on"))


class AcceptForm(LinesForm, VersionForm):
    """How many of each line were taken; all of them are offered."""

    note = CleanTextField(
        label=_("Note"),
        max_length=NOTE_LENGTH,
        required=False,
        help_text=_("Needed where fewer were taken than came back."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, data: Any = None, *, lines: list[ReturnLine], version: int, **options: Any
    ) -> None:
        super().__init__(data, initial={"version": version}, **options)
        for line in lines:
            unit = line.product.unit if line.product else ""
            words = gettext("asked for: %(quantity)s %(unit)s")
            told = words % {"quantity": qty(line.quantity), "unit": unit}
            self.add_line(line.pk, line.name, line.quantity, told)

    def new_values(self) -> dict[str, Any]:
        """The values for the action."""
        values = super().new_values()
        return {
            "version": values["version"],
            "note": values["note"],
            "quantities": self.quantities(),
        }


class CreditForm(VersionForm):
    """The day of the document that lowers the debt, and its number in the books."""

    on = day_field(_("Date of the document"))
    number = CleanCharField(
        label=_("Number of the correction note"), max_length=100, required=False
    )

    def __init__(self, data: Any = None, *, first: date, today: date, **options: Any) -> None:
        super().__init__(data, **options)
        limits = {"min": first.isoformat(), "max": today.isoformat()}
        self.fields["on"].widget.attrs.update(limits)


class BindForm(VersionForm):
    """Which document of the books credits the return."""

    document = forms.ModelChoiceField(
        label=_("Document of the books"),
        queryset=Shipment.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, data: Any = None, *, documents: Any, **options: Any) -> None:
        super().__init__(data, **options)
        field: Any = self.fields["document"]
        field.queryset = documents
        field.label_from_instance = _called

    def new_values(self) -> dict[str, Any]:
        """The values for the action."""
        values = super().new_values()
        return {"version": values["version"], "document_id": values["document"].pk}


class NameReasonForm(VersionForm):
    """Why the goods came back."""

    reason = forms.ModelChoiceField(label=_("Reason"), queryset=ClaimReason.objects.none())

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        field: Any = self.fields["reason"]
        field.queryset = ClaimReason.objects.in_use("goods")


def _called(document: Shipment) -> str:
    words = gettext("%(number)s of %(day)s, %(amount)s")
    return words % {
        "number": document.number,
        "day": f"{document.posted_on:%d.%m.%Y}",
        "amount": format_money(-document.amount),
    }
