"""The work on an import: checking, applying and undoing, each all or nothing."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.errors import RuleViolation
from crm.history import verb
from crm.imports import engine, mapping, permissions, registry, undo
from crm.imports.lifeline import EVERY_JOB, LOCKS, Lifeline, Stopped, take
from crm.imports.models import WAITING, ImportJob, ImportState
from crm.imports.options import clean_options
from crm.imports.policy import limits
from crm.imports.registry import Run

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 3


def run_waiting_imports() -> int:
    """Do what waits, one import at a time in the whole installation; returns how many were done.

    Safe to be called at any moment by any number of workers: a job belongs to whoever holds its
    lock, and the lock falls with the process.
    """
    waiting = list(ImportJob.objects.waiting().values_list("pk", flat=True))
    if not waiting or not _one_at_a_time("pg_try_advisory_lock"):
        return 0
    try:
        return sum(perform(job_id) for job_id in waiting)
    finally:
        _one_at_a_time("pg_advisory_unlock")


def _one_at_a_time(function: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [LOCKS, EVERY_JOB])
        held: bool = cursor.fetchone()[0]
    return held


def perform(job_id: int) -> bool:
    """Check, apply or undo, whatever the job waits for; False when somebody else has it."""
    author = ImportJob.objects.select_related("author").only("author").get(pk=job_id).author
    with translation.override(author.language if author else settings.LANGUAGE_CODE):
        try:
            with Lifeline(job_id) as line:
                return _perform(job_id, line)
        except Stopped:
            _end(job_id, ImportState.CANCELLED, "")
        except RuleViolation as refusal:
            _end(job_id, ImportState.FAILED, str(refusal))
        except OperationalError:  # the database went away: the next tick tries again
            log.warning("import_interrupted", job=job_id, exc_info=True)
            return False
        except Exception:
            log.exception("import_failed", job=job_id)
            reason = _("Something unexpected happened. Nothing was imported.")
            _end(job_id, ImportState.FAILED, reason)
    return True


@transaction.atomic
def _perform(job_id: int, line: Lifeline) -> bool:
    if not take(job_id):
        return False
    attempt = line.begin()
    job = ImportJob.objects.select_related("author").get(pk=job_id)
    if not job.is_waiting:
        return False
    if attempt > MOST_ATTEMPTS:
        raise RuleViolation(
            _("The work was interrupted %(times)s times. Nothing was imported.")
            % {"times": attempt - 1}
        )
    steps: dict[str, Callable[[ImportJob, Lifeline], None]] = {
        ImportState.CHECKING: _check,
        ImportState.UNDOING: _undo,
    }
    steps.get(job.state, _apply)(job, line)
    return True


def _check(job: ImportJob, line: Lifeline) -> None:
    """Decide about every row in a transaction that the database keeps from writing."""
    with transaction.atomic():
        engine.forbid_writing()
        summary = _pass(job, line, dry=True)[0]
        transaction.set_rollback(True)
    job.state, job.preview = ImportState.PREVIEWED, summary.sample
    job.stats, job.total = summary.stats(), summary.rows
    engine.save_remarks(job, summary)
    _finish(job, (ImportState.CHECKING,), "import.checked", "preview", "total")


def _apply(job: ImportJob, line: Lifeline) -> None:
    """Write all rows and the job's own end in one transaction."""
    with verb("import.applied", by=job.author):
        engine.allow_long_work()
        summary, run = _pass(job, line, dry=False)
        engine.save_remarks(job, summary)
        registry.get(job.kind).applied(job, run.journal)
    job.state, job.finished_at = ImportState.APPLIED, timezone.now()
    job.stats, job.journal = summary.stats(), run.journal.dump()
    waiting = (ImportState.QUEUED, ImportState.RUNNING)
    _finish(job, waiting, "import.applied", "journal", "finished_at")


def _pass(job: ImportJob, line: Lifeline, *, dry: bool) -> tuple[engine.Summary, Run]:
    """One pass of the job's file, with the rights that its author has now."""
    kind = registry.get(job.kind)
    if job.author is not None and not permissions.can_import(job.author, kind):
        raise RuleViolation(_("Whoever uploaded the file may no longer import it."))
    now = timezone.now()
    table = kind.read_file(bytes(job.content), limits())
    mapping.check(kind, job.mapping, len(table.header))
    run = Run(
        by=job.author,
        now=now,
        today=timezone.localdate(now),
        columns=job.mapping,
        options=clean_options(kind, job.author, job.options),
        dry=dry,
        extra=table.extra,
    )
    return engine.run_table(kind, table, run, line.beat), run


def _undo(job: ImportJob, line: Lifeline) -> None:
    """Take back what was written, or leave all of it with the reason."""
    try:
        with transaction.atomic(), verb("import.undone", by=job.undone_by):
            engine.allow_long_work()
            undo.take_back(registry.get(job.kind), job)
        job.state, job.error = ImportState.ROLLED_BACK, ""
    except (RuleViolation, PermissionDenied) as refusal:
        job.state, job.error, job.undone_by = ImportState.APPLIED, str(refusal), None
    _finish(job, (ImportState.UNDOING,), "import.undone", "error", "undone_by")


def _finish(job: ImportJob, before: tuple[str, ...], name: str, *fields: str) -> None:
    """Move the job if it still stands where the work found it; otherwise all is rolled back."""
    changed = {field: getattr(job, field) for field in ("state", "stats", *fields)}
    with verb(name, by=job.author if job.state != ImportState.ROLLED_BACK else job.undone_by):
        moved = ImportJob.objects.filter(pk=job.pk, state__in=before).update(
            **changed, version=job.version + 1
        )
    if not moved:
        raise Stopped


@transaction.atomic
def _end(job_id: int, state: str, reason: str) -> None:
    """Close a job whose work was rolled back; a refused undo leaves it applied."""
    job = ImportJob.objects.select_for_update(of=("self",)).select_related("author").get(pk=job_id)
    if job.state not in WAITING:
        return
    if job.state == ImportState.UNDOING:
        state = ImportState.APPLIED
    else:
        job.finished_at = timezone.now()
    job.state, job.error = state, reason
    job.version += 1
    with verb("import.ended", by=job.author):
        job.save(update_fields=["state", "error", "finished_at", "version"])
