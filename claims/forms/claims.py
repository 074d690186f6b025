"""The form by which a claim is taken or corrected: the sale, its lines, the reason, the sum."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.actions.claims import ClaimFacts, ClaimGoods
from claims.models import Claim, ClaimChannel, ClaimKind, ClaimReason
from clients.models import Client, ContactPerson, Correspondence, LetterChannel
from crm.accounts.models import User
from crm.fields import CleanCharField, CleanTextField, MoneyField, QuantityField, WholeNumberField
from crm.files import formats
from crm.files.forms import ManyFilesField, ManyFilesInput
from crm.money import format_money
from crm.shell.templatetags.formats import qty
from deals.forms.contracts import optional_day
from deals.forms.credit import PlainForm
from deals.models import Shipment, ShipmentKind

SALE_DAYS = 366  # calendar days back in which sales are offered
SALES = 200
LINES = 200
QUANTITY = {"class": "form-control", "inputmode": "decimal", "autocomplete": "off"}
DESCRIPTION = 4000
TYPED = 3  # lines for goods that are named by hand
HEAD: tuple[str, ...] = (
    "reason",
    "claimed_amount",
    "description",
    "channel",
    "person",
    "shipment",
    "registered_on",
    "client_number",
    "sold_on",
    "letter",
)
KEPT = ("version", "kind", *HEAD)


class SaleField(forms.ModelChoiceField):
    """A sale by its number, day and sum."""

    def label_from_instance(self, obj: Shipment) -> str:
        day = f"{obj.posted_on:%d.%m.%Y}" if obj.posted_on else ""
        return f"{obj.number} · {day} · {format_money(obj.amount)}"


class SomeFilesField(ManyFilesField):
    """Files, or none."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return super().clean(data, initial) if data else []


class ClaimForm(PlainForm):
    """A claim of a known client; lines of the sale are ticked, others are typed."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    letter = forms.ModelChoiceField(
        queryset=Correspondence.objects.none(), required=False, widget=forms.HiddenInput
    )
    shipment = SaleField(
        label=gettext_lazy("Sale"),
        queryset=Shipment.objects.none(),
        required=False,
        empty_label=gettext_lazy("not known, or none in particular"),
    )
    reason = forms.ModelChoiceField(
        label=gettext_lazy("Reason"),
        queryset=ClaimReason.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Claim for"),
        choices=ClaimKind.choices,
        initial=ClaimKind.GOODS,
        widget=forms.RadioSelect,
        required=False,
    )
    claimed_amount = MoneyField(
        label=gettext_lazy("Claimed, ₽"),
        required=False,
        help_text=gettext_lazy("Empty: the sum of the goods."),
    )
    description = CleanTextField(
        label=gettext_lazy("What happened"),
        required=False,
        max_length=DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    papers = SomeFilesField(
        label=gettext_lazy("Photos, acts, the letter"),
        required=False,
        widget=ManyFilesInput(attrs={"accept": formats.ACCEPTED, "class": "form-control"}),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[pair for pair in ClaimChannel.choices if pair[0] != ClaimChannel.FILE],
        initial=ClaimChannel.PHONE,
    )
    person = forms.ModelChoiceField(
        label=gettext_lazy("Contact person"),
        queryset=ContactPerson.objects.none(),
        required=False,
        empty_label="—",
    )
    registered_on = optional_day(gettext_lazy("Came on"))
    client_number = CleanCharField(
        label=gettext_lazy("Number and day of the client's letter"),
        required=False,
        max_length=100,
    )
    sold_on = optional_day(gettext_lazy("Resold, according to the client"))

    def __init__(
        self,
        data: Any = None,
        *,
        client: Client,
        user: User,
        today: date,
        claim: Claim | None = None,
        shipment: Shipment | None = None,
        letter: Correspondence | None = None,
        **options: Any,
    ) -> None:
        initial = _initial_of(claim) if claim else {"key": uuid4(), "registered_on": today}
        if shipment is not None:
            initial["shipment"] = shipment.pk
        if letter is not None:
            initial |= _initial_of_letter(letter)
        super().__init__(data, initial=initial | options.pop("initial", {}), **options)
        self.claim, self.today = claim, today
        self._offer(client, user)
        self.sale = self._chosen_sale()
        self.sale_lines = self._add_sale_lines()
        self.typed_lines = self._add_typed_lines()
        if claim is not None:
            del self.fields["papers"], self.fields["key"]
        self.fields["registered_on"].widget.attrs["max"] = today.isoformat()

    def clean(self) -> dict[str, Any]:
        """A reason of one kind alone says the kind; no more is claimed than was sold."""
        data: dict[str, Any] = super().clean() or {}
        for row in self.sale_lines:
            line, name = row["line"], f"quantity_{row['line'].pk}"
            if data.get(f"take_{line.pk}") and (data.get(name) or 0) > line.quantity:
                text = _("No more than %(most)s was sold.")
                self.add_error(name, text % {"most": qty(line.quantity)})
        reason = data.get("reason")
        if reason is not None and reason.kind:
            data["kind"] = reason.kind
        data["kind"] = data.get("kind") or ClaimKind.GOODS
        return data

    def facts(self) -> ClaimFacts:
        """The head for the action."""
        values = {name: self.cleaned_data[name] for name in HEAD}
        values["sold_on"] = None if values["shipment"] else values["sold_on"]
        order = values["shipment"].order if values["shipment"] else None
        return ClaimFacts(kind=self.cleaned_data["kind"], order=order, **values)

    def goods(self) -> list[ClaimGoods]:
        """What was ticked and what was typed; a claim for service has none."""
        if self.cleaned_data["kind"] == ClaimKind.SERVICE:
            return []
        return [*self._ticked(), *self._typed()]

    def named_files(self) -> list[tuple[str, bytes]]:
        """Names with bytes for the action."""
        return [(one.name, one.read()) for one in self.cleaned_data["papers"]]

    def _offer(self, client: Client, user: User) -> None:
        """Sales of the last year, reasons in use, people of the client."""
        since = self.today - timedelta(days=SALE_DAYS)
        rows = Shipment.objects.visible_to(user).live()
        rows = rows.filter(client=client, kind=ShipmentKind.SALE)
        kept = self.claim.shipment_id if self.claim else None
        newest = rows.filter(posted_on__gte=since).order_by("-posted_on", "-pk")[:SALES]
        wanted = {self.initial.get("shipment"), kept} - {None}
        offered = Q(pk__in=[*newest.values_list("pk", flat=True), *wanted])
        offers: dict[str, Any] = {
            "shipment": rows.filter(offered).select_related("order").order_by("-posted_on", "-pk"),
            "reason": _reasons(self.claim),
            "letter": Correspondence.objects.visible_to(user).filter(client=client),
            "person": ContactPerson.objects.filter(client=client, archived_at=None),
        }
        for name, queryset in offers.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    def _chosen_sale(self) -> Shipment | None:
        """The sale whose lines are shown, before the form is checked."""
        value = self.data.get("shipment") if self.is_bound else self.initial.get("shipment")
        text = str(value or "")
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            return None
        rows: Any = self.fields["shipment"].queryset  # type: ignore[attr-defined]
        found: Shipment | None = rows.filter(pk=int(text)).first()
        return found

    def _add_sale_lines(self) -> list[dict[str, Any]]:
        if self.sale is None:
            return []
        claimed = _claimed_of(self.claim)
        made = []
        for line in self.sale.lines.select_related("product")[:LINES]:
            take, quantity = f"take_{line.pk}", f"quantity_{line.pk}"
            before = claimed.get(line.pk)
            self.fields[take] = forms.BooleanField(
                label=line.name or line.sku,
                required=False,
                initial=before is not None,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )
            self.fields[quantity] = QuantityField(
                label=_("Quantity"),
                required=False,
                initial=before or line.quantity,
                widget=forms.TextInput(attrs=QUANTITY),
            )
            made.append({"line": line, "take": self[take], "quantity": self[quantity]})
        return made

    def _add_typed_lines(self) -> list[dict[str, Any]]:
        """Goods that no line of the sale names."""
        kept = [line for line in _lines_of(self.claim) if line.shipment_line_id is None]
        made = []
        for place in range(max(TYPED, len(kept) + 1)):
            before = kept[place] if place < len(kept) else None
            parts = {
                "name": CleanCharField(label=_("Goods"), required=False, max_length=500),
                "quantity": QuantityField(label=_("Quantity"), required=False),
                "price": MoneyField(label=_("Price, ₽"), required=False),
            }
            for name, field in parts.items():
                field.initial = getattr(before, name) if before else None
                self.fields[f"typed_{name}_{place}"] = field
            made.append({name: self[f"typed_{name}_{place}"] for name in parts})
        return made

    def _ticked(self) -> list[ClaimGoods]:
        data = self.cleaned_data
        return [
            ClaimGoods(
                data[f"quantity_{row['line'].pk}"] or row["line"].quantity,
                shipment_line=row["line"],
            )
            for row in self.sale_lines
            if data[f"take_{row['line'].pk}"]
        ]

    def _typed(self) -> list[ClaimGoods]:
        data, kept = self.cleaned_data, {line.name: line for line in _lines_of(self.claim)}
        made = []
        for place in range(len(self.typed_lines)):
            name = data[f"typed_name_{place}"]
            if name:
                before = kept.get(name)
                quantity = data[f"typed_quantity_{place}"] or Decimal(1)
                price = data[f"typed_price_{place}"] or Decimal(0)
                product = before.product if before else None
                made.append(ClaimGoods(quantity, price, product=product, name=name))
        return made


def _initial_of(claim: Claim) -> dict[str, Any]:
    initial = {name: getattr(claim, name) for name in KEPT}
    keys = {name: getattr(claim, f"{name}_id") for name in ("shipment", "person", "letter")}
    return {**initial, **keys}


def _initial_of_letter(letter: Correspondence) -> dict[str, Any]:
    """What the letter says already; its words are what happened."""
    by_mail = letter.channel == LetterChannel.EMAIL
    words = "\n\n".join(filter(None, (letter.subject, letter.text)))
    return {
        "letter": letter.pk,
        "person": letter.person_id,
        "registered_on": letter.on_day,
        "channel": ClaimChannel.EMAIL if by_mail else ClaimChannel.LETTER,
        "client_number": letter.their_no,
        "description": words[:DESCRIPTION],
    }


def _reasons(claim: Claim | None) -> Any:
    """In use, and the one that the claim has already."""
    if claim is None:
        return ClaimReason.objects.in_use()
    return ClaimReason.objects.filter(Q(archived_at=None) | Q(pk=claim.reason_id))


def _lines_of(claim: Claim | None) -> list[Any]:
    return list(claim.lines.select_related("product")) if claim else []


def _claimed_of(claim: Claim | None) -> dict[int, Decimal]:
    return {line.shipment_line_id: line.quantity for line in _lines_of(claim)}
