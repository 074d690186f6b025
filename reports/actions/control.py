"""Control points and spot checks: planning, drawing the sample, marking, completing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from crm.accounts.models import User
from crm.assignments.actions import NewWork, create_work
from crm.assignments.models import WorkKind
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.numbering import format_number, take_numbers
from crm.said import said
from crm.states import move
from reports.actions import control_telling
from reports.models import (
    CHECK_MOVES,
    CheckState,
    ControlPoint,
    ItemResult,
    SpotCheck,
    SpotCheckItem,
    Violation,
)
from reports.permissions import control as permissions
from reports.sampling import sources
from reports.sampling.drawing import draw, frame_digest, new_seed

PREFIX = "ПВ"
ENDED = gettext_lazy("The check is already in the state “%(state)s”.")


@dataclass(frozen=True)
class NewCheck:
    """What is checked, of whom, over which days."""

    point: ControlPoint
    checked: User
    planned_on: date
    period_from: date
    period_to: date
    size: int
    is_sudden: bool = True


@dataclass(frozen=True)
class Finding:
    """What was found of one row."""

    result: str
    note: str = ""
    severity: str = ""
    due_on: date | None = None
    person: User | None = None


@transaction.atomic
def plan_check(new: NewCheck, *, by: User, today: date, seed: str | None = None) -> SpotCheck:
    """Plan a check; its seed is recorded now, before anybody knows the rows. Nobody is told.

    Nobody chooses the seed: only the demo, which is the same each time, gives its own.
    Raises RuleViolation for a point without rows, days out of order or a person of others.
    """
    if not permissions.can_check(by):
        raise PermissionDenied
    if not permissions.people_to_check(by).filter(pk=new.checked.pk).exists():
        raise RuleViolation(_("You cannot check this person."), field="checked")
    if not new.point.is_active or sources.get(new.point.source) is None:
        text = _("There are no rows to draw a sample of for this point yet.")
        raise RuleViolation(text, field="point")
    if new.planned_on < today:
        raise RuleViolation(_("This day has passed."), field="planned_on")
    if new.period_to < new.period_from:
        raise RuleViolation(_("The days stand the wrong way round."), field="period_to")
    (number,) = take_numbers("spot_check", year=today.year)
    with verb("control.planned", by=by):
        return SpotCheck.objects.create(
            number=format_number(PREFIX, today.year, number),
            point=new.point,
            question=new.point.question,
            norm=new.point.norm,
            question_en=new.point.question_en,
            norm_en=new.point.norm_en,
            source=new.point.source,
            checked=new.checked,
            checker=by,
            planned_on=new.planned_on,
            is_sudden=new.is_sudden,
            period_from=new.period_from,
            period_to=new.period_to,
            size=new.size,
            seed=seed or new_seed(),
        )


@transaction.atomic
def start_check(check_id: int, *, by: User, version: int, now: datetime) -> SpotCheck:
    """Begin: the frame is kept, the sample drawn of it, the checked is told.

    Raises RuleViolation where there is not one row.
    """
    check = _locked(check_id, by, version)
    source = sources.get(check.source)
    people = list(permissions.covered(check).values_list("pk", flat=True))
    frame = source.frame(people, check.period_from, check.period_to) if source else []
    if source is None or not frame:
        raise RuleViolation(_("There is not one row in these days: nothing to be checked."))
    chosen = draw(check.seed, frame, check.size)
    titles = {code: _titles(source, chosen, code) for code in ("ru", "en")}
    rows = source.rows(chosen)
    with verb("control.started", by=by):
        move(
            check,
            CHECK_MOVES,
            CheckState.IN_PROGRESS,
            ENDED,
            started_at=now,
            frame=frame,
            frame_digest=frame_digest(frame),
        )
        for position, key in enumerate(chosen, start=1):
            SpotCheckItem.objects.create(
                spot_check=check,
                position=position,
                object_id=key,
                title=titles["ru"][key],
                title_en=titles["en"][key],
                url=source.url(rows[key]),
                person_id=source.person(rows[key]) or check.checked_id,
            )
    control_telling.tell_of_start(check)
    return check


@transaction.atomic
def mark_item(item_id: int, *, by: User, version: int, found: Finding, today: date) -> None:
    """Say what was found of a row; a violation with its words, severity, day and person.

    Raises RuleViolation for a violation that is not whole or a person whom the check does not
    cover.
    """
    seen: SpotCheckItem = SpotCheckItem.objects.visible_to(by).get(pk=item_id)
    check = _locked(seen.spot_check_id, by)
    _check_allowed(permissions.can_mark(by, check), check)
    item: SpotCheckItem = SpotCheckItem.objects.select_for_update().get(pk=item_id)
    if item.version != version:
        raise StaleVersion(of=item)
    bad = found.result == ItemResult.VIOLATION
    if bad:
        _check_violation(found, check, today)
    item.result, item.note = found.result, found.note.strip()
    item.severity = found.severity if bad else ""
    item.due_on = found.due_on if bad else None
    if bad and found.person is not None:
        item.person = found.person
    item.version += 1
    changed = ["result", "note", "severity", "due_on", "person", "version"]
    with verb("control.marked", by=by):
        item.save(update_fields=changed)


@transaction.atomic
def complete_check(
    check_id: int, *, by: User, version: int, conclusion: str, now: datetime
) -> SpotCheck:
    """End the check: every violation stands in the register and becomes work with its day.

    Raises RuleViolation while a row is not marked.
    """
    check = _locked(check_id, by, version)
    _check_allowed(permissions.can_mark(by, check), check)
    left = check.items.filter(result="").count()
    if left:
        raise RuleViolation(_("Not all rows are marked: %(left)s left.") % {"left": left})
    today = timezone.localtime(now).date()
    with verb("control.completed", by=by):
        for item in check.items.filter(result=ItemResult.VIOLATION).select_related("person"):
            _begin_work(item, check, by, today)
        move(
            check,
            CHECK_MOVES,
            CheckState.COMPLETED,
            ENDED,
            completed_at=now,
            conclusion=conclusion.strip(),
        )
    control_telling.tell_of_end(check)
    return check


@transaction.atomic
def call_off_check(check_id: int, *, by: User, version: int, reason: str) -> SpotCheck:
    """It does not take place; the checked never learns of it."""
    check = _locked(check_id, by, version)
    if not reason.strip():
        raise RuleViolation(_("Say why."), field="reason")
    with verb("control.called_off", by=by):
        move(check, CHECK_MOVES, CheckState.CALLED_OFF, ENDED, call_off_reason=reason.strip()[:300])
    return check


@transaction.atomic
def change_point(
    point_id: int,
    *,
    by: User,
    version: int,
    question: str,
    norm: str,
    source: str,
    is_active: bool,
    question_en: str = "",
    norm_en: str = "",
) -> ControlPoint:
    """Another question or norm; checks that are planned keep the former words."""
    if not permissions.can_edit_points(by):
        raise PermissionDenied
    point: ControlPoint = ControlPoint.objects.select_for_update().get(pk=point_id)
    if point.version != version:
        raise StaleVersion(of=point)
    point.question, point.norm = question.strip(), norm.strip()
    point.question_en, point.norm_en = question_en.strip(), norm_en.strip()
    point.source, point.is_active = source, is_active
    point.version += 1
    with verb("control.changed", by=by):
        words = ["question", "norm", "question_en", "norm_en"]
        point.save(update_fields=[*words, "source", "is_active", "version"])
    return point


def _check_allowed(allowed: bool, check: SpotCheck) -> None:
    """Raise RuleViolation for what the state of the check does not let the checker do."""
    if not allowed:
        raise RuleViolation(str(ENDED) % {"state": check.get_state_display()})


def _check_violation(found: Finding, check: SpotCheck, today: date) -> None:
    if not found.note.strip():
        raise RuleViolation(_("Say what is wrong."), field="note")
    if not found.severity:
        raise RuleViolation(_("Say how serious it is."), field="severity")
    if found.due_on is None or found.due_on < today:
        raise RuleViolation(_("Say by which day it is corrected, today or later."), field="due_on")
    person = found.person
    if person is None or not permissions.covered(check).filter(pk=person.pk).exists():
        raise RuleViolation(_("The check is not about this person."), field="person")


def _begin_work(item: SpotCheckItem, check: SpotCheck, by: User, today: date) -> Violation:
    """The work says in each language what is to be mended."""
    if item.person is None or item.due_on is None:
        raise ValueError("the database lets no violation be without these")
    new = NewWork(
        kind=WorkKind.ASSIGNMENT,
        title=said(lambda: _("Correct: %(row)s") % {"row": item.label[:150]})[:200],
        due_on=max(item.due_on, today),
        executor=item.person,
        body=said(lambda: f"{check.question_label}\n{check.norm_label}\n\n{item.note}"),
        subject=("spot_check", check.pk),
    )
    work = create_work(new, by=by, today=today)
    return Violation.objects.create(
        item=item,
        person=item.person,
        found_by=by,
        found_on=today,
        severity=item.severity,
        title=item.title,
        title_en=item.title_en,
        description=item.note,
        work=work,
    )


def _titles(source: sources.Source, keys: list[int], code: str) -> dict[int, str]:
    """What the rows are called in a language."""
    with override(code):
        return {key: source.title(row)[:300] for key, row in source.rows(keys).items()}


def _locked(check_id: int, by: User, version: int | None = None) -> SpotCheck:
    """The check under its lock, for its checker."""
    rows = SpotCheck.objects.visible_to(by).select_for_update(of=("self",))
    check: SpotCheck = rows.select_related("point", "checked").get(pk=check_id)
    if not permissions.holds(by, check):
        raise PermissionDenied
    if version is not None and check.version != version:
        raise StaleVersion(of=check)
    return check
