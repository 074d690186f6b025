"""Who may import (C.9): each kind says by itself; the list is for those who may import anything."""

from datetime import datetime, timedelta

from crm.accounts.models import User
from crm.imports import registry
from crm.imports.models import IMPORT_MOVES, ImportJob, ImportState
from crm.imports.registry import ImportKind
from crm.work.registry import setting


def can_see_imports(user: User) -> bool:
    """Whoever may import a kind of file sees the page of imports."""
    return bool(registry.open_to(user))


def can_import(user: User, kind: ImportKind) -> bool:
    """The rule of the kind, for a working person."""
    return user.is_active and kind.may_import(user)


def can_cancel(user: User, job: ImportJob) -> bool:
    """Who sees the import may stop it until it is over."""
    return user.is_active and ImportState.CANCELLED in IMPORT_MOVES[job.state]


def can_undo(user: User, job: ImportJob, now: datetime) -> bool:
    """Within `imports.undo_hours` after it was applied, by those who may import the kind."""
    return (
        job.state == ImportState.APPLIED
        and can_import(user, registry.get(job.kind))
        and undo_until(job) > now
        and bool(job.stats.get("created") or job.stats.get("updated"))
    )


def undo_until(job: ImportJob) -> datetime:
    """The moment after which the import stays."""
    assert job.finished_at is not None
    return job.finished_at + timedelta(hours=setting("imports.undo_hours"))
