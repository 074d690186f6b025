"""Forms of personal links: ours to send one, the client's to answer by it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.fields import CleanCharField, CleanTextField, WholeNumberField
from crm.files import formats
from crm.forms import PlainForm
from deals.files import OF_ACTS

LONGEST_NAME, LONGEST_OBJECTION = 200, 500


class SendLinkForm(PlainForm):
    """Where the act goes."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    email = forms.EmailField(
        label=_("E-mail of the client"),
        max_length=254,
        help_text=_("One address. Earlier links to this act end."),
    )


class RevokeLinkForm(PlainForm):
    """Nothing to be filled in."""


class AnswerForm(PlainForm):
    """Who answers; nobody has proved it."""

    name = CleanCharField(
        label=_("Your name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    position = CleanCharField(
        label=_("Your position"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )


class ObjectForm(AnswerForm):
    """What the client does not agree with."""

    text = CleanTextField(
        label=_("What do you not agree with?"),
        max_length=LONGEST_OBJECTION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Documents, dates and sums that differ in your books."),
    )


class UploadForm(forms.Form):
    """A signed copy, or the client's own statement."""

    file = forms.FileField(
        label=_("Signed copy or your own statement"),
        allow_empty_file=True,  # refused with its reason by the check
        max_length=None,
        widget=forms.ClearableFileInput(
            attrs={"accept": formats.accepted(OF_ACTS), "class": "form-control"}
        ),
    )


def answer_values(form: AnswerForm) -> dict[str, Any]:
    """What the action takes."""
    return dict(form.cleaned_data)
