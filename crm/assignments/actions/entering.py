"""Entering a work item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, User
from crm.assignments import permissions, registry, telling
from crm.assignments.models import GIVEN, WorkItem, WorkKind
from crm.errors import RuleViolation
from crm.history import verb
from crm.numbering import format_number, take_numbers

PREFIX = "ЗД"


@dataclass(frozen=True)
class NewWork:
    """What is wanted of whom until when; `subject` is the key and the id of what it is about."""

    kind: str
    title: str
    due_on: date
    executor: User | None = None
    unit: OrgUnit | None = None
    feedback_due: date | None = None
    body: str = ""
    justification: str = ""
    order_number: str = ""
    order_on: date | None = None
    subject: tuple[str, int] | None = None


@transaction.atomic
def create_work(new: NewWork, *, by: User, today: date, decided: bool = False) -> WorkItem:
    """Enter a work item and tell whoever has to do it.

    `decided`: a meeting has decided it, so that its chair may address any participant. Raises
    RuleViolation for days out of order, a missing addressee, justification or order.
    """
    if new.kind not in permissions.kinds_for(by):
        raise PermissionDenied
    _check_addressee(new, by, decided=decided)
    _check_days(new, today)
    _check_words(new)
    kind, pk, client_id = _subject(new, by)
    (number,) = take_numbers("work", year=today.year)
    with verb("work.entered", by=by):
        item = WorkItem.objects.create(
            number=format_number(PREFIX, today.year, number),
            kind=new.kind,
            title=new.title.strip(),
            body=new.body.strip(),
            justification=new.justification.strip(),
            order_number=new.order_number.strip() if new.kind == WorkKind.ORDER else "",
            order_on=new.order_on if new.kind == WorkKind.ORDER else None,
            author=by,
            executor=new.executor,
            unit=new.unit,
            created_on=today,
            due_on=new.due_on,
            first_due_on=new.due_on,
            feedback_due=None if new.kind in GIVEN else new.feedback_due,
            subject_kind=kind,
            subject_id=pk,
            client_id=client_id,
        )
    telling.tell_executor(item, "work.entered")
    return item


def _check_addressee(new: NewWork, by: User, *, decided: bool) -> None:
    if (new.executor is None) == (new.unit is None):
        raise RuleViolation(_("Name a person or a unit, one of them."), field="addressee")
    person, unit = new.executor, new.unit
    if person is not None:
        allowed = User.objects.working() if decided else permissions.people_for(by, new.kind)
        if not allowed.filter(pk=person.pk).exists():
            text = _("You cannot address this person with this kind of work.")
            raise RuleViolation(text, field="addressee")
    if unit is not None and not permissions.units_for(by, new.kind).filter(pk=unit.pk).exists():
        text = _("You cannot address this unit with this kind of work.")
        raise RuleViolation(text, field="addressee")


def _check_days(new: NewWork, today: date) -> None:
    if new.due_on < today:
        raise RuleViolation(_("This day has passed."), field="due_on")
    if new.kind in GIVEN:
        return
    if new.feedback_due is None:
        raise RuleViolation(_("Say by which day an answer is due."), field="feedback_due")
    if new.feedback_due < today:
        raise RuleViolation(_("This day has passed."), field="feedback_due")
    if new.feedback_due > new.due_on:
        text = _("An answer is due before the work is.")
        raise RuleViolation(text, field="feedback_due")


def _check_words(new: NewWork) -> None:
    if not new.title.strip():
        raise RuleViolation(_("Say what is wanted."), field="title")
    if new.kind == WorkKind.PROPOSAL and not new.justification.strip():
        text = _("A proposal without a justification is not accepted.")
        raise RuleViolation(text, field="justification")
    if new.kind == WorkKind.ORDER:
        if not new.order_number.strip():
            raise RuleViolation(_("Enter the number of the order."), field="order_number")
        if new.order_on is None:
            raise RuleViolation(_("Enter the date of the order."), field="order_on")


def _subject(new: NewWork, by: User) -> tuple[str, int | None, int | None]:
    """Key, id and client of what it is about; RuleViolation for what the author does not see."""
    if new.subject is None:
        return "", None, None
    key, pk = new.subject
    subject, record = registry.get(key), registry.found(by, key, pk)
    if subject is None or record is None:
        raise RuleViolation(_("What it is about is not there any more."))
    return key, record.pk, subject.client_of(record)
