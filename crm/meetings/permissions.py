"""Rights on meetings (CR-04): heads hold those of their units, directors any."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from crm.accounts.models import DIRECTORS, OrgUnit, User
from crm.accounts.scope import units_below
from crm.assignments.permissions import people_for
from crm.meetings.models import Meeting, MeetingState


def can_hold(user: User) -> bool:
    """Call a meeting: heads, whoever stands in for them, directors."""
    return user.is_active and (user.role in DIRECTORS or bool(units_below(user)))


def units_for(user: User) -> QuerySet[OrgUnit]:
    """Whose meetings the person holds."""
    rows: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(user).open()
    if user.is_active and user.role in DIRECTORS:
        return rows
    return rows.filter(pk__in=units_below(user)) if can_hold(user) else rows.none()


def chairs_for(user: User) -> QuerySet[User]:
    """Who may take the chair: oneself, a head below, a director."""
    rows: QuerySet[User] = User.objects.visible_to(user).working()
    heads = Q(headed_units__in=units_for(user).values("pk")) | Q(role__in=DIRECTORS)
    return rows.filter(Q(pk=user.pk) | heads).distinct()


def leads(user: User, meeting: Meeting) -> bool:
    """Keeps the agenda and the minutes: the chair and whoever called it."""
    return user.is_active and user.pk in {meeting.chair_id, meeting.called_by_id}


def can_prepare(user: User, meeting: Meeting) -> bool:
    """Change agenda, participants and minutes, until they are signed."""
    return meeting.state == MeetingState.PLANNED and leads(user, meeting)


def can_sign(user: User, meeting: Meeting) -> bool:
    """The chair alone."""
    planned = meeting.state == MeetingState.PLANNED
    return planned and user.is_active and user.pk == meeting.chair_id


def executors_for(meeting: Meeting) -> QuerySet[User]:
    """Who gets what was decided: participants, the chair, and whom the chair may assign work."""
    present = Q(meetings__meeting=meeting) | Q(pk=meeting.chair_id)
    assignable = people_for(meeting.chair, "assignment").values("pk")
    return User.objects.working().filter(present | Q(pk__in=assignable)).distinct()
