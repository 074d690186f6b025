"""The client of an imported document."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, ngettext

from clients.importers.contact_kind import ClientField
from crm.accounts.models import User
from crm.fields import WholeNumberField
from deals.models import Shipment


class AssignForm(forms.Form):
    """Which client, and whether for all documents that call it the same."""

    version = WholeNumberField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, document: Shipment, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["version"].initial = document.version
        self.fields["client"] = ClientField(
            user,
            label=gettext_lazy("Client"),
            help_text=gettext_lazy("Code, INN or name."),
            widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
        )
        if document.client_text:
            self.fields["client"].initial = document.client_text
        alike = Shipment.objects.visible_to(user).counted().alike(document).count()
        if alike > 1:
            text = ngettext(
                "The same for the other document of “%(name)s”",
                "The same for all %(count)s documents of “%(name)s”",
                alike - 1,
            )
            self.fields["same_text"] = forms.BooleanField(
                label=text % {"count": alike, "name": document.client_text[:60]},
                required=False,
            )

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return {
            "client_id": self.cleaned_data["client"].pk,
            "version": self.cleaned_data["version"],
            "same_text": self.cleaned_data.get("same_text", False),
        }
