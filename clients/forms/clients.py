"""Forms of the card: plain fields, a new client with everything, the archive."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.actions.assignments import candidates
from clients.forms.picking import ClientPickField, TagsField
from clients.forms.requisites import check_legal_side
from clients.models import ClientCategory, ClientKind, ClientStatus, ClientTransferReason
from crm.accounts.models import Role, User
from crm.fields import (
    CleanCharField,
    CleanTextField,
    InnField,
    KppField,
    MoneyField,
    OgrnField,
    PhoneField,
    RussianDateField,
    WholeNumberField,
)
from crm.forms import LowerEmailField, RecordForm

MOST_MONEY = Decimal("9999999999999.99")
CHOSEN_STATUSES = [ClientStatus.PROSPECT, ClientStatus.CLIENT]


class ClientForm(RecordForm):
    """Plain fields of a card; category, owner and code are governed elsewhere."""

    name = CleanCharField(label=gettext_lazy("Name"), max_length=255)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ClientKind.choices)
    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=ClientStatus.choices)
    parent = ClientPickField(
        label=gettext_lazy("Part of the chain"),
        required=False,
        help_text=gettext_lazy("Begin to type the name or the code of the chain."),
    )
    channel = CleanCharField(label=gettext_lazy("Channel"), required=False, max_length=100)
    territory = CleanCharField(label=gettext_lazy("Territory"), required=False, max_length=200)
    potential_monthly = MoneyField(
        label=gettext_lazy("Potential per month, ₽"), required=False, max_value=MOST_MONEY
    )
    phone = PhoneField(label=gettext_lazy("Phone"), required=False, extension=True)
    email = LowerEmailField(label=gettext_lazy("E-mail"), required=False, max_length=254)
    website = forms.URLField(
        label=gettext_lazy("Website"), required=False, max_length=200, assume_scheme="https"
    )
    address = CleanCharField(label=gettext_lazy("Address"), required=False, max_length=500)
    source = CleanCharField(
        label=gettext_lazy("Where the client came from"), required=False, max_length=100
    )
    tags = TagsField(
        label=gettext_lazy("Tags"),
        required=False,
        max_length=900,
        help_text=gettext_lazy("Separate by commas."),
    )
    specifics = CleanTextField(
        label=gettext_lazy("Specifics of work"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        super().__init__(data, **options)
        parent = self.fields["parent"]
        assert isinstance(parent, ClientPickField)
        parent.user = user
        parent.widget.attrs |= {"list": "client-options", "autocomplete": "off"}
        self._offer_statuses()

    def _offer_statuses(self) -> None:
        """Prospect and client are chosen here; any other status is decided elsewhere and stays."""
        kept = getattr(self.record, "status", ClientStatus.PROSPECT)
        offered = CHOSEN_STATUSES if kept in CHOSEN_STATUSES else [ClientStatus(kept)]
        field = self.fields["status"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(status.value, status.label) for status in offered]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        data["potential_monthly"] = data.get("potential_monthly") or Decimal(0)
        return data


class NewClientForm(ClientForm):
    """A new card with its owner, requisites, first person and the wish about the category."""

    manager = forms.TypedChoiceField(
        label=gettext_lazy("Manager"), coerce=int, required=False, empty_value=None
    )
    inn = InnField(label=gettext_lazy("INN"), required=False)
    kpp = KppField(label=gettext_lazy("KPP"), required=False)
    ogrn = OgrnField(label=gettext_lazy("OGRN or OGRNIP"), required=False)
    full_name = CleanCharField(
        label=gettext_lazy("Full legal name"), required=False, max_length=500
    )
    legal_address = CleanCharField(
        label=gettext_lazy("Legal address"), required=False, max_length=500
    )
    person_name = CleanCharField(label=gettext_lazy("Full name"), required=False, max_length=200)
    person_position = CleanCharField(label=gettext_lazy("Position"), required=False, max_length=200)
    person_phone = PhoneField(label=gettext_lazy("Phone"), required=False, extension=True)
    person_email = LowerEmailField(label=gettext_lazy("E-mail"), required=False, max_length=254)
    person_decides = forms.BooleanField(
        label=gettext_lazy("Makes the decisions"), required=False, initial=True
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Category"),
        choices=[("", gettext_lazy("Leave it to the head")), *ClientCategory.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    category_reason = CleanTextField(
        label=gettext_lazy("Why this category"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    extra = (
        *("manager", "inn", "kpp", "ogrn", "full_name", "legal_address"),
        *("person_name", "person_position", "person_phone", "person_email", "person_decides"),
        *("category", "category_reason"),
    )

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        super().__init__(data, user=user, **options)
        if user.role == Role.MANAGER:
            del self.fields["manager"]
            return
        field = self.fields["manager"]
        assert isinstance(field, forms.TypedChoiceField)
        field.required = True
        people = [(str(person.pk), person.full_name) for person in candidates(user)]
        field.choices = [("", _("Choose a manager")), *people]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        check_legal_side(self, data.get("kind", ""), data)
        if data.get("ogrn") and not data.get("inn") and "inn" not in self.errors:
            self.add_error("inn", _("Write the INN beside it."))
        with_person = any(data.get(name) for name in ("person_position", "person_phone"))
        if with_person and not data.get("person_name") and "person_name" not in self.errors:
            self.add_error("person_name", _("Write the name of the person."))
        return data

    def new_values(self) -> dict[str, Any]:
        """Plain fields of the card."""
        return {name: v for name, v in super().new_values().items() if name not in self.extra}

    def new_parts(self) -> dict[str, Any]:
        """What comes with the card: owner, category, requisites and the first person."""
        data = self.cleaned_data
        legal = {name: data[name] for name in ("inn", "kpp", "ogrn", "legal_address")}
        person = {
            "full_name": data["person_name"],
            "position": data["person_position"],
            "phone": data["person_phone"],
            "email": data["person_email"],
            "is_decision_maker": data["person_decides"],
        }
        return {
            "manager_id": data.get("manager"),
            "category": data["category"] or None,
            "category_reason": data["category_reason"],
            "counterparty": legal | {"full_name": data["full_name"] or data["name"]}
            if data["inn"]
            else None,
            "person": person if data["person_name"] else None,
        }


class ArchiveForm(forms.Form):
    """Why a client goes to the archive."""

    version = WholeNumberField(widget=forms.HiddenInput)
    reason = CleanCharField(label=gettext_lazy("Why"), max_length=300)

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)


class TransferForm(forms.Form):
    """To whom clients go, from what day and why."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    expected = WholeNumberField(required=False, widget=forms.HiddenInput)
    manager = forms.TypedChoiceField(label=gettext_lazy("New manager"), coerce=int)
    on = RussianDateField(
        label=gettext_lazy("From what day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Reason"))
    note = CleanCharField(label=gettext_lazy("Note"), required=False, max_length=300)

    def __init__(self, data: Any = None, *, user: User, today: date, **options: Any) -> None:
        usual = {"on": today, "kind": ClientTransferReason.REBALANCE}
        super().__init__(data, initial=usual | options.pop("initial", {}), **options)
        people = [(str(p.pk), _person_with_unit(p)) for p in candidates(user)]
        self.fields["manager"].choices = [("", "—"), *people]  # type: ignore[attr-defined]
        reasons = [c for c in ClientTransferReason.choices if c[0] != ClientTransferReason.NEW]
        self.fields["kind"].choices = reasons  # type: ignore[attr-defined]
        self.fields["on"].widget.attrs["min"] = today.isoformat()


def _person_with_unit(person: User) -> str:
    return f"{person.full_name} · {person.org_unit}" if person.org_unit else person.full_name
