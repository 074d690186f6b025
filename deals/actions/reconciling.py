"""The nightly check that sums of money are those of their allocations (C.6)."""

from __future__ import annotations

from datetime import date, datetime

import structlog
from django.db import transaction

from crm.accounts.models import Role, User
from crm.notices.actions import notify_many
from deals.invariants import credits_add_up, invoices_add_up, payments_add_up

log = structlog.get_logger(__name__)

CHECKS = (invoices_add_up, payments_add_up, credits_add_up)
NAMED = 5


@transaction.atomic
def report_differences(*, today: date, now: datetime) -> int:
    """Compare invoices, payments and returns with their allocations; returns how many differ.

    Triggers keep them equal (ADR 0010), so a difference was made past the product: it is told to
    the accounting and the administrators, once a day, and never mended by itself.
    """
    wrong = [row for check in CHECKS for row in check(now)]
    if not wrong:
        return 0
    log.error("money.differs", rows=wrong)
    people = User.objects.working().filter(role__in=[Role.ACCOUNTANT, Role.ADMIN])
    notify_many(
        people,
        kind="money.differs",
        params={"count": len(wrong), "which": ", ".join(wrong[:NAMED])},
        dedupe_key=f"money.differs:{today.isoformat()}",
    )
    return len(wrong)
