"""What participants of meetings are told."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.meetings.models import Meeting
from crm.notices.actions import notify_many
from crm.said import in_each_language
from crm.work.registry import setting

TITLES = {
    "meeting.called": _("%(kind)s on %(at)s: %(topic)s, chair %(chair)s"),
    "meeting.moved": _("Another time, %(at)s: %(topic)s"),
    "meeting.cancelled": _("Cancelled: %(topic)s, %(at)s. %(reason)s"),
    "meeting.reminder": _("%(at)s: %(topic)s, chair %(chair)s"),
    "meeting.to_sign": _("Minutes to be signed: %(topic)s, %(at)s"),
}


def tell_of_call(meeting: Meeting, *, moved: bool = False) -> None:
    """Participants are told once, and once more of each other time."""
    kind = "meeting.moved" if moved else "meeting.called"
    key = f"meeting.called:{meeting.pk}" + (f":{meeting.version}" if moved else "")
    _tell(meeting, _people(meeting) - {meeting.called_by_id}, kind, key)


def tell_of_cancelling(meeting: Meeting) -> None:
    """Participants are told why it does not take place."""
    people = _people(meeting) - {meeting.called_by_id}
    _tell(meeting, people, "meeting.cancelled", f"meeting.cancelled:{meeting.pk}")


@transaction.atomic
def remind_of_meetings(*, today: date) -> int:
    """Daily 07:50: participants before the day and on it, the chair of minutes not signed."""
    if today < timezone.localdate():
        return 0
    ahead = setting("meetings.remind_days")
    told = 0
    for meeting in Meeting.objects.planned().select_related("chair").order_by("pk"):
        day = timezone.localtime(meeting.held_at).date()
        if day in {today, today + timedelta(days=ahead)}:
            key = f"meeting.reminder:{meeting.pk}:{meeting.held_at:%Y%m%d%H%M}:{today}"
            told += _tell(meeting, _people(meeting), "meeting.reminder", key)
        elif day < today:
            key = f"meeting.to_sign:{meeting.pk}"
            told += _tell(meeting, {meeting.chair_id}, "meeting.to_sign", key)
    return told


def _people(meeting: Meeting) -> set[int]:
    return {meeting.chair_id, *meeting.participants.values_list("person", flat=True)}


def _tell(meeting: Meeting, people: set[int], kind: str, key: str) -> int:
    return notify_many(
        sorted(people),
        kind=kind,
        params={
            "kind": in_each_language(meeting.get_kind_display),
            "topic": meeting.topic,
            "chair": meeting.chair.short_name,
            "at": f"{timezone.localtime(meeting.held_at):%d.%m.%Y %H:%M}",
            "reason": meeting.cancel_reason,
        },
        url=meeting.get_absolute_url(),
        dedupe_key=key,
    )
