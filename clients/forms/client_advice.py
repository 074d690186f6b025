"""Forms of recommendations to clients."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.actions.client_advice import Advice
from clients.forms.events import group_choices
from clients.models import AdviceTopic
from crm.fields import CleanCharField, CleanTextField
from crm.forms import RecordForm, VersionForm, day_field


class AdviceForm(RecordForm):
    """What the client is advised."""

    topic = forms.ChoiceField(label=_("Topic"), choices=AdviceTopic.choices)
    group = forms.ChoiceField(label=_("Product group"), required=False)
    text = CleanTextField(
        label=_("Recommendation"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    given_on = day_field(pgettext_lazy("advice", "Given on"))

    def __init__(self, data: Any = None, **options: Any) -> None:
        today = timezone.localdate()
        super().__init__(data, **options)
        self.initial.setdefault("given_on", today)
        self.fields["given_on"].widget.attrs["max"] = today.isoformat()
        known = [self.record.group] if self.record is not None and self.record.group else []  # type: ignore[attr-defined]
        choices = [("", _("of no one group")), *group_choices(*known)]
        self.fields["group"].choices = choices  # type: ignore[attr-defined]

    def values(self) -> Advice:
        """What the action takes."""
        return Advice(**self.new_values())


class DoneForm(VersionForm):
    """When the client did it, and what it brought."""

    done_on = day_field(_("Put into practice on"))
    effect = CleanCharField(
        label=_("Result"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What it brought: turnover, stock, losses, in numbers where they are known."),
    )  # fmt: skip
