"""The form of a key for a program of 1C."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from crm.accounts.models import Role, User
from crm.fields import CleanCharField
from crm.forms import helper
from crm.imports.choices import PersonField


class KeyForm(forms.Form):
    """What the key is called and with whose rights it works."""

    name = CleanCharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("Which program it is for, e.g. “1C Accounting”."),
    )
    user = PersonField(
        User.objects.none(),
        label=gettext_lazy("Acts as"),
        help_text=gettext_lazy("What the program brings stands in the history under this name."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people = User.objects.working().filter(role__in=(Role.ACCOUNTANT, Role.ADMIN))
        self.fields["user"].queryset = people.order_by("sort_key", "pk")  # type: ignore[attr-defined]
        self.helper = helper()

    def new_values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return dict(self.cleaned_data)
