"""What stands in the address of the pages of receivables."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.fields import CleanCharField, RussianDateField, WholeNumberField
from crm.lists.state import NOT_KNOWN, not_understood
from reports.pages.receivables_links import FILTERS, NONE, said
from reports.queries.receivables.grouping import LABELS

EARLIEST = date(2000, 1, 1)


class KeyField(CleanCharField):
    """A row's id out of an address, or «none» for those without one."""

    def clean(self, value: Any) -> str:
        """The text; ValidationError for what names no row."""
        text: str = super().clean(value)
        if text and text != NONE and not (text.isascii() and text.isdigit() and len(text) < 16):
            raise ValidationError(NOT_KNOWN)
        return text


class ReceivablesForm(forms.Form):
    """The day, the grouping, the narrowing and the part of the rows."""

    today: date
    as_of = RussianDateField(label=gettext_lazy("As of"), required=False)
    by = forms.ChoiceField(
        label=gettext_lazy("Grouping"),
        required=False,
        choices=list(LABELS.items()),
        error_messages={"invalid_choice": NOT_KNOWN},
    )
    page = WholeNumberField(
        label=gettext_lazy("Page"), required=False, min_value=1, max_value=100_000
    )
    due_from = RussianDateField(label=gettext_lazy("Due from"), required=False)
    due_to = RussianDateField(label=gettext_lazy("Due by"), required=False)
    client = KeyField(label=gettext_lazy("Client"), required=False)
    manager = KeyField(label=gettext_lazy("Manager"), required=False)
    unit = KeyField(label=gettext_lazy("Unit"), required=False)
    contract = KeyField(label=gettext_lazy("Contract"), required=False)
    territory = CleanCharField(label=gettext_lazy("Territory"), required=False, max_length=200)

    def clean_as_of(self) -> date | None:
        """A day of our books, none that has not come."""
        day: date | None = self.cleaned_data["as_of"]
        if day is not None and not EARLIEST <= day <= self.today:
            first, last = (f"{one:%d.%m.%Y}" for one in (EARLIEST, self.today))
            raise ValidationError(
                _("Choose a day from %(first)s to %(last)s.") % {"first": first, "last": last}
            )
        return day


class Asked:
    """The address as it was understood; what makes no sense is refused by the form and left out."""

    def __init__(self, data: QueryDict, *, today: date, usual_by: str) -> None:
        self.form = form = ReceivablesForm(data)
        form.today = today
        form.is_valid()
        values: Any = defaultdict(lambda: None, form.cleaned_data)
        # The day has a field that says what is wrong with it; the others are said above the table.
        self.problems = [one for one in not_understood(form) if one.key != "as_of"]
        self.today, self.earliest = today, EARLIEST
        self.as_of: date = values["as_of"] or today
        self.by: str = values["by"] or usual_by
        self.page: int = values["page"] or 1
        self.due_from: date | None = values["due_from"]
        self.due_to: date | None = values["due_to"]
        self.where = {name: _value(name, values[name]) for name in FILTERS if values[name]}

    @property
    def day(self) -> str:
        """The day as its field shows it: what was typed where that is refused."""
        refused = self.form.errors.get("as_of")
        return str(self.form["as_of"].value()) if refused else self.as_of.isoformat()

    @property
    def said(self) -> dict[str, Any]:
        """The narrowing as the address says it."""
        return said(self.where)


def _value(name: str, text: str) -> Any:
    if name == "territory":
        return "" if text == NONE else text
    return None if text == NONE else int(text)
