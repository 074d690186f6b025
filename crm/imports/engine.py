"""One pass over one file: the same for the preview, the worker and the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection

from crm.garbage import collected_seldom
from crm.imports.models import ImportJob, ImportRow, ImportRowResult
from crm.imports.reading import Line, Table
from crm.imports.registry import Importing, ImportKind, Outcome, Result, Run
from crm.said import joined

SAMPLE = 20
MOST_WARNINGS = 5_000
LONGEST_REASON = 500
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Remark:
    """A row that needs a person's eye."""

    line: Line
    result: str
    reason: str


@dataclass
class Summary:
    """What became of the rows."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    warnings: int = 0
    facts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    sample: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Count one row and keep what has to be read."""
        self.rows += 1
        setattr(self, outcome.result, getattr(self, outcome.result) + 1)
        if outcome.result == Result.REFUSED:
            self._remark(outcome, ImportRowResult.REFUSED, outcome.reason)
        elif outcome.warnings:
            self.warnings += 1
            if self.warnings <= MOST_WARNINGS:
                self._remark(outcome, ImportRowResult.WARNING, joined(" ", outcome.warnings))

    def _remark(self, outcome: Outcome, result: str, reason: str) -> None:
        if len(reason) > LONGEST_REASON:
            reason = reason[: LONGEST_REASON - 1] + "…"
        self.remarks.append(Remark(outcome.line, result, reason))

    def stats(self) -> dict[str, Any]:
        """The counts as JSON."""
        names = ("rows", "created", "updated", "unchanged", "refused", "warnings")
        counts: dict[str, Any] = {name: getattr(self, name) for name in names}
        return {**counts, "facts": self.facts, "notes": self.notes}


def run_table(kind: ImportKind, table: Table, run: Run, progress: Progress) -> Summary:
    """Decide about every row and, unless the run is dry, write; portion by portion.

    The caller owns the transaction. Raises RuleViolation when the file as a whole is refused.
    """
    summary = Summary()
    with collected_seldom():
        importing = kind.start(run, table.lines)
        for portion in kind.portions(importing, table.lines, kind.portion):
            outcomes = importing.decide(portion)
            for outcome in outcomes:
                if len(summary.sample) < SAMPLE and outcome.result != Result.REFUSED:
                    summary.sample.append(_shown(importing, outcome))
                summary.add(outcome)
            if not run.dry:
                importing.write(outcomes)
            progress(summary.rows)
        importing.finish()
    summary.facts, summary.notes = run.facts, [*table.notes, *run.notes]
    return summary


def _shown(importing: Importing, outcome: Outcome) -> dict[str, Any]:
    """A row of the preview as JSON."""
    return {
        "number": outcome.line.number,
        "result": str(outcome.result),
        "title": outcome.title or next((cell for cell in outcome.line.cells if cell), ""),
        "reason": outcome.reason,
        "warnings": outcome.warnings,
        "changes": [asdict(change) for change in importing.explain(outcome)],
    }


def save_remarks(job: ImportJob, summary: Summary) -> None:
    """Replace the rows of the job that need a person's eye."""
    ImportRow.objects.filter(job=job).delete()
    ImportRow.objects.bulk_create(
        (
            ImportRow(
                job=job,
                number=remark.line.number,
                raw=remark.line.cells,
                result=remark.result,
                reason=remark.reason,
            )
            for remark in summary.remarks
        ),
        batch_size=2_000,
    )


def allow_long_work() -> None:
    """Let this transaction take minutes; foreign keys are checked as the rows come."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
        cursor.execute("SET LOCAL lock_timeout = '30s'")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def forbid_writing() -> None:
    """Let the database itself refuse any write of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
        cursor.execute("SET LOCAL transaction_read_only = on")
