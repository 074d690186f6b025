"""What monthly plans and cost budgets have in common: revisions that the director approves.

A department has one revision in work and one in force; what was approved never goes back, a
correction is the next revision, and the former one holds until that is approved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.states import Moves

ON_APPROVAL, RETURNED, APPROVED, SUPERSEDED = "on_approval", "returned", "approved", "superseded"


@dataclass(frozen=True)
class Way:
    """The states of one kind of revisions; `name` begins the names of its constraints."""

    name: str
    period: str  # the column of the month or year
    moves: Moves
    editable: tuple[str, ...]
    in_force: tuple[str, ...]  # in the order in which they follow each other
    taken_back: str  # where it goes when whoever sent it takes it back

    @property
    def in_work(self) -> tuple[str, ...]:
        """Being made, or with the director."""
        return (*self.editable, ON_APPROVAL)

    @property
    def decided(self) -> tuple[str, ...]:
        """Approved once."""
        return (*self.in_force, SUPERSEDED)


def _person(label: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
    )


class Revision(models.Model):
    """One revision: what people call the version, who sent it, who approved it."""

    WAY: ClassVar[Way]
    # Declared by each kind: its own states, its own name among the rows of a department.
    org_unit: Any
    state: Any

    # What people call the version: 1 is the first, a correction is the next one.
    revision = models.PositiveSmallIntegerField(_("version"), default=1)
    comment = models.CharField(_("why it is corrected, or returned"), max_length=500, blank=True)
    sent_by = _person(pgettext_lazy("of a person", "sent by"))
    sent_at = models.DateTimeField(_("sent to the director"), null=True, blank=True)
    approved_by = _person(_("approved by"))
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    @property
    def is_editable(self) -> bool:
        """Lines may still change."""
        return self.state in self.WAY.editable

    @property
    def is_in_force(self) -> bool:
        """Approved, and no later revision has taken its place."""
        return self.state in self.WAY.in_force


def revision_constraints(way: Way) -> list[models.BaseConstraint]:
    """One revision in work and one in force; who sent and approved it is known."""
    own = [way.period, "org_unit"]
    decided = Q(state__in=way.decided)
    return [
        models.UniqueConstraint(fields=[*own, "revision"], name=f"{way.name}_revision_once"),
        models.UniqueConstraint(
            fields=own, condition=Q(state__in=way.in_force), name=f"{way.name}_one_in_force"
        ),
        models.UniqueConstraint(
            fields=own, condition=Q(state__in=way.in_work), name=f"{way.name}_one_in_work"
        ),
        models.CheckConstraint(
            condition=Q(revision=1) | ~Q(comment=""), name=f"{way.name}_correction_says_why"
        ),
        models.CheckConstraint(
            condition=(decided & Q(approved_by__isnull=False, approved_at__isnull=False))
            | (~decided & Q(approved_by=None, approved_at=None)),
            name=f"{way.name}_approved_has_approver",
        ),
        models.CheckConstraint(
            condition=~Q(state__in=[ON_APPROVAL, *way.decided])
            | Q(sent_by__isnull=False, sent_at__isnull=False),
            name=f"{way.name}_sent_by_somebody",
        ),
    ]


def decided_stays(way: Way) -> pgtrigger.Trigger:
    """Trigger that refuses to take what was approved back, to move it elsewhere or to delete it."""
    order = f"ARRAY[{_listed(way.decided)}]::varchar[]"
    return pgtrigger.Trigger(
        name=f"decided_{way.name}_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Condition(f"OLD.state IN ({_listed(way.decided)})"),
        func=f"""
            IF TG_OP = 'DELETE'
               OR COALESCE(array_position({order}, NEW.state), 0)
                  < array_position({order}, OLD.state)
               OR (NEW.{way.period}, NEW.org_unit_id, NEW.revision, NEW.approved_by_id,
                   NEW.approved_at)
                  <> (OLD.{way.period}, OLD.org_unit_id, OLD.revision, OLD.approved_by_id,
                      OLD.approved_at) THEN
                RAISE EXCEPTION 'a {way.name} that was approved stays'
                USING ERRCODE = 'check_violation', CONSTRAINT = '{way.name}_decided_stays';
            END IF;
            RETURN NEW;
        """,
    )


def sent_lines_stay(way: Way, *, table: str) -> pgtrigger.Trigger:
    """Trigger of its lines: none is touched once it was sent or decided; `table` is its own."""
    key = f"{way.name}_id"
    return pgtrigger.Trigger(
        name=f"sent_{way.name}_lines_stay",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("touched", "bigint[]")],
        func=f"""
            IF TG_OP = 'INSERT' THEN touched := ARRAY[NEW.{key}];
            ELSIF TG_OP = 'DELETE' THEN touched := ARRAY[OLD.{key}];
            ELSE touched := ARRAY[OLD.{key}, NEW.{key}]; END IF;
            IF EXISTS (SELECT 1 FROM {table} WHERE id = ANY(touched)
                       AND state NOT IN ({_listed(way.editable)})) THEN
                RAISE EXCEPTION 'lines of a {way.name} that was sent do not change'
                USING ERRCODE = 'check_violation', CONSTRAINT = '{way.name}_line_sent_stays';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,  # noqa: S608  (names of our own)
    )


def _listed(states: Sequence[str]) -> str:
    return ", ".join(f"'{state}'" for state in states)
