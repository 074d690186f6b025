"""An import from the command line: read, decided and written in one go."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from crm.accounts.actions import log_access
from crm.accounts.models import AccessEventKind, User
from crm.history import verb
from crm.imports import engine, mapping, permissions, registry
from crm.imports.actions.jobs import clean_name, layout_of
from crm.imports.models import ImportJob, ImportState
from crm.imports.options import clean_options
from crm.imports.policy import limits
from crm.imports.reading import Table
from crm.imports.registry import ImportKind, Run


@dataclass(frozen=True)
class ImportDone:
    """What an import gave; `job` is None for a dry run."""

    summary: engine.Summary
    seconds: float
    job: ImportJob | None


def import_file(
    kind: str,
    *,
    by: User | None,
    file_name: str,
    content: bytes,
    columns: Mapping[str, str],
    options: Mapping[str, Any],
    now: datetime,
    dry: bool,
) -> ImportDone:
    """Import a file all or nothing; a dry run writes nothing at all.

    `by=None` is the command line, which may import everything. Raises PermissionDenied and
    RuleViolation when the file as a whole is refused.
    """
    started = time.monotonic()
    declared = registry.get(kind)
    if by is not None and not permissions.can_import(by, declared):
        raise PermissionDenied
    table = declared.read_file(content, limits())
    chosen = mapping.named(declared, table.header, columns)
    mapping.check(declared, chosen, len(table.header))
    run = Run(
        by=by,
        now=now,
        today=timezone.localdate(now),
        columns=chosen,
        options=clean_options(declared, by, options),
        dry=dry,
        extra=table.extra,
    )
    if dry:
        summary, job = _look(declared, table, run), None
    else:
        summary, job = _write(declared, table, run, file_name, content, options)
    return ImportDone(summary, time.monotonic() - started, job)


@transaction.atomic
def _look(kind: ImportKind, table: Table, run: Run) -> engine.Summary:
    engine.forbid_writing()
    summary = engine.run_table(kind, table, run, lambda _passed: None)
    transaction.set_rollback(True)
    return summary


@transaction.atomic
def _write(
    kind: ImportKind,
    table: Table,
    run: Run,
    file_name: str,
    content: bytes,
    options: Mapping[str, Any],
) -> tuple[engine.Summary, ImportJob]:
    """Write the rows and the job together: a killed command leaves neither."""
    engine.allow_long_work()
    with verb("import.applied", by=run.by):
        summary = engine.run_table(kind, table, run, lambda _passed: None)
        job = ImportJob.objects.create(
            kind=kind.kind,
            file_name=clean_name(file_name),
            content=content,
            sha256=sha256(content).hexdigest(),
            author=run.by,
            layout=layout_of(table),
            mapping=dict(run.columns),
            options=dict(options),
            state=ImportState.APPLIED,
            total=summary.rows,
            progress=summary.rows,
            stats=summary.stats(),
            journal=run.journal.dump(),
            started_at=run.now,
            finished_at=timezone.now(),
        )
        engine.save_remarks(job, summary)
        kind.applied(job, run.journal)
    target = f"{job.kind}: {job.file_name}"
    log_access(run.by, kind=AccessEventKind.IMPORT, target=target, rows=summary.rows)
    return summary, job
