"""Saving cells of a plan: a batch is saved whole or not at all, and nobody overwrites unseen.

A cell is sent with what was shown when its editing began. Where another person changed that cell
meanwhile, nothing is saved and the answer says who, from what and to what; cells of the same line
that others changed do not clash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from crm.money import parse_money
from reports import permissions
from reports.actions.plan_locks import lock_plan
from reports.models import METRICS, MonthlyPlan, PlanLine, PlanPart

MOST_CELLS = 4000
MOST_CONTACTS = 500
FIELDS = (*METRICS, "comment")


@dataclass(frozen=True)
class Cell:
    """One cell as it was shown and as it is to be; texts as people type them."""

    line_id: int
    field: str
    was: str
    now: str


@dataclass(frozen=True)
class Refused:
    """A cell that cannot be saved, and why."""

    line_id: int
    field: str
    reason: str


@dataclass(frozen=True)
class Clash:
    """A cell that somebody else changed meanwhile."""

    line_id: int
    field: str
    was: str
    theirs: str
    by: str
    at: datetime | None


@dataclass
class Outcome:
    """What became of a batch: saved, or nothing saved with the reasons."""

    saved: list[PlanLine] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)

    @property
    def status(self) -> int:
        """Of the answer."""
        if self.refused:
            return 422
        return 409 if self.clashes else 200


@transaction.atomic
def save_cells(plan_id: int, cells: list[Cell], *, by: User) -> Outcome:
    """Save the cells under the lock of the plan; all of them or none.

    Raises RuleViolation for a plan that does not change any more, PermissionDenied for people
    who fill no plan.
    """
    plan = lock_plan(plan_id, by)
    if by.role not in permissions.FILLERS:
        raise PermissionDenied
    if not plan.is_editable:
        raise RuleViolation(_("The plan has been sent; its lines do not change any more."))
    if len(cells) > MOST_CELLS:
        raise RuleViolation(_("At most %(count)s cells at once.") % {"count": MOST_CELLS})
    lines = _locked(plan, cells, by)
    outcome, values = _judged(plan, cells, lines, by)
    if not outcome.refused and not outcome.clashes:
        with verb("plan.edited", by=by):
            outcome.saved = _write(lines, values)
    return outcome


def shown(value: object) -> str:
    """A value as cells carry it: a plain number with a dot, nothing for a gap."""
    return "" if value is None else str(value)


def read_cell(name: str, text: str) -> Any:
    """The value of a typed cell, None for an empty one; RuleViolation says what is wrong."""
    if name == "comment":
        return _comment(text)
    plain = text.strip()
    return READERS[name](plain) if plain else None


def _money(text: str) -> Decimal:
    try:
        amount = parse_money(text)
    except ValidationError as wrong:
        raise RuleViolation(" ".join(wrong.messages)) from wrong
    if amount < 0:
        raise RuleViolation(_("Not less than zero."))
    return amount


def _active(text: str) -> int:
    if text not in {"0", "1"}:
        raise RuleViolation(_("1 if the client is to buy, else 0."))
    return int(text)


def _contacts(text: str) -> int:
    digits = "".join(text.split())
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 4:
        raise RuleViolation(_("Enter a whole number."))
    if int(digits) > MOST_CONTACTS:
        raise RuleViolation(_("Not more than %(limit)s.") % {"limit": MOST_CONTACTS})
    return int(digits)


def _comment(text: str) -> str:
    if len(text) > 300 or "\x00" in text:
        raise RuleViolation(_("Enter a shorter text without special characters."))
    return text.strip()


READERS: dict[str, Callable[[str], Any]] = {
    "ship": _money,
    "cash": _money,
    "active": _active,
    "contacts": _contacts,
}


def _locked(plan: MonthlyPlan, cells: Iterable[Cell], by: User) -> dict[int, PlanLine]:
    ids = {cell.line_id for cell in cells}
    rows = PlanLine.objects.visible_to(by).filter(plan=plan, pk__in=ids)
    return {line.pk: line for line in rows.select_for_update(of=("self",)).order_by("pk")}


def _judged(
    plan: MonthlyPlan, cells: list[Cell], lines: dict[int, PlanLine], by: User
) -> tuple[Outcome, dict[int, dict[str, Any]]]:
    outcome, values = Outcome(), dict[int, dict[str, Any]]()
    may = _rights(plan, by)
    clashing: list[Cell] = []
    for cell in cells:
        line = lines.get(cell.line_id)
        try:
            if line is None or cell.field not in FIELDS:
                raise RuleViolation(_("There is no such cell."))
            if not may(line):
                raise RuleViolation(_("These lines have been handed in."))
            value = read_cell(cell.field, cell.now)
        except RuleViolation as refusal:
            outcome.refused.append(Refused(cell.line_id, cell.field, str(refusal)))
            continue
        current = getattr(line, cell.field)
        if current == value:
            continue
        if shown(current) != cell.was:
            clashing.append(cell)
        values.setdefault(cell.line_id, {})[cell.field] = value
    outcome.clashes = _told(clashing, lines)
    return outcome, values


def _rights(plan: MonthlyPlan, by: User) -> Callable[[PlanLine], bool]:
    parts = {(part.org_unit_id, part.manager_id): part for part in plan.parts.all()}

    def may(line: PlanLine) -> bool:
        part: PlanPart = parts[line.org_unit_id, line.manager_id]
        return permissions.can_edit_line(by, plan, part)

    return may


def _write(lines: dict[int, PlanLine], values: dict[int, dict[str, Any]]) -> list[PlanLine]:
    changed = []
    for pk, fields in values.items():
        line = lines[pk]
        for name, value in fields.items():
            setattr(line, name, value)
        line.version += 1
        changed.append(line)
    PlanLine.objects.bulk_update(changed, [*FIELDS, "version"], batch_size=1000)
    return changed


def _told(cells: list[Cell], lines: dict[int, PlanLine]) -> list[Clash]:
    """Who changed each cell last, by the history of its line."""
    if not cells:
        return []
    found = _last_changes({cell.line_id for cell in cells})
    people = User.objects.in_bulk({by for by, _at in found.values() if by})
    clashes = []
    for cell in cells:
        by, at = found.get((cell.line_id, cell.field), (None, None))
        who = str(people[by]) if by in people else ""
        theirs = shown(getattr(lines[cell.line_id], cell.field))
        clashes.append(Clash(cell.line_id, cell.field, cell.was, theirs, who, at))
    return clashes


def _last_changes(line_ids: set[int]) -> dict[tuple[int, str], tuple[int | None, datetime]]:
    """The person and the moment of the last change of each cell of these lines."""
    events: Any = apps.get_model("reports", "PlanLineEvent").objects
    rows = events.filter(pgh_obj__in=line_ids)
    found: dict[tuple[int, str], tuple[int | None, datetime]] = {}
    before: dict[int, Any] = {}
    for event in rows.order_by("pgh_id"):
        earlier = before.get(event.pgh_obj_id)
        context = event.pgh_context or {}
        for name in FIELDS:
            if earlier is None or getattr(earlier, name) != getattr(event, name):
                found[event.pgh_obj_id, name] = (context.get("user"), event.pgh_created_at)
        before[event.pgh_obj_id] = event
    return found
