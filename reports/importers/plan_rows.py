"""One pass over a file of a plan; the same file once more changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from clients.importers.finding import ClientFinder
from crm.errors import RuleViolation
from crm.history import verb
from crm.imports import values
from crm.imports.reading import Line
from crm.imports.registry import Change, Outcome, Result, Run
from crm.said import gettext as _
from reports import permissions
from reports.actions.plan_cells import FIELDS, read_cell
from reports.models import MonthlyPlan, PlanLine
from reports.pages.plan_grid import figure
from reports.pages.plans import labels


@dataclass(slots=True)
class LineFacts:
    """A line of the plan and what the file says of it."""

    line: PlanLine
    new: dict[str, Any]


class PlanRows:
    """The importer of a plan; the file cannot add clients, only figures to those in the plan."""

    def __init__(self, run: Run, lines: Sequence[Line]) -> None:
        self.run = run
        self.plan: MonthlyPlan = run.options["plan"]
        self.finder = ClientFinder(run.by, loosely=False)
        rows = PlanLine.objects.filter(plan=self.plan).select_related("client")
        if run.by is not None:
            rows = rows.visible_to(run.by)
        self.lines: dict[int, PlanLine] = {line.client_id: line for line in rows}
        self.parts = {(part.org_unit_id, part.manager_id): part for part in self.plan.parts.all()}
        self.seen: dict[int, int] = {}
        self.finder.load(self._name(line) for line in lines)

    def decide(self, lines: Sequence[Line]) -> list[Outcome]:
        """Say of every row what becomes of it."""
        return [self._decide(line) for line in lines]

    def _decide(self, line: Line) -> Outcome:
        outcome = Outcome(line, Result.REFUSED)
        try:
            facts = outcome.plan = self._read(outcome)
        except (ValidationError, RuleViolation) as error:
            told = error if isinstance(error, ValidationError) else ValidationError(str(error))
            outcome.reason = values.reason(told)
            return outcome
        outcome.result = Result.UPDATED if facts.new else Result.UNCHANGED
        return outcome

    def _name(self, line: Line) -> str:
        row = self.run.values(line)
        return row.get("code") or row.get("client") or ""

    def _read(self, outcome: Outcome) -> LineFacts:
        row = self.run.values(outcome.line)
        outcome.title = row.get("client") or row.get("code") or ""
        name = self._name(outcome.line)
        if not name:
            raise ValidationError(_("Neither a code nor a name."))
        found = self.lines.get(self.finder.find(name))
        if found is None:
            raise ValidationError(_("The plan has no such client."))
        self._check(found, outcome.line.number)
        new = {}
        for field in FIELDS:
            if field in row and (value := read_cell(field, row[field])) != getattr(found, field):
                new[field] = value
        return LineFacts(found, new)

    def _check(self, line: PlanLine, number: int) -> None:
        first = self.seen.setdefault(line.client_id, number)
        if first != number:
            raise ValidationError(_("The same client stands in row %(row)s.") % {"row": first})
        part, by = self.parts[line.org_unit_id, line.manager_id], self.run.by
        if by is not None and not permissions.can_edit_line(by, self.plan, part):
            raise ValidationError(_("These lines have been handed in."))

    def write(self, outcomes: list[Outcome]) -> None:
        """Write one portion; RuleViolation when the plan was sent meanwhile."""
        changed = [o.plan for o in outcomes if o.result == Result.UPDATED]
        if not changed:
            return
        plan = MonthlyPlan.objects.select_for_update(of=("self",)).get(pk=self.plan.pk)
        if not plan.is_editable:
            raise RuleViolation(_("The plan has been sent; its lines do not change any more."))
        with verb("plan.imported", by=self.run.by):
            for facts in changed:
                self._change(facts)
            lines = [facts.line for facts in changed]
            PlanLine.objects.bulk_update(lines, [*FIELDS, "version"], batch_size=1000)

    def _change(self, facts: LineFacts) -> None:
        line = facts.line
        before = {name: getattr(line, name) for name in facts.new}
        self.run.journal.change(line, before | {"version": line.version})
        for name, value in facts.new.items():
            setattr(line, name, value)
        line.version += 1

    def finish(self) -> None:
        """Nothing is left for the end."""

    def explain(self, outcome: Outcome) -> list[Change]:
        """What will be written, in words."""
        facts: LineFacts | None = outcome.plan
        if facts is None:
            return []
        names = labels() | {"comment": _("Comment")}
        return [
            Change(names[name], _said(name, getattr(facts.line, name)), _said(name, value))
            for name, value in facts.new.items()
        ]


def _said(name: str, value: Any) -> str:
    if value is None or name == "comment":
        return value or ""
    return figure(name, value)
