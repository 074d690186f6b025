"""Forms of target tasks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import Role, User
from crm.fields import CleanCharField, FigureField, PercentField
from crm.forms import PlainForm, VersionForm, day_field
from deals.forms.producers import PersonField
from reports.actions.targets import Task
from reports.models import TargetMeasure
from reports.parameters import MonthField
from reports.permissions import can_set_tasks_of

OWNERS = (Role.MANAGER, Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD)
LONG = forms.Textarea(attrs={"rows": 3})


class _TaskFields(forms.Form):
    """What a task says."""

    name = CleanCharField(label=_("Task"), max_length=200)
    measure = forms.ChoiceField(
        label=_("Actual"),
        choices=[("", _("The owner reports it")), *TargetMeasure.choices],
        required=False,
        help_text=_("What is calculated automatically is planned in per cent of what is due"),
    )
    weight = PercentField(label=_("Weight, %"))
    plan = FigureField(label=pgettext_lazy("figure", "Plan"))
    unit = CleanCharField(
        label=_("Measured in"), max_length=40, required=False, help_text=_("Pieces, clients, %")
    )
    due_on = day_field(_("By what day"))

    def task(self) -> Task:
        """The values for the action."""
        names = ("name", "weight", "plan", "unit", "due_on", "measure")
        return Task(**{name: self.cleaned_data[name] for name in names})


class NewTaskForm(PlainForm, _TaskFields):
    """A task of a person for a month."""

    owner = PersonField(User.objects.none(), label=_("Who"))
    month = MonthField(label=_("Month"))
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    field_order = ("owner", "month", "name", "measure", "weight", "plan", "unit", "due_on")

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        super().__init__(data, **options)
        people = User.objects.visible_to(user).working()
        people = people.filter(role__in=OWNERS).select_related("org_unit")
        allowed = [one.pk for one in people if can_set_tasks_of(user, one)]
        fields: Any = self.fields
        fields["owner"].queryset = User.objects.filter(pk__in=allowed).order_by("sort_key")

    def planned(self) -> tuple[int, date, Task]:
        """Whose, of which month, what."""
        return self.cleaned_data["owner"].pk, self.cleaned_data["month"], self.task()


class EditTaskForm(VersionForm, _TaskFields):
    """A draft."""


class ReportTaskForm(VersionForm):
    """What was reached and what proves it."""

    fact = FigureField(label=pgettext_lazy("figure", "Actual"))
    evidence = CleanCharField(label=_("What proves it"), max_length=4000, widget=LONG)


class AnswerForm(VersionForm):
    """What the owner says about a fact that is counted by itself."""

    evidence = CleanCharField(label=_("What the owner adds"), max_length=4000, widget=LONG)


class AcceptForm(VersionForm):
    """What was reported counts."""

    comment = CleanCharField(label=_("Comment"), max_length=500, required=False, widget=LONG)


class ReturnForm(VersionForm):
    """What was reported is to be told anew."""

    comment = CleanCharField(label=_("What is wrong"), max_length=500, widget=LONG)
