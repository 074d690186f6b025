"""Promises to pay are kept or broken by the receipts, not by anybody's word (issue: promises)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q

from clients.actions.promises import judge_promises
from clients.models import ContactLog
from deals.receivables.promises import with_received

# A statement may come late: money that was there in time still mends a broken promise.
MENDED_WITHIN = timedelta(days=60)


@transaction.atomic
def settle_promises(*, today: date, client_ids: Collection[int] | None = None) -> int:
    """Kept once receipts since the contact reach the sum by the promised day, broken the day after.

    Returns how many promises changed. After an import or an allocation it is asked for the clients
    whose money came.
    """
    rows = ContactLog.objects.with_promise()
    if client_ids is not None:
        rows = rows.filter(client__in=client_ids)
    recent = Q(promise_kept=False, promise_on__gte=today - MENDED_WITHIN)
    rows = with_received(rows.filter(Q(promise_kept=None) | recent).order_by())
    enough = rows.filter(received__gte=F("promise_amount"))
    kept = list(enough.values_list("pk", flat=True))
    late = rows.filter(promise_kept=None, promise_on__lt=today, client__isnull=False)
    broken = list(late.exclude(pk__in=kept).values_list("pk", flat=True))
    return judge_promises(kept=kept, broken=broken) if kept or broken else 0
