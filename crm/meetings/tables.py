"""The register of meetings."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lists import ALL, Column, Kind, ListSpec, View
from crm.meetings.filters import MeetingFilter
from crm.meetings.models import Meeting, MeetingState
from crm.shell.templatetags.shell import status_chip

TONES: dict[str, str] = {MeetingState.PLANNED: "info", MeetingState.SIGNED: "success"}


def state_chip(meeting: Meeting) -> str:
    """The state in words; held without a signature is what somebody has to do."""
    if meeting.is_planned and meeting.held_at < timezone.now():
        return status_chip(_("Minutes to be signed"), "warning")
    return status_chip(meeting.get_state_display(), TONES.get(meeting.state, "neutral"))


MEETINGS = ListSpec(
    name="meetings",
    model=Meeting,
    title=gettext_lazy("Meetings"),
    columns=[
        Column("topic", gettext_lazy("Topic"), link=True, sort="topic"),
        Column("held_at", gettext_lazy("Day and time"), sort="held_at"),
        Column("kind", gettext_lazy("Kind"), filter="kind"),
        Column(
            "unit", gettext_lazy("Unit"), value="unit.name", filter="unit", filter_value="unit_id"
        ),
        Column(
            "chair",
            gettext_lazy("Chair"),
            value="chair.short_name",
            sort="chair__sort_key",
            filter="chair",
            filter_value="chair_id",
        ),
        Column("state", gettext_lazy("State"), filter="state", render=state_chip),
        Column("decided", gettext_lazy("Decisions"), kind=Kind.NUMBER),
        Column("place", gettext_lazy("Place")),
    ],
    default_sort="-held_at",
    default_columns=["topic", "held_at", "kind", "unit", "chair", "state", "decided"],
    filters=MeetingFilter,
    search=lambda rows, text: rows.filter(topic__icontains=text),
    search_hint=gettext_lazy("Topic"),
    views=[
        ALL,
        View(gettext_lazy("Coming"), "step=coming&sort=held_at"),
        View(gettext_lazy("Minutes to be signed"), "step=to_sign"),
        View(gettext_lazy("Signed"), "state=signed"),
    ],
    page_template="meetings/meeting_list.html",
    empty_template="meetings/_meeting_none.html",
)
