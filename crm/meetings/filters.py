"""Filters of the register of meetings."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.assignments.filters import Day, units
from crm.meetings.models import Meeting, MeetingKind, MeetingState

STEPS = (
    ("coming", gettext_lazy("Coming")),
    ("to_sign", gettext_lazy("Minutes to be signed")),
)


def by_step(rows: Any, _name: str, step: str) -> Any:
    """To come, or held without a signature."""
    now = timezone.now()
    return rows.coming(now) if step == "coming" else rows.to_sign(now)


def people(request: Any) -> Any:
    """Colleagues in the order of names."""
    return User.objects.visible_to(request.user).order_by("sort_key", "pk")


class MeetingFilter(filters.FilterSet):
    """What narrows the register."""

    step = filters.ChoiceFilter(label=gettext_lazy("Step"), choices=STEPS, method=by_step)
    kind = filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=MeetingKind.choices)
    state = filters.ChoiceFilter(label=gettext_lazy("State"), choices=MeetingState.choices)
    unit = filters.ModelChoiceFilter(label=gettext_lazy("Unit"), queryset=units)
    chair = filters.ModelChoiceFilter(label=gettext_lazy("Chair"), queryset=people)
    held_from = Day(label=gettext_lazy("Held, from"), field_name="held_at", lookup_expr="date__gte")
    held_to = Day(label=gettext_lazy("Held, to"), field_name="held_at", lookup_expr="date__lte")

    class Meta:
        model = Meeting
        fields = ()
