"""Key rates: added, and taken out when one was entered by mistake."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from claims.models import KeyRate
from claims.permissions.key_rates import can_edit_key_rates
from crm.accounts.models import User
from crm.errors import StaleVersion
from crm.history import verb
from crm.refusals import politely

ONCE = {
    "key_rate_one_a_day": (gettext_lazy("A rate of this day stands already."), "valid_from"),
}


@transaction.atomic
def add_key_rate(*, by: User, percent: Decimal, valid_from: date) -> KeyRate:
    """Let a rate hold from the day to that of the next one; RuleViolation for a day that has one.

    Calculations that were made keep their rates.
    """
    if not can_edit_key_rates(by):
        raise PermissionDenied
    with verb("key_rate.added", by=by), politely(ONCE):
        return KeyRate.objects.create(percent=percent, valid_from=valid_from)


@transaction.atomic
def remove_key_rate(rate_id: int, *, by: User, version: int) -> KeyRate:
    """Take out a rate entered by mistake; the one before it holds on."""
    if not can_edit_key_rates(by):
        raise PermissionDenied
    rate: KeyRate = KeyRate.objects.open().select_for_update(of=("self",)).get(pk=rate_id)
    if rate.version != version:
        raise StaleVersion(of=rate)
    with verb("key_rate.removed", by=by):
        rate.archived_at = timezone.now()
        rate.version += 1
        rate.save(update_fields=["archived_at", "version"])
    return rate
