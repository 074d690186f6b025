"""Forms of claims against clients."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.actions.lawsuits import Stage
from claims.actions.outgoing import Sending, Wanted
from claims.actions.outgoing_moves import Answer
from claims.models import AnswerKind, OutgoingClaim, SentBy
from crm.fields import CleanCharField, CleanTextField, MoneyField
from deals.forms.contracts import VersionForm
from deals.forms.credit import PlainForm, day_field
from deals.forms.price_notices import chosen_keys

WITH, WITHOUT = "with", "without"
ACCRUALS = (
    (WITH, _("Penalty of the contract, else interest")),
    (WITHOUT, _("The debt only")),
)


def accrual_field() -> forms.ChoiceField:
    """Whether penalty and interest are claimed."""
    return forms.ChoiceField(
        label=_("On top of the debt"), choices=ACCRUALS, widget=forms.RadioSelect
    )


def received(form: forms.Form, name: str) -> tuple[str, bytes] | None:
    """The uploaded file of a field as name and bytes."""
    file = form.cleaned_data.get(name)
    return (file.name, file.read()) if file else None


class DraftForm(PlainForm):
    """Which invoices, to which day, what on top; the rows are ticked in the table."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    to = day_field(_("Count to the day, included"))
    accrual = accrual_field()
    note = CleanTextField(
        label=_("What the lawyer should know"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, today: date, **options: Any) -> None:
        initial = {"to": today, "accrual": WITH, "key": uuid4()}
        super().__init__(data, initial=initial, **options)
        self.fields["to"].widget.attrs["max"] = today.isoformat()

    @property
    def chosen(self) -> list[int]:
        """Keys of the ticked invoices, as they were sent."""
        return chosen_keys(self.data.getlist("invoices")) if self.is_bound else []  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """What is asked for."""
        values = self.cleaned_data
        with_accrual = values["accrual"] == WITH
        return Wanted(tuple(self.chosen), values["to"], with_accrual, values["note"])


class RecountForm(VersionForm):
    """Another day, or without penalty and interest."""

    to = day_field(_("Count to the day, included"))
    accrual = accrual_field()

    def recounting(self) -> dict[str, Any]:
        """What the action takes."""
        values = self.new_values()
        with_accrual = values.pop("accrual") == WITH
        return {**values, "with_accrual": with_accrual}


class SendForm(VersionForm):
    """How it went out; without proof the court leaves the lawsuit without motion."""

    sent_by = forms.ChoiceField(
        label=_("How"), choices=SentBy.choices, widget=forms.RadioSelect, initial=SentBy.POST
    )
    on = day_field(_("Sent on"))
    proof = CleanCharField(
        label=_("Number of the proof"),
        max_length=100,
        help_text=_("The number of the letter, or of the message of the operator."),
    )
    file = forms.FileField(
        label=_("Receipt with the list of contents"),
        required=False,
        help_text=_("The paper for the court; it can be added later."),
    )

    def sending(self) -> Sending:
        """What the action takes."""
        values = self.cleaned_data
        file = received(self, "file")
        return Sending(values["on"], values["sent_by"], values["proof"], file)


class AnswerForm(VersionForm):
    """What the client has answered."""

    kind = forms.ChoiceField(
        label=_("The client"), choices=AnswerKind.choices, widget=forms.RadioSelect
    )
    on = day_field(_("Received on"))
    text = CleanTextField(
        label=_("What they write"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    acknowledged = forms.BooleanField(
        label=_("The debt is acknowledged in writing by somebody with authority"),
        required=False,
        help_text=_("Then limitation begins again (article 203 of the Civil Code)."),
    )
    file = forms.FileField(label=_("The letter"), required=False)

    def answer(self) -> Answer:
        """What the action takes."""
        values = self.cleaned_data
        file = received(self, "file")
        return Answer(values["on"], values["kind"], values["text"], values["acknowledged"], file)


class AccrualForm(VersionForm):
    """What has come in all for penalty and interest."""

    amount = MoneyField(label=_("Paid of penalty and interest in all, ₽"))


class SatisfyForm(VersionForm):
    """How it was settled."""

    reason = CleanCharField(
        label=_("How it was settled"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed where penalty or interest is not asked for any more."),
    )


class PrepareForm(VersionForm):
    """To which court, counted to which day."""

    court = CleanCharField(label=_("Court"), max_length=200)
    to = day_field(_("Count to the day, included"))


class LawsuitCountForm(VersionForm):
    """Another day of what is asked of the court."""

    to = day_field(_("Count to the day, included"))


class LawsuitForm(VersionForm):
    """What becomes known of a lawsuit on its way."""

    court = CleanCharField(label=_("Court"), max_length=200)
    case_number = CleanCharField(label=_("Case number"), max_length=50, required=False)
    state_duty = MoneyField(label=_("Court fee, ₽"), required=False)


class StageForm(VersionForm):
    """The next stage with its day; the decision with what was awarded."""

    on = day_field(_("Date"))
    case_number = CleanCharField(label=_("Case number"), max_length=50, required=False)
    awarded = MoneyField(label=_("Awarded, ₽"), required=False)
    note = CleanCharField(
        label=_("Note"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, state: str, today: date, **options: Any) -> None:
        options["initial"] = {"on": today} | options.get("initial", {})
        super().__init__(data, **options)
        self.state = state
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        if state != "filed":
            del self.fields["case_number"]
        if state not in {"won", "settled"}:
            del self.fields["awarded"]

    def stage(self) -> Stage:
        """What the action takes."""
        values = self.new_values()
        del values["version"]
        return Stage(self.state, **values)

    def shown(self) -> dict[str, int]:
        """The version that was shown."""
        return {"version": self.new_values()["version"]}


def recount_initial(claim: OutgoingClaim, today: date) -> dict[str, Any]:
    """Today, with what the claim has on top."""
    accrual = WITH if claim.with_accrual else WITHOUT
    return {"version": claim.version, "to": today, "accrual": accrual}
