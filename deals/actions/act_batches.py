"""Acts of many reconciliations formed in the background, each in a transaction of its own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date

import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from crm.said import gettext as _stored
from crm.said import said
from crm.sql import only_here
from crm.work.registry import setting
from deals.actions.acts import make_act
from deals.models import ActBatch, ActBatchRow, BatchRowState, ItemState, ReconciliationItem

log = structlog.get_logger(__name__)

LOCK = 7_042_031  # one forming at a time; it falls with the process that holds it
BUDGET_SECONDS = 200.0  # of one turn, below the limit of a task; the next one goes on


@transaction.atomic
def start_batch(item_ids: Sequence[int], *, by: User) -> ActBatch:
    """Ask for the acts of the visible ones among the reconciliations; RuleViolation for none.

    Acts that are there already are not made anew: they stand in the archive as they are.
    """
    seen = ReconciliationItem.objects.visible_to(by).filter(pk__in=item_ids)
    ids = list(seen.order_by("as_of", "pk").values_list("pk", flat=True))
    most = setting("reconciliation.batch_most")
    if not ids:
        raise RuleViolation(_("Choose the reconciliations first."))
    if len(ids) > most:
        raise RuleViolation(_("At most %(most)s acts are formed at once.") % {"most": most})
    with verb("reconciliation.batch", by=by):
        batch = ActBatch.objects.create(created_by=by)
    ActBatchRow.objects.bulk_create(ActBatchRow(batch=batch, item_id=pk) for pk in ids)
    return batch


def run_waiting_batches(*, today: date, most: int | None = None) -> int:
    """Form what waits, at most so many acts or seconds; returns how many rows were done.

    Safe at any moment from any number of workers, and after a kill: what was done is done, the
    row that was being done was undone by the database and waits.
    """
    waiting = list(ActBatch.objects.waiting().select_related("created_by"))
    if not waiting:
        return 0
    ends, done = time.monotonic() + BUDGET_SECONDS, 0
    with only_here(LOCK) as alone:
        for batch in waiting if alone else ():
            left = None if most is None else most - done
            done += _run(batch, today=today, most=left, ends=ends)
    return done


def _run(batch: ActBatch, *, today: date, most: int | None, ends: float) -> int:
    rows = batch.rows.filter(state=BatchRowState.WAITING)  # type: ignore[attr-defined]
    done = 0
    for row_id in list(rows.values_list("pk", flat=True)[:most]):
        if time.monotonic() > ends:
            return done
        _form(row_id, by=batch.created_by, today=today)
        done += 1
    with verb("reconciliation.batch_done", by=None):
        left = ActBatch.objects.filter(pk=batch.pk).exclude(rows__state=BatchRowState.WAITING)
        left.update(finished_at=timezone.now())
    return done


def _form(row_id: int, *, by: User, today: date) -> None:
    """One act with its row, both or neither; an error of the program refuses this row alone."""
    try:
        with transaction.atomic():
            row = ActBatchRow.objects.select_for_update(of=("self",)).get(pk=row_id)
            row.refusal = _refusal_in_each(row.item_id, by=by, today=today)[:300]
            row.state = BatchRowState.REFUSED if row.refusal else BatchRowState.DONE
            row.save(update_fields=["state", "refusal"])
    except Exception:
        log.exception("act_not_formed", row=row_id)
        ActBatchRow.objects.filter(pk=row_id).update(
            state=BatchRowState.REFUSED, refusal=_stored("The program failed; the log says why.")
        )


def _refusal_in_each(item_id: int, *, by: User, today: date) -> str:
    """Why the act was not made, for whoever reads it; what is refused is tried in each language."""
    why = _refusal(item_id, by=by, today=today)
    return said(lambda: _refusal(item_id, by=by, today=today)) if why else why


def _refusal(item_id: int, *, by: User, today: date) -> str:
    """Make the act unless it is there; the reason why it was not, else nothing."""
    item = ReconciliationItem.objects.visible_to(by).get(pk=item_id)
    if item.state in {ItemState.REQUESTED, ItemState.CANCELLED}:
        return str(item.get_state_display())
    if item.state != ItemState.PLANNED:
        return ""
    try:
        make_act(item.pk, by=by, version=item.version, today=today)
    except RuleViolation as refusal:
        return str(refusal)
    except PermissionDenied:
        return _("You may not make this act, or its schedule is not approved.")
    return ""
