"""Forms of proposals: the line editor, sending, the client's answer."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.forms.picking import ClientPickField
from crm.accounts.models import User
from crm.fields import CleanCharField, CleanTextField, PercentField, WholeNumberField
from crm.forms import PlainForm, RecordForm, day_field
from crm.work.registry import setting
from deals.actions.proposals import ProposalHead
from deals.forms.credit import NOTE_LENGTH
from deals.forms.lines import LinesEditor
from deals.forms.orders import OrderLineForm
from deals.models import PriceKind, ProposalChannel
from deals.ordering.order_goods import PriceCheck


class ProposalForm(RecordForm):
    """The head of a proposal."""

    client = ClientPickField(
        label=_("Client"),
        widget=forms.TextInput(attrs={"list": "client-options", "autocomplete": "off"}),
    )
    valid_to = day_field(_("Valid until, inclusive"))
    price_kind = forms.ChoiceField(label=_("Price type"), choices=PriceKind.choices)
    is_individual = forms.BooleanField(
        label=_("Individual"),
        required=False,
        help_text=_("To clients of category A always, of B by request."),
    )
    terms = CleanTextField(
        label=_("Terms"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    retro_pct = PercentField(
        label=_("Retro bonus, %"),
        required=False,
        max_value=Decimal("99.99"),
        help_text=_(
            "Lowers the real price; below the lowest price the proposal goes for approval."
        ),
    )
    retro_terms = CleanTextField(
        label=_("Terms of the retro bonus"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        if options.get("record") is None:
            last = timezone.localdate() + timedelta(days=setting("proposal.valid_days"))
            options["initial"] = {"valid_to": last} | options.get("initial", {})
        super().__init__(*args, **options)
        pick: Any = self.fields["client"]
        pick.user = user

    def head(self) -> ProposalHead:
        """The values for the action."""
        names = ProposalHead.__dataclass_fields__
        said = {name: self.cleaned_data[name] for name in names}
        return ProposalHead(**said | {"retro_pct": said["retro_pct"] or Decimal(0)})


class ProposalEditor(LinesEditor):
    """A proposal with its lines; prices below the lowest are for others to decide."""

    head_form = ProposalForm
    line_form = OrderLineForm
    first_lines = 1

    def prices_allowed(self, day: Any) -> bool:
        """Put what the price list does not allow beside its lines."""
        kind = self.head.cleaned_data["price_kind"]
        return self.mark(PriceCheck(self.lines(), kind, day, lowest_holds=False).problems())


class SendForm(PlainForm):
    """How and when it went to the client."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    channel = forms.ChoiceField(label=_("Sent by"), choices=ProposalChannel.choices)
    on = day_field(_("Sent on"))


class AcceptForm(PlainForm):
    """The client agrees."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    on = day_field(_("Accepted on"))
    order = forms.BooleanField(label=_("Make a draft of the order"), required=False, initial=True)


class DeclineForm(PlainForm):
    """The client does not want it."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    on = day_field(_("Declined on"))
    reason = CleanCharField(
        label=_("Reason"), max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )
