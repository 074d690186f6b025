"""Promises to pay that the receipts have kept or broken by themselves (CL-10, DL-11)."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import F

from clients.models import ContactLog
from crm.history import verb


@transaction.atomic
def judge_promises(*, kept: Collection[int], broken: Collection[int]) -> int:
    """Write down which promises were kept and which were broken; returns how many were new.

    What a person called kept stays so; a broken one becomes kept when the money turns out to have
    come in time.
    """
    promises = ContactLog.objects.with_promise()
    count = 0
    with verb("contact.promise_judged", by=None):
        count += (
            promises.filter(pk__in=kept)
            .exclude(promise_kept=True)
            .update(promise_kept=True, version=F("version") + 1)
        )
        count += promises.filter(pk__in=broken, promise_kept=None).update(
            promise_kept=False, version=F("version") + 1
        )
    return count
