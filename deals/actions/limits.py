"""Credit limits of clients (C.5 no. 16, D.4): set for a period, closed, never deleted."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Client
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.money import format_money
from deals import permissions
from deals.actions.stops import check_stops
from deals.models import CreditLimit
from deals.norms import limit_norm

LIMIT_FIELDS = ("amount", "deferral_days", "deferral_day_type", "reason", "set_by", "version")


@transaction.atomic
def set_limit(
    client_id: int,
    *,
    by: User,
    amount: Decimal,
    valid_from: date,
    reason: str,
    deferral_days: int | None = None,
    deferral_day_type: str = "calendar",
    today: date,
    now: datetime,
) -> CreditLimit:
    """Give the client a limit from a day on; the limit before it ends on that day.

    Raises PermissionDenied, and RuleViolation above the norm of the category for all but the
    director, for a day gone by and where a later limit stands. A limit of the same day is
    corrected in place; the history keeps both.
    """
    client = Client.objects.visible_to(by).select_for_update(of=("self",)).get(pk=client_id)
    if not permissions.can_set_limit(by, client):
        raise PermissionDenied
    if valid_from < today:
        raise RuleViolation(_("A limit holds from today on."), field="valid_from")
    if not reason.strip():
        raise RuleViolation(_("Say why."), field="reason")
    _check_norm(client, amount, by, today)
    values = {
        "amount": amount,
        "deferral_days": deferral_days,
        "deferral_day_type": deferral_day_type,
        "reason": reason.strip(),
        "set_by": by,
    }
    with verb("limit.set", by=by):
        limit = _written(client, valid_from, values)
    check_stops(today=today, now=now, client_ids=[client.pk])
    return limit


def _check_norm(client: Client, amount: Decimal, by: User, today: date) -> None:
    norm = limit_norm(client, today)
    if amount > norm.amount and not permissions.exceeds_norm(by):
        text = _("The norm of the category allows %(norm)s; a higher limit is set by the director.")
        raise RuleViolation(text % {"norm": format_money(norm.amount)}, field="amount")


def _written(client: Client, valid_from: date, values: dict[str, Any]) -> CreditLimit:
    rows = CreditLimit.objects.filter(client=client).select_for_update().order_by("-valid_from")
    last = rows.first()
    if last is not None and last.valid_from > valid_from:
        text = _("A limit from %(day)s is set already; close it first.")
        raise RuleViolation(text % {"day": f"{last.valid_from:%d.%m.%Y}"}, field="valid_from")
    if last is not None and last.valid_from == valid_from:
        for name, value in values.items():
            setattr(last, name, value)
        last.valid_to, last.version = None, last.version + 1
        last.save(update_fields=[*LIMIT_FIELDS, "valid_to"])
        return last
    if last is not None and (last.valid_to is None or last.valid_to > valid_from):
        last.valid_to, last.version = valid_from, last.version + 1
        last.save(update_fields=["valid_to", "version"])
    return CreditLimit.objects.create(client=client, valid_from=valid_from, **values)


@transaction.atomic
def close_limit(
    limit_id: int, *, by: User, version: int, on: date, today: date, now: datetime
) -> CreditLimit:
    """End a limit on a day, itself not included; without a limit only the overdue stops shipping.

    Raises RuleViolation for a day gone by or before the limit begins, StaleVersion.
    """
    rows = CreditLimit.objects.visible_to(by).select_related("client")
    limit: CreditLimit = rows.select_for_update(of=("self",)).get(pk=limit_id)
    if not permissions.can_set_limit(by, limit.client):
        raise PermissionDenied
    if limit.version != version:
        raise StaleVersion
    if limit.valid_to is not None and limit.valid_to <= today:
        raise RuleViolation(_("The limit has ended already."))
    if on < today or on <= limit.valid_from:
        raise RuleViolation(_("Choose a later day."), field="on")
    with verb("limit.closed", by=by):
        limit.valid_to = on
        limit.version += 1
        limit.save(update_fields=["valid_to", "version"])
    check_stops(today=today, now=now, client_ids=[limit.client_id])
    return limit
