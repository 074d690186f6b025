"""Putting a client off in My day and taking it back (ux.md, My day)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clients import permissions
from clients.actions.contacts import lock_client
from clients.models import ClientSnooze
from crm.errors import RuleViolation
from crm.history import verb
from crm.work.registry import setting

if TYPE_CHECKING:
    from crm.accounts.models import User


@transaction.atomic
def snooze_client(
    client_id: int, *, by: User, days: int, reason: str, now: datetime, today: date
) -> ClientSnooze:
    """Put the client off in the person's own queue for so many calendar days, with a reason.

    Raises RuleViolation for more days than the setting allows, or without a reason.
    """
    client = lock_client(client_id, by)
    if not permissions.can_log_contact(by, client):
        raise PermissionDenied
    most = setting("contacts.snooze_days")
    if not 1 <= days <= most:
        text = _("Put a client off for 1 to %(days)s days.") % {"days": most}
        raise RuleViolation(text, field="days")
    if not reason.strip():
        raise RuleViolation(_("Say why."), field="reason")
    with verb("client.snoozed", by=by):
        _cancel(client.pk, by, now)
        return ClientSnooze.objects.create(
            client=client, user=by, until=today + timedelta(days=days), reason=reason.strip()
        )


@transaction.atomic
def unsnooze_client(client_id: int, *, by: User, now: datetime) -> int:
    """Bring the client back into the person's queue; returns how many postponements ended."""
    client = lock_client(client_id, by)
    with verb("client.unsnoozed", by=by):
        return _cancel(client.pk, by, now)


def _cancel(client_id: int, by: User, now: datetime) -> int:
    running = ClientSnooze.objects.filter(client=client_id, user=by, cancelled_at=None)
    return running.update(cancelled_at=now)
