"""Forms of issued originals."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.fields import CleanCharField
from crm.originals.models import OriginalKind
from crm.people.forms import GroupedForm, PersonChoice, VersionMixin, day_field
from crm.work.registry import setting


class IssueForm(GroupedForm):
    """An original that is given out."""

    kind = forms.ChoiceField(label=_("Kind"), choices=OriginalKind.choices)
    item = CleanCharField(label=_("What"), max_length=200)
    number = CleanCharField(label=_("Number"), max_length=50, required=False)
    holder = PersonChoice(label=_("Who holds it"), queryset=User.objects.none())
    issued_on = day_field(label=_("Given out"))
    return_due = day_field(label=_("To be returned"))
    note = CleanCharField(label=_("Note"), max_length=300, required=False)

    layout = (
        (_("Original"), ("kind", "item", "number", "note")),
        (_("To whom and until when"), ("holder", "issued_on", "return_due")),
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        due = today + timedelta(days=setting("originals.days"))
        super().__init__(data, initial={"issued_on": today, "return_due": due})
        people: Any = self.fields["holder"]
        people.queryset = User.objects.working().order_by("sort_key", "pk")


class ProlongForm(VersionMixin, forms.Form):
    """A later day of the return."""

    return_due = day_field(label=_("To be returned"))
