"""Meetings with their participants, points of the agenda, minutes and decisions."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Deferrable, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.assignments.models import WorkItem
from crm.history import track
from crm.meetings.querysets import MeetingQuerySet, PartQuerySet


class MeetingKind(models.TextChoices):
    BRIEFING = "briefing", pgettext_lazy("meeting", "Briefing")
    MEETING = "meeting", pgettext_lazy("meeting", "Meeting")


class MeetingState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    SIGNED = "signed", pgettext_lazy("meeting", "Minutes signed")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")


MEETING_MOVES: dict[str, set[str]] = {
    MeetingState.PLANNED: {MeetingState.SIGNED, MeetingState.CANCELLED},
    MeetingState.SIGNED: set(),
    MeetingState.CANCELLED: set(),
}


def minutes_are_locked() -> pgtrigger.Trigger:
    """Trigger that refuses to change or delete a meeting whose minutes are signed."""
    return pgtrigger.Trigger(
        name="minutes_are_locked",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        level=pgtrigger.Row,
        condition=pgtrigger.Condition("OLD.state = 'signed'"),
        func=(
            "RAISE EXCEPTION 'minutes that are signed do not change'"
            " USING ERRCODE = 'check_violation';"
        ),
    )


def part_is_locked() -> pgtrigger.Trigger:
    """Trigger that refuses to add, change or delete a part of signed minutes."""
    return pgtrigger.Trigger(
        name="part_is_locked",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        level=pgtrigger.Row,
        declare=[("meeting", "bigint")],
        func=(
            "IF TG_OP = 'DELETE' THEN meeting := OLD.meeting_id;"
            " ELSE meeting := NEW.meeting_id; END IF;"
            " IF EXISTS (SELECT 1 FROM meetings_meeting"
            " WHERE id = meeting AND state = 'signed')"
            " OR (TG_OP = 'UPDATE' AND NEW.meeting_id <> OLD.meeting_id) THEN"
            " RAISE EXCEPTION 'minutes that are signed do not change'"
            " USING ERRCODE = 'check_violation'; END IF;"
            " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
        ),
    )


@track()
class Meeting(models.Model):
    """One briefing or meeting of a unit; its minutes do not change once the chair has signed."""

    kind = models.CharField(_("kind"), max_length=8, choices=MeetingKind.choices)
    unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, related_name="meetings", verbose_name=_("unit")
    )
    topic = models.CharField(_("topic"), max_length=200)
    held_at = models.DateTimeField(_("day and time"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="chaired_meetings",
        verbose_name=_("chair"),
    )
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("called by")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=MeetingState.choices, default=MeetingState.PLANNED
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signed by"),
    )
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    cancel_reason = models.CharField(_("why cancelled"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("meeting", "meeting")
        verbose_name_plural = pgettext_lazy("meeting", "meetings")
        ordering = ("-held_at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(topic=""), name="meeting_has_topic"),
            models.CheckConstraint(
                condition=Q(state="signed", signed_by__isnull=False, signed_at__isnull=False)
                | (~Q(state="signed") & Q(signed_by=None, signed_at=None)),
                name="meeting_signed_has_signature",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None) | Q(signed_by=models.F("chair")),
                name="meeting_signed_by_chair",
            ),
            models.CheckConstraint(
                condition=(Q(state="cancelled") & ~Q(cancel_reason=""))
                | (~Q(state="cancelled") & Q(cancel_reason="")),
                name="meeting_cancelled_has_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-held_at", "-id"], name="meeting_by_day"),
            models.Index(fields=["unit", "kind", "-held_at"], name="meeting_of_unit"),
        ]
        triggers: ClassVar = [minutes_are_locked()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {timezone.localtime(self.held_at):%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:detail", args=[self.pk])

    @property
    def is_planned(self) -> bool:
        """Agenda and minutes may change."""
        return self.state == MeetingState.PLANNED


@track()
class Participant(models.Model):
    """Who is invited, and who did not come."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="participants")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="meetings",
        verbose_name=_("participant"),
    )
    was_absent = models.BooleanField(_("was absent"), default=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ("person__sort_key", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "person"], name="participant_once"),
        ]
        triggers: ClassVar = [part_is_locked()]

    def __str__(self) -> str:
        return str(self.person)


@track()
class AgendaPoint(models.Model):
    """A point: an open problem as it stood when it was chosen, or the chair's own words."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="points")
    position = models.PositiveSmallIntegerField(_("place"))
    # As registered with crm.meetings.agenda; empty for an own point.
    source = models.CharField(max_length=30, blank=True)
    source_id = models.PositiveBigIntegerField(null=True, blank=True)
    title = models.CharField(_("point"), max_length=300)
    facts = models.CharField(_("facts"), max_length=300, blank=True)
    url = models.CharField(max_length=300, blank=True)
    minutes = models.TextField(_("minutes"), blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("point of the agenda")
        verbose_name_plural = _("points of the agenda")
        ordering = ("position", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "position"],
                name="point_one_per_place",
                deferrable=Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["meeting", "source", "source_id"],
                condition=~Q(source=""),
                name="point_of_problem_once",
            ),
            models.CheckConstraint(
                condition=Q(source="", source_id=None)
                | (~Q(source="") & Q(source_id__isnull=False)),
                name="point_source_is_whole",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="point_is_named"),
        ]
        triggers: ClassVar = [part_is_locked()]

    def __str__(self) -> str:
        return self.title


@track()
class ActionItem(models.Model):
    """A decision: what, who, until when. The signature makes a work item of it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    point = models.ForeignKey(AgendaPoint, models.CASCADE, related_name="decisions")
    text = models.CharField(_("decision"), max_length=200)
    executor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="action_items",
        verbose_name=_("assignee"),
    )
    due_on = models.DateField(pgettext_lazy("last day", "due"))
    work = models.OneToOneField(
        WorkItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decision",
        verbose_name=_("work item"),
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("point__position", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="decision_says_something"),
        ]
        triggers: ClassVar = [part_is_locked()]

    def __str__(self) -> str:
        return self.text
