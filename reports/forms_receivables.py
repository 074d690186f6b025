"""What stands in the address of the pages of receivables."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.http import QueryDict

from crm.fields import CleanCharField, RussianDateField, WholeNumberField
from reports.queries.receivables.grouping import LABELS
from reports.receivables_links import FILTERS, NONE, said

EARLIEST = date(2000, 1, 1)


class ReceivablesForm(forms.Form):
    """The day, the grouping, the narrowing and the part of the rows."""

    as_of = RussianDateField(required=False)
    by = forms.ChoiceField(required=False, choices=list(LABELS.items()))
    page = WholeNumberField(required=False, min_value=1, max_value=100_000)
    due_from = RussianDateField(required=False)
    due_to = RussianDateField(required=False)
    client = CleanCharField(required=False, max_length=20)
    manager = CleanCharField(required=False, max_length=20)
    unit = CleanCharField(required=False, max_length=20)
    contract = CleanCharField(required=False, max_length=20)
    territory = CleanCharField(required=False, max_length=200)


class Asked:
    """The address as it was understood; BadRequest for what makes no sense."""

    def __init__(self, data: QueryDict, *, today: date, usual_by: str) -> None:
        form = ReceivablesForm(data)
        if not form.is_valid():
            raise BadRequest("receivables")
        values = form.cleaned_data
        self.today = today
        self.as_of: date = values["as_of"] or today
        if not EARLIEST <= self.as_of <= today:
            raise BadRequest("as_of")
        self.by: str = values["by"] or usual_by
        self.page: int = values["page"] or 1
        self.due_from: date | None = values["due_from"]
        self.due_to: date | None = values["due_to"]
        self.where = {name: _value(name, values[name]) for name in FILTERS if values[name]}

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
