"""Forms of escalations: what is handed up and what was tried, how it was settled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.actions.escalations import Matter
from claims.models import EscalationKind
from crm.fields import CleanCharField
from deals.forms.contracts import VersionForm
from deals.forms.credit import PlainForm

LONG = forms.Textarea(attrs={"rows": 3})
OF_CLIENT = (EscalationKind.CONFLICT, EscalationKind.RECEIVABLES)


class EscalateForm(PlainForm):
    """A fiasco: what it is about and what was tried."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, kind.label) for kind in OF_CLIENT]
    )
    subject = CleanCharField(label=_("What it is about"), max_length=300)
    tried = CleanCharField(label=_("What was tried"), max_length=4000, widget=LONG)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, matter: Matter, **options: Any) -> None:
        super().__init__(data, **options)
        self.matter = matter
        if matter.kind:  # the record says what kind it is
            del self.fields["kind"]

    def asked(self) -> dict[str, Any]:
        """The values for the action."""
        values = self.cleaned_data
        said = {name: values[name] for name in ("kind", "subject", "tried") if name in values}
        return {"matter": replace(self.matter, **said), "key": values["key"]}


class SettleForm(VersionForm):
    """How it was settled."""

    outcome = CleanCharField(label=_("How it was settled"), max_length=4000, widget=LONG)


class HandHigherForm(VersionForm):
    """What this level has tried in vain."""

    tried = CleanCharField(label=_("What was tried"), max_length=4000, widget=LONG)
