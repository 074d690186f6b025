"""Forms of control points and checks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.calendar import add_working_days
from crm.fields import CleanCharField, CleanTextField, CountField
from crm.people.forms import PersonChoice, VersionMixin, day_field
from crm.work.registry import setting
from reports.actions.control import Finding, NewCheck
from reports.models import ControlPoint, ItemResult, Severity, SpotCheckItem
from reports.permissions import control as permissions
from reports.sampling import sources


class PointChoice(forms.ModelChoiceField):
    """Control points with their process."""

    def label_from_instance(self, point: Any) -> str:
        return f"{point.process.label}: {point}"


class CheckForm(forms.Form):
    """A check to be planned."""

    point = PointChoice(label=gettext_lazy("Control point"), queryset=ControlPoint.objects.none())
    checked = PersonChoice(label=gettext_lazy("Who is checked"), queryset=User.objects.none())
    planned_on = day_field(label=gettext_lazy("Planned for"))
    period_from = day_field(label=gettext_lazy("Rows from"))
    period_to = day_field(label=gettext_lazy("Rows to"))
    size = CountField(label=gettext_lazy("Size of the sample"), min_value=1, max_value=200)
    is_sudden = forms.BooleanField(
        label=gettext_lazy("Without notice: the checked learns of it when it begins"),
        required=False,
        initial=True,
    )

    def __init__(self, data: Any = None, *, user: User, today: date, given: Any) -> None:
        days = setting("control.period_days")
        initial = {
            "planned_on": today,
            "period_from": today - timedelta(days=days),
            "period_to": today,
            "size": setting("control.sample_size"),
            "point": given.get("point"),
        }
        super().__init__(data, initial=initial)
        fields: dict[str, Any] = self.fields
        known = [key for key, _label in sources.choices()]
        points = ControlPoint.objects.in_use().filter(source__in=known)
        fields["point"].queryset = points.select_related("process")
        people = permissions.people_to_check(user)
        fields["checked"].queryset = people.distinct().order_by("sort_key", "pk")

    def new_check(self) -> NewCheck:
        """Plain values for the action."""
        return NewCheck(**self.cleaned_data)


class ItemForm(VersionMixin, forms.Form):
    """What was found of a row."""

    result = forms.ChoiceField(
        label=gettext_lazy("Result"), choices=ItemResult.choices, widget=forms.RadioSelect
    )
    note = CleanTextField(
        label=gettext_lazy("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity, of a violation"),
        choices=[("", "—"), *Severity.choices],
        required=False,
    )
    person = PersonChoice(
        label=gettext_lazy("Whose violation"), queryset=User.objects.none(), required=False
    )
    due_on = day_field(label=gettext_lazy("To be corrected by"), required=False)

    def __init__(self, data: Any = None, *, item: SpotCheckItem, today: date) -> None:
        due = item.due_on or add_working_days(today, setting("control.mend_days"))
        names = ("result", "note", "severity", "version")
        initial = {name: getattr(item, name) for name in names}
        initial |= {"due_on": due, "person": item.person_id}
        super().__init__(data, initial=initial)
        people: Any = self.fields["person"]
        people.queryset = permissions.covered(item.spot_check).order_by("sort_key", "pk")

    def finding(self) -> Finding:
        """Plain values for the action."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return Finding(**values)


class CompleteForm(VersionMixin, forms.Form):
    """The conclusion."""

    conclusion = CleanTextField(
        label=gettext_lazy("Conclusion"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class CallOffForm(VersionMixin, forms.Form):
    """Why a check does not take place."""

    reason = CleanCharField(label=gettext_lazy("Reason"), max_length=300)


class PointForm(VersionMixin, forms.Form):
    """A control point."""

    question = CleanCharField(label=gettext_lazy("Question"), max_length=300)
    norm = CleanCharField(label=gettext_lazy("Norm"), max_length=300)
    question_en = CleanCharField(
        label=gettext_lazy("Question, in English"), max_length=300, required=False
    )
    norm_en = CleanCharField(label=gettext_lazy("Norm, in English"), max_length=300, required=False)
    source = forms.ChoiceField(label=gettext_lazy("Rows of the sample"), required=False)
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False)

    def __init__(self, data: Any = None, *, point: ControlPoint) -> None:
        words = ("question", "norm", "question_en", "norm_en")
        names = (*words, "source", "is_active", "version")
        super().__init__(data, initial={name: getattr(point, name) for name in names})
        source: Any = self.fields["source"]
        source.choices = [("", "—"), *sources.choices()]
        if point.source and sources.get(point.source) is None:
            source.choices.append((point.source, point.source))
