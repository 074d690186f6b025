"""Managers are told whom to ask before an event, and whose attendance to note after it."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count, F

from clients.models import EventInvitation, InvitationState
from crm.notices.actions import Told, notify_each
from crm.shell.nav import address_of
from crm.work.registry import setting

ASK, NOTE = "event.ask", "event.note"
WHOM = {ASK: "state=invited", NOTE: "state=invited&state=confirmed"}
OPEN = (InvitationState.INVITED, InvitationState.CONFIRMED)


@transaction.atomic
def remind_of_events(*, today: date) -> int:
    """Daily: each manager once for an event before it, once after it; how many were told.

    Before: people who have not answered, within `events.remind_days` of the first day (0: nobody is
    told). After: people of whom it is not noted whether they came, for as long as its sales are
    counted.
    """
    before = setting("events.remind_days")
    coming = {
        "event__starts_on__gt": today,
        "event__starts_on__lte": today + timedelta(days=before),
        "state": InvitationState.INVITED,
    }
    since = today - timedelta(days=setting("events.effect_days"))
    held = {"event__ends_on__lt": today, "event__ends_on__gte": since, "state__in": OPEN}
    told = _told(NOTE, **held) if before else []
    return notify_each([*_told(ASK, **coming), *told])


def _told(kind: str, **which: object) -> list[Told]:
    rows = EventInvitation.objects.filter(event__cancelled_on=None, **which)
    rows = rows.filter(client__manager__is_active=True, client__archived_at=None).order_by()
    found = rows.values_list("client__manager", "event", "event__name", F("event__starts_on"))
    return [
        Told(
            manager,
            kind,
            {"event": name, "day": f"{day:%d.%m.%Y}", "count": count},
            f"{address_of('clients:event_detail', event)}?{WHOM[kind]}&manager={manager}",
            f"{kind}:{event}",
        )
        for manager, event, name, day, count in found.annotate(count=Count("pk"))
    ]
