"""What a person does with an import; the work itself stands in `work`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.actions import log_access
from crm.accounts.models import AccessEventKind, User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.imports import mapping, permissions, registry
from crm.imports.models import IMPORT_MOVES, ImportJob, ImportState
from crm.imports.options import clean_options
from crm.imports.policy import limits
from crm.imports.reading import Table
from crm.imports.registry import ImportKind
from crm.work.registry import setting

SAMPLES, SAMPLE_LENGTH = 3, 60
WAITING_FIELDS = (
    *("state", "error", "progress", "attempts", "cancel_asked"),
    *("heartbeat_at", "started_at", "version"),
)


def upload_import(*, by: User, kind: str, file_name: str, content: bytes) -> ImportJob:
    """Read the file and keep it with the guessed columns; nothing is imported yet.

    Raises PermissionDenied, Unreadable.
    """
    declared = registry.get(kind)
    if not permissions.can_import(by, declared):
        raise PermissionDenied
    table = declared.read_file(content, limits())
    with transaction.atomic(), verb("import.uploaded", by=by):
        return ImportJob.objects.create(
            kind=kind,
            file_name=clean_name(file_name),
            content=content,
            sha256=sha256(content).hexdigest(),
            author=by,
            layout=layout_of(table),
            mapping=mapping.guess(declared, table.header),
            total=len(table.lines),
        )


def queue_import(
    *,
    by: User,
    kind: str,
    file_name: str,
    content: bytes,
    options: Mapping[str, Any],
    request: HttpRequest | None = None,
) -> ImportJob:
    """Read a file that a program sent and put it into the queue at once, with no person to ask.

    Raises PermissionDenied, Unreadable, RuleViolation.
    """
    declared = registry.get(kind)
    if not permissions.can_import(by, declared):
        raise PermissionDenied
    table = declared.read_file(content, limits())
    columns = mapping.guess(declared, table.header)
    mapping.check(declared, columns, len(table.header))
    clean_options(declared, by, options)
    with transaction.atomic(), verb("import.apply_asked", by=by):
        job = ImportJob.objects.create(
            kind=kind,
            file_name=clean_name(file_name),
            content=content,
            sha256=sha256(content).hexdigest(),
            author=by,
            layout=layout_of(table),
            mapping=columns,
            options=dict(options),
            state=ImportState.QUEUED,
            total=len(table.lines),
        )
        target = f"{job.kind}: {job.file_name}"
        log_access(by, kind=AccessEventKind.IMPORT, target=target, rows=job.total, request=request)
    return job


def clean_name(name: str) -> str:
    """The last part of the name without what cannot be shown or stored."""
    last = name.replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    return "".join(char for char in last if char.isprintable())[-255:] or "?"


def layout_of(table: Table) -> dict[str, Any]:
    """How the file was read, with samples of each column, as JSON."""
    return {
        "header": table.header,
        "header_row": table.header_row,
        "recognised": table.recognised,
        "encoding": table.encoding,
        "separator": table.separator,
        "sheet": table.sheet,
        "about": table.about,
        "samples": [_samples(table, at) for at in range(len(table.header))],
    }


def _samples(table: Table, at: int) -> list[str]:
    found: dict[str, None] = {}
    for line in table.lines[:200]:
        if line.cells[at]:
            found[line.cells[at][:SAMPLE_LENGTH]] = None
        if len(found) == SAMPLES:
            break
    return list(found)


@transaction.atomic
def check_columns(
    job_id: int,
    *,
    by: User,
    version: int,
    columns: Mapping[str, int],
    options: Mapping[str, Any],
) -> ImportJob:
    """Set columns and options and ask for the check; raises RuleViolation, StaleVersion."""
    job = _locked(job_id, by, version)
    kind = _kind_for(by, job)
    mapping.check(kind, columns, len(job.layout["header"]))
    clean_options(kind, by, options)
    if not job.content:
        raise RuleViolation(_("The file is no longer kept. Upload it again."))
    job.mapping, job.options = dict(columns), dict(options)
    with verb("import.check_asked", by=by):
        return _wait(job, ImportState.CHECKING, "mapping", "options")


@transaction.atomic
def apply_import(
    job_id: int, *, by: User, version: int, request: HttpRequest | None = None
) -> ImportJob:
    """Put a checked import into the queue; a worker applies it all or not at all."""
    job = _locked(job_id, by, version)
    _kind_for(by, job)
    with verb("import.apply_asked", by=by):
        _wait(job, ImportState.QUEUED)
    target = f"{job.kind}: {job.file_name}"
    log_access(by, kind=AccessEventKind.IMPORT, target=target, rows=job.total, request=request)
    return job


@transaction.atomic
def cancel_import(job_id: int, *, by: User, version: int) -> ImportJob:
    """Stop: at once where nothing runs, else the worker is asked and takes everything back."""
    job = _locked(job_id, by, version)
    _check_move(job, ImportState.CANCELLED)
    with verb("import.cancelled", by=by):
        if job.state in {ImportState.RUNNING, ImportState.CHECKING}:
            job.cancel_asked = True
            job.save(update_fields=["cancel_asked"])
            return job
        job.state, job.finished_at = ImportState.CANCELLED, timezone.now()
        job.version += 1
        job.save(update_fields=["state", "finished_at", "version"])
    return job


@transaction.atomic
def ask_undo(job_id: int, *, by: User, version: int) -> ImportJob:
    """Ask to take an applied import back within `imports.undo_hours`."""
    job = _locked(job_id, by, version)
    _kind_for(by, job)
    _check_move(job, ImportState.UNDOING)
    if not permissions.can_undo(by, job, timezone.now()):
        raise RuleViolation(_("This import can no longer be undone."))
    job.undone_by = by
    with verb("import.undo_asked", by=by):
        return _wait(job, ImportState.UNDOING, "undone_by")


@transaction.atomic
def forget_old_files(*, today: date) -> int:
    """Empty the files of ended imports after `imports.keep_days`; their results stay."""
    moment = timezone.now() - timedelta(days=setting("imports.keep_days"))
    with verb("import.file_forgotten", by=None):
        return ImportJob.objects.with_files_older_than(moment).update(content=b"")


def _locked(job_id: int, by: User, version: int) -> ImportJob:
    rows = ImportJob.objects.visible_to(by).select_for_update(of=("self",))
    job: ImportJob = rows.defer("journal", "preview").get(pk=job_id)
    if job.version != version:
        raise StaleVersion(_("The import has moved on meanwhile; this is its present state."))
    return job


def _kind_for(by: User, job: ImportJob) -> ImportKind:
    kind = registry.get(job.kind)
    if not permissions.can_import(by, kind):
        raise PermissionDenied
    return kind


def _check_move(job: ImportJob, state: str) -> None:
    if state not in IMPORT_MOVES[job.state]:
        raise RuleViolation(
            _("This is no longer possible: the import is in the state “%(state)s”.")
            % {"state": job.get_state_display()}
        )


def _wait(job: ImportJob, state: str, *fields: str) -> ImportJob:
    """Bring the job into a state that a worker takes up."""
    _check_move(job, state)
    job.state, job.error = state, ""
    job.progress, job.attempts, job.cancel_asked = 0, 0, False
    job.heartbeat_at = job.started_at = None
    job.version += 1
    job.save(update_fields=[*fields, *WAITING_FIELDS])
    return job
