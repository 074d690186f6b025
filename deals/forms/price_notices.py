"""What is noted about one notice of new prices, or about many at once."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.fields import CleanCharField, WholeNumberField
from crm.forms import PlainForm, day_field
from deals.actions.price_notices import Mark
from deals.models import PriceNoticeChannel, PriceNoticeState

MOST_CHOSEN = 500
_KEY = re.compile(r"[0-9]{1,15}", re.ASCII)
DAYS = {
    PriceNoticeState.SENT: _("Notified on"),
    PriceNoticeState.DELIVERED: _("Delivered on"),
    PriceNoticeState.FAILED: _("Known on"),
    PriceNoticeState.ACKNOWLEDGED: _("Acknowledged on"),
}
# What a mark says beside its day.
MORE = {PriceNoticeState.SENT: ("channel", "received"), PriceNoticeState.FAILED: ("reason",)}


class NoticeForm(PlainForm):
    """The day of the step, and what the step needs; `ids` are those of the chosen rows."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    ids = CleanCharField(required=False, max_length=12_000, widget=forms.HiddenInput)
    # Instead of them: the address of the work list whose rows are all meant, and their number.
    found = CleanCharField(required=False, max_length=4_000, widget=forms.HiddenInput)
    expected = WholeNumberField(required=False, widget=forms.HiddenInput)
    channel = forms.ChoiceField(label=_("How"), choices=PriceNoticeChannel.choices)
    on = day_field(_("Notified on"))
    received = forms.BooleanField(
        label=_("The client has it already"),
        required=False,
        help_text=_("Handed over, said on the telephone, or delivered the same day."),
    )
    reason = CleanCharField(
        label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, step: str, today: date, **options: Any) -> None:
        options["initial"] = {"on": today} | options.get("initial", {})
        super().__init__(data, **options)
        self.step = step
        self.fields["on"].label = DAYS[PriceNoticeState(step)]
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        for name in {"channel", "received", "reason"} - set(MORE.get(PriceNoticeState(step), ())):
            del self.fields[name]

    def mark(self) -> Mark:
        """The values for the action."""
        values = self.cleaned_data
        more = {name: values[name] for name in ("channel", "received", "reason") if name in values}
        return Mark(self.step, values["on"], **more)

    def chosen(self) -> list[int]:
        """Keys of the chosen rows; what is no key is left out."""
        return chosen_keys(self.cleaned_data["ids"].split(","))


class BackForm(PlainForm):
    """Why the last mark is taken back."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    reason = CleanCharField(
        label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


def chosen_keys(texts: list[str]) -> list[int]:
    """The keys among the texts, at most as many as a page can show."""
    return [int(text) for text in texts[:MOST_CHOSEN] if _KEY.fullmatch(text)]
