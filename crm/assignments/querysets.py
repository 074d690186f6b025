"""Reads of work items."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from crm.accounts.querysets import names_of, own_columns
from crm.accounts.scope import scope_of, units_below

if TYPE_CHECKING:
    from crm.accounts.models import User

OPEN = ("new", "accepted", "answered", "action_taken", "returned")
TO_DO = ("new", "accepted", "returned")  # together with answered ones that were given downwards
GIVEN = ("assignment", "instruction", "order")
DIRECTORS = ("director", "general_director")
PEOPLE = ("author", "executor")


def undone() -> Q:
    """The executor has not done the own part: of what is only asked, an answer is enough."""
    return Q(state__in=TO_DO) | Q(state="answered", kind__in=GIVEN)


def late(today: date) -> Q:
    """Of open ones: not done and the day has gone by, or not answered by the day of the answer."""
    unanswered = Q(state__in=OPEN, answered_on=None, feedback_due__lt=today)
    return unanswered | (undone() & Q(due_on__lt=today))


def in_time() -> Q:
    """Done by the executor not later than the due day (TASK-1)."""
    acted = Q(action_on__lte=F("due_on"))
    return acted | Q(action_on=None, answered_on__lte=F("due_on"))


class WorkItemQuerySet(models.QuerySet[Any]):
    """Reads of work items."""

    def visible_to(self, user: User) -> Self:
        """Author, executor, whoever stands in for them, the heads above both, the directors."""
        if not user.is_active or user.pk is None:
            return self.none()
        if user.role in DIRECTORS:
            return self
        scope = scope_of(user)
        people = [user.pk, *scope.substituted_ids]
        seen = Q(author__in=people) | Q(executor__in=people)
        units = sorted(units_below(user))
        if units:
            seen |= Q(unit__in=units) | Q(author__org_unit__in=units)
            seen |= Q(executor__org_unit__in=units)
        return self.filter(seen)

    def open(self) -> Self:
        """Neither solved nor withdrawn."""
        return self.filter(state__in=OPEN)

    def undone(self) -> Self:
        """The executor has not done the own part."""
        return self.filter(undone())

    def overdue(self, today: date) -> Self:
        """A day of theirs has gone by without what was due."""
        return self.filter(late(today))

    def unanswered(self) -> Self:
        """Asked, and not answered."""
        return self.open().filter(answered_on=None).exclude(kind__in=GIVEN)

    def to_do_by(self, user: User) -> Self:
        """What the person, or a unit that the person heads, has to do."""
        headed = Q(executor=None, unit__head=user)
        return self.undone().filter(Q(executor=user) | headed)

    def to_verify_by(self, user: User) -> Self:
        """Done by the executor, to be verified by the author."""
        return self.filter(author=user, state__in=("answered", "action_taken")).exclude(undone())

    def standing(self) -> Self:
        """All but the withdrawn ones."""
        return self.exclude(state="cancelled")

    def done_in_time(self) -> Self:
        """Solved, and done not later than the due day."""
        return self.filter(in_time(), state="resolved")

    def about(self, kind: str, pk: int, *, is_client: bool = False) -> Self:
        """About the record, and about records of the client if it is one."""
        own = Q(subject_kind=kind, subject_id=pk)
        return self.filter(own | Q(client_id=pk) if is_client else own)

    def with_answerer(self) -> Self:
        """With `answerer`: the executor, else the head of the unit addressed."""
        return self.annotate(answerer=Coalesce("executor", "unit__head"))

    def for_list(self) -> Self:
        """With the names that pages show."""
        return self.select_related(*PEOPLE, "unit__head").only(
            *own_columns(self.model),
            *names_of(*PEOPLE, "unit__head"),
            "unit__name",
            "unit__path",
            "executor__org_unit",
            "author__org_unit",
            "author__is_active",
        )


class WorkNoteQuerySet(models.QuerySet[Any]):
    """Reads of what was said."""

    def visible_to(self, user: User) -> Self:
        """Whoever sees the item."""
        from crm.assignments.models import WorkItem

        return self.filter(item__in=WorkItem.objects.visible_to(user).values("pk"))
