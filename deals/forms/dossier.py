"""The form of a client's paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.fields import CleanCharField
from crm.forms import VersionForm
from deals.forms.contracts import optional_day
from deals.models import ClientDocument, ClientDocumentKind


class ClientDocumentForm(VersionForm):
    """Kind, number and days."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ClientDocumentKind.choices)
    number = CleanCharField(label=_("Number"), max_length=100, required=False)
    issued_on = optional_day(_("Issued on"))
    valid_to = optional_day(_("Valid to"))
    note = CleanCharField(label=_("Note"), max_length=500, required=False)

    def __init__(
        self, data: Any = None, *, document: ClientDocument | None = None, **options: Any
    ) -> None:
        if document is not None:
            options["initial"] = {name: getattr(document, name) for name in self.base_fields}
        super().__init__(data, **options)
        self.fields["valid_to"].help_text = _("Empty: good for ever.")
