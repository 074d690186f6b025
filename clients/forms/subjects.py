"""Forms of requests about personal data and of acts of destruction."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import SubjectChannel, SubjectRequestKind, SubjectRequestState
from crm.fields import CleanCharField, CleanTextField, RussianDateField, WholeNumberField

OUTCOMES = (
    (SubjectRequestState.ANSWERED, _("Answered")),
    (SubjectRequestState.REFUSED, _("Rejected on a legal ground")),
)
DECISIONS = (
    ("approve", pgettext_lazy("decision", "Approve: the data will be destroyed")),
    ("decline", pgettext_lazy("decision", "Decline")),
)


def _text(label: Any, length: int, *, required: bool = True, help_text: Any = "") -> CleanTextField:
    area = forms.Textarea(attrs={"rows": 4})
    return CleanTextField(
        label=label, max_length=length, required=required, widget=area, help_text=help_text
    )


class SubjectRequestForm(forms.Form):
    """What a person asks, how and when."""

    kind = forms.ChoiceField(label=_("What is asked"), choices=SubjectRequestKind.choices)
    channel = forms.ChoiceField(label=_("How"), choices=SubjectChannel.choices)
    received_on = RussianDateField(label=_("Received on"))
    note = _text(_("Words of the person"), 2000, required=False)

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"received_on": today})

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)


class VersionForm(forms.Form):
    """What all forms of a record carry."""

    version = WholeNumberField(widget=forms.HiddenInput)

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)


class AnswerForm(VersionForm):
    """The answer to a request."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=OUTCOMES)
    answer = _text(
        _("Answer"), 4000, help_text=_("What was told or done; the legal ground if it is rejected")
    )


class ExtendForm(VersionForm):
    """Why the term is extended."""

    reason = CleanCharField(label=_("Reason"), max_length=300)


class ProposeForm(forms.Form):
    """Why data is to be destroyed."""

    request = WholeNumberField(required=False, widget=forms.HiddenInput)
    reason = _text(_("Reason"), 1000)

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        found = self.cleaned_data
        return {"reason": found["reason"], "request_id": found["request"] or None}


class DecideForm(VersionForm):
    """Approve or decline."""

    decision = forms.ChoiceField(label=_("Decision"), choices=DECISIONS)
    comment = CleanCharField(
        label=_("Comment"), max_length=500, required=False, help_text=_("Why not, when declined")
    )

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        found = self.cleaned_data
        return {
            "version": found["version"],
            "approve": found["decision"] == "approve",
            "comment": found["comment"],
        }
