"""What stands in the address of the pages of receivables."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.fields import CleanCharField, RussianDateField, WholeNumberField
from reports.pages.receivables_links import FILTERS, NONE, said
from reports.queries.receivables.grouping import LABELS

EARLIEST = date(2000, 1, 1)


class ReceivablesForm(forms.Form):
    """The day, the grouping, the narrowing and the part of the rows."""

    today: date
    as_of = RussianDateField(label=gettext_lazy("As of"), required=False)
    by = forms.ChoiceField(required=False, choices=list(LABELS.items()))
    page = WholeNumberField(required=False, min_value=1, max_value=100_000)
    due_from = RussianDateField(required=False)
    due_to = RussianDateField(required=False)
    client = CleanCharField(required=False, max_length=20)
    manager = CleanCharField(required=False, max_length=20)
    unit = CleanCharField(required=False, max_length=20)
    contract = CleanCharField(required=False, max_length=20)
    territory = CleanCharField(required=False, max_length=200)

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
    """The address as it was understood; BadRequest for what makes no sense.

    A day that is none of ours is refused by the form, and today stands for it.
    """

    def __init__(self, data: QueryDict, *, today: date, usual_by: str) -> None:
        self.form = form = ReceivablesForm(data)
        form.today = today
        if not form.is_valid() and set(form.errors) != {"as_of"}:
            raise BadRequest("receivables")
        values = form.cleaned_data
        self.today, self.earliest = today, EARLIEST
        self.as_of: date = values.get("as_of") or today
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
    if text == NONE:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise BadRequest(name)
    return int(text)
