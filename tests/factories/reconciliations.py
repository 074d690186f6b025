"""Reconciliations on their way, moved by the product's own actions."""

from datetime import date

from deals.actions import acts
from deals.actions.reconciliation_schedules import (
    Half,
    approve_schedule,
    days_of,
    generate_schedules,
)
from deals.models import ReconciliationItem, ReconciliationSchedule

SECOND = Half(2026, 2)
TODAY = date(2026, 11, 2)


def schedule(cast, *, half=SECOND, today=TODAY, approved=True):
    """The schedule of the cast's department with the clients that it has by now."""
    generate_schedules(half)
    found = ReconciliationSchedule.objects.get(
        org_unit=cast.department, year=half.year, half=half.half
    )
    if approved:
        found = approve_schedule(
            found.pk, by=cast.department_head, version=found.version, today=today
        )
    return found


def item(client, *, as_of=date(2026, 10, 31), state="planned", **more):
    """One item past the actions: an emergency, so that it needs no schedule."""
    days = days_of(as_of)
    more = {"kind": "emergency", "reason": "dispute", "state": state} | more
    return ReconciliationItem.objects.create(
        client=client, as_of=as_of, send_by=days.send_by, sign_by=days.sign_by, **more
    )


def act(client, *, by, today=TODAY, first=None, **more):
    """An act of an item that was just made."""
    made = item(client, **more)
    return acts.make_act(made.pk, by=by, version=made.version, today=today, first=first)


def sent(client, *, by, today=TODAY, channel="paper", **more):
    """An act that is with the client."""
    made = act(client, by=by, today=today, **more)
    acts.send_act(
        made.item_id, by=by, version=made.item.version, channel=channel,
        sent_to="Главный бухгалтер", on=today, today=today,
    )  # fmt: skip
    made.refresh_from_db()
    made.item.refresh_from_db()
    return made
