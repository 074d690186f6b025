"""Forms of reconciliations: a day of the half-year, a client of the schedule, an emergency."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.forms.picking import ClientPickField
from clients.models import Client
from crm.accounts.models import User
from crm.fields import CleanCharField
from crm.forms import PlainForm, VersionForm, day_field
from deals.actions.reconciliations import Emergency
from deals.models import Contract, EmergencyReason, ReconciliationSchedule

COMMENT_LENGTH = 500


class MoveForm(VersionForm):
    """Another day of the reconciliation."""

    as_of = day_field(_("As of"))


class AddForm(PlainForm):
    """Which client on which day of the half-year."""

    client = ClientPickField(
        label=_("Client"),
        widget=forms.TextInput(attrs={"list": "client-options", "autocomplete": "off"}),
    )
    as_of = day_field(_("As of"))

    def __init__(
        self, data: Any = None, *, user: User, schedule: ReconciliationSchedule, **options: Any
    ) -> None:
        super().__init__(data, initial={"as_of": schedule.last_day}, **options)
        self.fields["client"].user = user  # type: ignore[attr-defined]
        limits = {"min": schedule.first_day.isoformat(), "max": schedule.last_day.isoformat()}
        self.fields["as_of"].widget.attrs.update(limits)


class EmergencyForm(PlainForm):
    """Why a reconciliation beyond the schedule is needed, as of which day, of which contract."""

    reason = forms.ChoiceField(
        label=_("Why it is needed"), choices=[("", "—"), *EmergencyReason.choices]
    )
    as_of = day_field(_("As of"))
    contract = forms.ModelChoiceField(
        label=_("Contract"),
        queryset=Contract.objects.none(),
        required=False,
        empty_label=_("All contracts"),
    )
    comment = CleanCharField(
        label=_("Comment"),
        required=False,
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, data: Any = None, *, client: Client, user: User, today: date, **options: Any
    ) -> None:
        super().__init__(data, initial={"as_of": today}, **options)
        contracts = Contract.objects.visible_to(user).filter(client=client, parent=None)
        self.fields["contract"].queryset = contracts  # type: ignore[attr-defined]
        self.fields["as_of"].widget.attrs["max"] = today.isoformat()

    def asked(self) -> Emergency:
        """The values for the action."""
        values, contract = self.cleaned_data, self.cleaned_data["contract"]
        return Emergency(
            values["reason"],
            values["as_of"],
            values["comment"],
            contract.pk if contract is not None else None,
        )
