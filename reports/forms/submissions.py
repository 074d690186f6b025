"""Forms of the catalogue of reports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.accounts.models import Role
from crm.fields import CleanCharField, CleanTextField
from crm.people.forms import VersionMixin
from reports import registry
from reports.models import DueRule, ReportDefinition, ReportPeriod, ReportSubmission

NAMES = (
    "code", "title", "title_en", "period", "due_rule", "due_number", "author_role",
    "recipient_role", "report_name", "is_active",
)  # fmt: skip


class DefinitionForm(VersionMixin, forms.Form):
    """A report of the catalogue."""

    title = CleanCharField(label=gettext_lazy("Title"), max_length=200)
    title_en = CleanCharField(
        label=gettext_lazy("Title in English"), max_length=200, required=False
    )
    code = forms.SlugField(label=gettext_lazy("Code"), max_length=40)
    period = forms.ChoiceField(label=gettext_lazy("Period"), choices=ReportPeriod.choices)
    due_rule = forms.ChoiceField(label=pgettext_lazy("last day", "Due"), choices=DueRule.choices)
    due_number = forms.IntegerField(label=gettext_lazy("Which day (n)"), min_value=1, max_value=31)
    author_role = forms.ChoiceField(label=gettext_lazy("Who hands it in"), choices=Role.choices)
    recipient_role = forms.ChoiceField(label=gettext_lazy("To whom"), choices=Role.choices)
    report_name = forms.ChoiceField(label=gettext_lazy("Report of the product"), required=False)
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False)

    def __init__(self, data: Any = None, *, row: ReportDefinition | None) -> None:
        shown = row or ReportDefinition()
        initial = {name: getattr(shown, name) for name in NAMES}
        super().__init__(data, initial={**initial, "version": shown.version})
        name: Any = self.fields["report_name"]
        name.choices = [("", "—"), *((one.name, one.title) for one in registry.reports())]

    def values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return {name: self.cleaned_data[name] for name in NAMES}


class SubmitForm(VersionMixin, forms.Form):
    """What is handed in, beside the files."""

    note = CleanTextField(
        label=gettext_lazy("What is reported"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    report_query = CleanCharField(
        label=gettext_lazy("Parameters of the report"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("As they stand in the address of the report after the “?”."),
    )

    def __init__(self, data: Any = None, *, row: ReportSubmission) -> None:
        first = row.period_start
        query = row.report_query or f"period={first:%Y-%m}"
        initial = {"version": row.version, "note": row.note, "report_query": query}
        super().__init__(data, initial=initial)
        if not row.definition.report_name:
            del self.fields["report_query"]

    def values(self) -> dict[str, Any]:
        """Plain values for the action."""
        return {"report_query": "", **self.cleaned_data}


class ReturnForm(VersionMixin, forms.Form):
    """Why it goes back."""

    reason = CleanCharField(label=gettext_lazy("Reason"), max_length=300)
