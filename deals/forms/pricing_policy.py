"""The form of a version of the pricing policy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.fields import CleanCharField, CleanTextField
from crm.forms import RecordForm, day_field
from deals.actions.pricing_policy import PolicyText

LONGEST = 40_000


class PolicyForm(RecordForm):
    """The text, what is new in it, and from which day it holds."""

    valid_from = day_field(_("In force from"))
    summary = CleanCharField(
        label=_("What has changed"),
        required=False,
        max_length=300,
        help_text=_("A sentence for the list of versions."),
    )
    text = CleanTextField(
        label=_("Text of the policy"),
        max_length=LONGEST,
        help_text=_("Paragraphs are divided by an empty line; versions are compared by lines."),
        widget=forms.Textarea(attrs={"rows": 22}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["valid_from"].widget.attrs["min"] = timezone.localdate().isoformat()

    def policy(self) -> PolicyText:
        """The values for the action."""
        return PolicyText(**self.new_values())
