"""Forms of meetings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.accounts.models import OrgUnit, User
from crm.calendar import add_working_days
from crm.fields import CleanCharField, CleanTextField, RussianDateTimeField
from crm.meetings import permissions
from crm.meetings.actions import Call
from crm.meetings.agenda import AgendaSource, Problem
from crm.meetings.models import AgendaPoint, Meeting, MeetingKind
from crm.people.forms import GroupedForm, PersonChoice, UnitChoice, VersionMixin, day_field
from crm.work.registry import setting

LONG = 8000


class PeopleChoice(forms.ModelMultipleChoiceField):
    """People with their role."""

    def label_from_instance(self, person: Any) -> str:
        return f"{person.short_name} · {person.get_role_display()}"


class MeetingForm(VersionMixin, GroupedForm):
    """A meeting that is called, or changed."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=MeetingKind.choices)
    unit = UnitChoice(label=gettext_lazy("Unit"), queryset=OrgUnit.objects.none())
    topic = CleanCharField(label=gettext_lazy("Topic"), max_length=200)
    held_at = RussianDateTimeField(
        label=gettext_lazy("Day and time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = CleanCharField(label=gettext_lazy("Place"), max_length=200, required=False)
    chair = PersonChoice(label=gettext_lazy("Chair"), queryset=User.objects.none())
    people = PeopleChoice(
        label=gettext_lazy("Participants"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    layout = (
        (gettext_lazy("What and when"), ("kind", "unit", "topic", "held_at", "place")),
        (gettext_lazy("People"), ("chair",)),
    )

    def __init__(self, data: Any = None, *, user: User, meeting: Meeting | None = None) -> None:
        super().__init__(data, initial=_initial(user, meeting))
        fields: dict[str, Any] = self.fields
        fields["unit"].queryset = permissions.units_for(user).order_by("path")
        chairs = permissions.chairs_for(user)
        if meeting is not None:
            fields["unit"].queryset = OrgUnit.objects.filter(pk=meeting.unit_id)
            chairs = chairs | User.objects.filter(pk=meeting.chair_id).distinct()
            for name in ("unit", "kind"):
                fields[name].disabled = True
        fields["chair"].queryset = chairs.order_by("sort_key", "pk")
        people = User.objects.visible_to(user).working()
        fields["people"].queryset = people.order_by("sort_key", "pk")

    def call(self) -> Call:
        """Plain values for the action."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        values["people"] = [one for one in values["people"] if one != values["chair"]]
        return Call(**values)


def _initial(user: User, meeting: Meeting | None) -> dict[str, Any]:
    if meeting is None:
        unit = permissions.units_for(user).filter(head=user).order_by("path").first()
        people = User.objects.working().filter(org_unit__path__startswith=unit.path) if unit else []
        tomorrow = add_working_days(timezone.localdate(), 1)
        at = datetime.combine(tomorrow, time(10), timezone.get_default_timezone())
        return {"unit": unit, "chair": user, "people": [p.pk for p in people], "held_at": at}
    names = ("kind", "unit", "topic", "held_at", "place", "chair", "version")
    people = list(meeting.participants.values_list("person", flat=True))
    return {**{name: getattr(meeting, name) for name in names}, "people": people}


class ProblemsForm(forms.Form):
    """Problems of the unit to be chosen for the agenda."""

    def __init__(
        self, data: Any = None, *, found: Iterable[tuple[AgendaSource, list[Problem]]]
    ) -> None:
        super().__init__(data)
        for source, rows in found:
            choices = [(str(row.pk), row) for row in rows]
            self.fields[source.key] = forms.MultipleChoiceField(
                label=str(source.label),
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def chosen(self) -> list[tuple[str, int]]:
        """Keys of kinds with ids of problems."""
        return [(key, int(pk)) for key, ids in self.cleaned_data.items() for pk in ids]


class PointForm(forms.Form):
    """An own point."""

    title = CleanCharField(label=gettext_lazy("What is to be discussed"), max_length=300)


class MinutesForm(VersionMixin, forms.Form):
    """What was said about a point."""

    text = CleanTextField(
        label=gettext_lazy("Minutes"),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionForm(forms.Form):
    """What was decided."""

    text = CleanCharField(label=gettext_lazy("Decision"), max_length=200)
    executor = PersonChoice(label=gettext_lazy("Assignee"), queryset=User.objects.none())
    due_on = day_field(label=pgettext_lazy("last day", "Due"))

    def __init__(self, data: Any = None, *, point: AgendaPoint, today: date) -> None:
        super().__init__(
            data, initial={"due_on": add_working_days(today, setting("work.due_days"))}
        )
        people: Any = self.fields["executor"]
        people.queryset = permissions.executors_for(point.meeting).order_by("sort_key", "pk")


class CancelForm(VersionMixin, forms.Form):
    """Why it does not take place."""

    reason = CleanCharField(label=gettext_lazy("Reason"), max_length=300)
