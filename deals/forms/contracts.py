"""Forms of contracts: the contract itself, signatures, reasons, parts, powers of attorney."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clients.forms.picking import ClientPickField
from clients.models import Client, Counterparty
from crm.accounts.models import OrgUnit, User
from crm.fields import (
    CleanCharField,
    CleanTextField,
    DaysField,
    MoneyField,
    PercentField,
)
from crm.forms import PlainForm, ReasonForm, RecordForm, VersionForm, day_field, helper
from crm.money import format_percent
from crm.work.registry import setting
from deals.forms.credit import LONGEST_DEFERRAL
from deals.models import (
    TEMPLATE_KINDS,
    Contract,
    ContractKind,
    DayType,
    DisagreementState,
    ObligationKind,
    Proposal,
)

OFFERED = ("penalty_pct_day", "penalty_cap_pct", "claim_response_days")


def optional_day(label: Any) -> Any:
    """A day that may stay empty."""
    field = day_field(label)
    field.required = False
    return field


class ContractForm(RecordForm):
    """A contract, or an addendum, of a known client."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ContractKind.choices)
    number = CleanCharField(
        label=_("Number"),
        max_length=100,
        required=False,
        help_text=_("Empty: the next number of the year."),
    )
    counterparty = forms.ModelChoiceField(
        label=_("Legal entity"), queryset=Counterparty.objects.none(), required=False
    )
    is_standard = forms.BooleanField(
        label=_("Standard text"),
        required=False,
        help_text=_("Own wording takes more endorsements and is signed by the director."),
    )
    subject = CleanCharField(label=_("Subject"), max_length=500, required=False)
    amount = MoneyField(
        label=_("Amount with VAT, ₽"),
        required=False,
        help_text=_("Over the whole term; empty: without a limit, the general director signs."),
    )
    starts_on = optional_day(_("In force from"))
    ends_on = optional_day(_("In force to"))
    auto_renew = forms.BooleanField(
        label=_("Renews automatically for the same term"), required=False
    )
    deferral_days = DaysField(
        label=_("Deferral, days"),
        required=False,
        max_value=LONGEST_DEFERRAL,
        help_text=_("Empty: as the category says."),
    )
    deferral_day_type = forms.ChoiceField(label=_("Counted in"), choices=DayType.choices)
    penalty_pct_day = PercentField(
        label=_("Penalty a day, %"),
        required=False,
        max_value=99,
        help_text=_("Empty: as the law says."),
    )
    penalty_cap_pct = PercentField(label=_("Penalty at most, %"), required=False)
    claim_response_days = DaysField(label=_("Answer to a claim within"), max_value=365)
    claim_day_type = forms.ChoiceField(label=_("Counted in"), choices=DayType.choices)
    deemed_agreed_days = DaysField(
        label=_("An unanswered act is agreed after, days"),
        required=False,
        max_value=365,
        help_text=_("Empty: never automatically."),
    )
    price_notice_days = DaysField(
        label=_("Notice of new prices, days before"),
        required=False,
        max_value=365,
        help_text=_("Empty: as the setting says; only a longer notice than that changes it."),
    )
    note = CleanTextField(
        label=_("Note"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,
        client: Client,
        parent: Contract | None = None,
        proposal: Proposal | None = None,
        **options: Any,
    ) -> None:
        if options.get("record") is None:
            promised = promised_by(proposal) if proposal else {}
            options["initial"] = self._offered(client, parent) | promised
        super().__init__(*args, **options)
        entities: Any = self.fields["counterparty"]
        entities.queryset = client.counterparties.filter(archived_at=None).order_by(
            "-is_main", "pk"
        )

    @staticmethod
    def _offered(client: Client, parent: Contract | None) -> dict[str, Any]:
        """The standard terms, or for an addendum what its contract is."""
        if parent is not None:
            return {
                "kind": parent.kind,
                "counterparty": parent.counterparty_id,
                "is_standard": False,
                "deferral_day_type": parent.deferral_day_type,
                "claim_response_days": parent.claim_response_days,
                "claim_day_type": parent.claim_day_type,
            }
        main = client.counterparties.filter(is_main=True, archived_at=None).first()
        offered = {name: setting(f"contract.{name}") for name in OFFERED}
        return {"is_standard": True, "counterparty": main.pk if main else None, **offered}


def promised_by(proposal: Proposal) -> dict[str, Any]:
    """What an accepted proposal says about its contract."""
    words = {"number": proposal.number, "day": f"{proposal.dated_on:%d.%m.%Y}"}
    return {
        "kind": ContractKind.SUPPLY,
        "subject": gettext("Goods of the proposal %(number)s of %(day)s") % words,
        "amount": proposal.total or None,
        "starts_on": timezone.localdate(),
        "note": "\n".join(text for text in (proposal.terms, _retro_of(proposal)) if text),
    }


def _retro_of(proposal: Proposal) -> str:
    """The retro bonus that the proposal promises, in words."""
    if not proposal.retro_pct:
        return proposal.retro_terms
    promised = gettext("Retro bonus %(pct)s") % {"pct": format_percent(proposal.retro_pct)}
    return f"{promised}. {proposal.retro_terms}".strip()


class ContractStartForm(forms.Form):
    """Whose contract it will be."""

    client = ClientPickField(
        label=_("Client"),
        widget=forms.TextInput(attrs={"list": "client-options", "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["client"].user = user  # type: ignore[attr-defined]
        self.helper = helper()


class SignForm(VersionForm):
    """The day of our signature."""

    on = day_field(_("Signed on"))


class ClientSignForm(VersionForm):
    """Who signed for the client, on what grounds and when."""

    signatory = CleanCharField(label=_("Who signed for the client"), max_length=200)
    authority = CleanCharField(
        label=_("Acting by"),
        max_length=200,
        help_text=_("The charter, or a power of attorney with number and day."),
    )
    on = day_field(_("Signed on"))


class EndForm(ReasonForm):
    """The day on which a contract ends before its term."""

    on = day_field(_("The last day"))
    field_order = ("on", "reason")


class DisagreementForm(PlainForm):
    """A clause in two wordings."""

    clause = CleanCharField(label=_("Clause"), max_length=50)
    ours = CleanTextField(
        label=_("Our wording"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    theirs = CleanTextField(
        label=_("The client's wording"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    proposed = CleanTextField(
        label=_("Proposed solution"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SettleForm(VersionForm):
    """A solution, and the wording on which the sides agree."""

    state = forms.ChoiceField(
        label=_("State"), choices=DisagreementState.choices, widget=forms.RadioSelect
    )
    proposed = CleanTextField(
        label=_("Proposed solution"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    agreed = CleanTextField(
        label=_("Agreed wording"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ObligationForm(PlainForm):
    """What a department has to do, and by when."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ObligationKind.choices)
    text = CleanCharField(label=_("What has to be done"), max_length=500)
    org_unit = forms.ModelChoiceField(label=_("Department"), queryset=OrgUnit.objects.none())
    due_on = day_field(pgettext_lazy("last day", "Due"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        units: Any = self.fields["org_unit"]
        units.queryset = OrgUnit.objects.open().in_tree_order()


class FulfilForm(VersionForm):
    """When it was done and what shows it."""

    on = day_field(_("Done on"))
    evidence = CleanCharField(
        label=_("What shows it"),
        max_length=500,
        help_text=_("For example the number and day of the act."),
    )


class PowerForm(PlainForm):
    """A power of attorney."""

    number = CleanCharField(label=_("Number"), max_length=50)
    agent = forms.ModelChoiceField(label=_("Who may sign"), queryset=User.objects.none())
    issued_on = day_field(_("Issued on"))
    valid_to = day_field(_("Valid to"))
    limit = MoneyField(
        label=_("For contracts up to, ₽"),
        required=False,
        help_text=_("Empty: as far as the office goes."),
    )
    issued_by = CleanCharField(label=_("Issued by"), max_length=200)

    def __init__(self, data: Any = None, *, today: date, **options: Any) -> None:
        super().__init__(data, initial={"issued_on": today}, **options)
        people: Any = self.fields["agent"]
        people.queryset = User.objects.working().order_by("sort_key", "pk")


class TemplateForm(PlainForm):
    """A text that contracts of a kind are made from."""

    kind = forms.ChoiceField(label=_("Kind"), choices=TEMPLATE_KINDS)
    name = CleanCharField(label=_("Name"), max_length=200)
