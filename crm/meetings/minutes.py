"""Minutes on paper, in Russian: PDF and DOCX of the same values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm import papers
from crm.accounts.models import User
from crm.meetings.models import Meeting
from crm.meetings.pages import MeetingPage, Point
from crm.said import spoken

PAPERS = Path(__file__).parent / "papers"


def pdf_of(meeting: Meeting, user: User) -> bytes:
    """The minutes as PDF; facts that the person may not read are left out."""
    return papers.typeset(PAPERS / "minutes.typ", values_of(meeting, user))


def docx_of(meeting: Meeting, user: User) -> bytes:
    """The same by the template of Word."""
    template = (PAPERS / "minutes.docx").read_bytes()
    return papers.fill_docx(template, values_of(meeting, user))


def values_of(meeting: Meeting, user: User) -> dict[str, Any]:
    """Everything that the minutes say."""
    with translation.override("ru"):
        page = MeetingPage(meeting, user, timezone.now())
        at = timezone.localtime(meeting.held_at)
        values = {
            "kind": meeting.get_kind_display(),
            "unit": meeting.unit.name,
            "topic": meeting.topic,
            "held_at": f"{at:%d.%m.%Y %H:%M}",
            "place": meeting.place,
            "chair": meeting.chair.full_name,
            "chair_short": meeting.chair.short_name,
            "present": ", ".join(_names(page, absent=False)),
            "absent": ", ".join(_names(page, absent=True)),
            "points": [_point(one) for one in page.points],
            "signed": _signature(meeting),
        }
        return dict(spoken(values))


def _names(page: MeetingPage, *, absent: bool) -> list[str]:
    return [one.person.short_name for one in page.people if one.was_absent is absent]


def _signature(meeting: Meeting) -> str:
    if meeting.signed_at is None:
        return ""
    at = timezone.localtime(meeting.signed_at)
    return f"{at:%d.%m.%Y %H:%M}"


def _point(one: Point) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.point.title,
        "facts": one.facts,
        "minutes": "\n".join(filter(None, (one.point.minutes, one.point.get_outcome_display()))),
        "decisions": [
            {
                "text": decided.decision.text,
                "who": decided.decision.executor.short_name,
                "due": decided.decision.due_on,
                "number": decided.decision.work.number if decided.decision.work else "",
            }
            for decided in one.decisions
        ],
    }


def file_name(meeting: Meeting, suffix: str) -> str:
    """A name that every file system takes, Russian as the minutes are."""
    day = timezone.localtime(meeting.held_at)
    with translation.override("ru"):
        title = _("Minutes of %(day)s") % {"day": f"{day:%d.%m.%Y}"}
    return f"{title}.{suffix}"
