"""Credit limits of clients (C.5 no. 16): approved for a period, closed, never deleted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Client
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from deals import permissions
from deals.actions.exceptions import end_exception, note_limit
from deals.actions.stops import check_stops
from deals.models import CreditLimit, ExceptionKind, LimitRequest

LIMIT_FIELDS = (
    "amount",
    "deferral_days",
    "deferral_day_type",
    "reason",
    "set_by",
    "request",
    "version",
)


def begin_limit(request: LimitRequest, *, by: User, today: date, now: datetime) -> CreditLimit:
    """Make an approved request the client's limit; the limit before it ends on that day.

    A day gone by meanwhile becomes today. Raises RuleViolation where a later limit stands. A limit
    of the same day is corrected in place; the history keeps both.
    """
    client = Client.objects.select_for_update(of=("self",)).get(pk=request.client_id)
    values = {
        "amount": request.amount,
        "deferral_days": request.deferral_days,
        "deferral_day_type": request.deferral_day_type,
        "reason": request.reason,
        "set_by": by,
        "request": request,
    }
    limit = _written(client, max(request.valid_from, today), values)
    note_limit(limit, by=by, today=today)
    check_stops(today=today, now=now, client_ids=[client.pk])
    return limit


def _written(client: Client, valid_from: date, values: dict[str, Any]) -> CreditLimit:
    rows = CreditLimit.objects.filter(client=client).select_for_update().order_by("-valid_from")
    last = rows.first()
    if last is not None and last.valid_from > valid_from:
        text = _("A limit from %(day)s is set already; close it first.")
        raise RuleViolation(text % {"day": f"{last.valid_from:%d.%m.%Y}"})
    if last is not None and last.valid_from == valid_from:
        for name, value in values.items():
            setattr(last, name, value)
        last.valid_to, last.version = None, last.version + 1
        last.save(update_fields=[*LIMIT_FIELDS, "valid_to"])
        return last
    if last is not None and (last.valid_to is None or last.valid_to > valid_from):
        values |= {"former": last, "former_valid_to": last.valid_to}
        last.valid_to, last.version = valid_from, last.version + 1
        last.save(update_fields=["valid_to", "version"])
    return CreditLimit.objects.create(client=client, valid_from=valid_from, **values)


def not_begun(request: LimitRequest, today: date) -> CreditLimit | None:
    """The limit of an approved request before its first day, as it was approved."""
    rows = CreditLimit.objects.filter(request=request, valid_from__gt=today, version=1)
    return rows.select_related("former").first()


def drop_limit(request: LimitRequest, *, today: date) -> None:
    """Take a limit away that has not begun; the former one holds as it would have held.

    The history keeps it. RuleViolation where it has begun or was changed since.
    """
    Client.objects.select_for_update(of=("self",)).get(pk=request.client_id)
    limit = not_begun(request, today)
    if limit is None:
        raise RuleViolation(_("The limit has started or was changed meanwhile."))
    end_exception(ExceptionKind.LIMIT, limit.pk, today=today)
    former, until = limit.former, limit.former_valid_to
    limit.delete()
    if former is not None:
        former.valid_to, former.version = until, former.version + 1
        former.save(update_fields=["valid_to", "version"])


@transaction.atomic
def close_limit(
    limit_id: int, *, by: User, version: int, on: date, today: date, now: datetime
) -> CreditLimit:
    """End a limit on a day, itself not included; without a limit only the overdue stops shipping.

    Raises RuleViolation for a day gone by or before the limit begins, StaleVersion.
    """
    rows = CreditLimit.objects.visible_to(by).select_related("client")
    limit: CreditLimit = rows.select_for_update(of=("self",)).get(pk=limit_id)
    if not permissions.can_close_limit(by, limit.client):
        raise PermissionDenied
    if limit.version != version:
        raise StaleVersion(of=limit)
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
