"""Monthly plans in any state with their lines; written past the actions."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from clients import keys
from clients.models import Client
from reports.models import MonthlyPlan, PlanLine, PlanPart
from reports.models.plans import DECIDED, PlanState

MONTH = date(2026, 11, 1)


def plan(unit, *, month=MONTH, state="draft", by=None, **more):
    """A plan of the department; one that was sent or decided needs somebody (`by`)."""
    more = {"submit_by": date(2026, 10, 23), "approve_by": date(2026, 10, 30)} | more
    if state in {*DECIDED, PlanState.ON_APPROVAL}:
        more = {"sent_by": by, "sent_at": timezone.now()} | more
    if state in DECIDED:
        more = {"approved_by": by, "approved_at": timezone.now()} | more
    return MonthlyPlan.objects.create(org_unit=unit, month=month, state=state, **more)


def line(plan, client, manager=None, *, unit=None, state="open", **values):
    """A line with its manager's part; its metrics are nought unless told otherwise.

    The lines of a plan that was sent do not change: make them first, then `settle` the plan.
    """
    manager, unit = manager or client.manager, unit or client.org_unit
    PlanPart.objects.get_or_create(
        plan=plan, org_unit=unit, manager=manager, defaults={"state": state}
    )
    values = {"ship": "0", "cash": "0", "active": 0, "contacts": 0} | values
    for name in ("ship", "cash"):
        values[name] = None if values[name] is None else Decimal(values[name])
    return PlanLine.objects.create(
        plan=plan, client=client, manager=manager, org_unit=unit, **values
    )


def many_lines(plan, manager, count, **values):
    """Lines of so many clients, in the order of their names, in a few statements."""
    made = []
    for number in range(1, count + 1):
        client = Client(
            manager=manager,
            org_unit=manager.org_unit,
            name=f"Клиент {number:04d}",
            code=f"П-{number:04d}",
            status="client",
        )
        keys.set_client_keys(client)
        made.append(client)
    Client.objects.bulk_create(made)
    PlanPart.objects.get_or_create(plan=plan, org_unit=manager.org_unit, manager=manager)
    rows = [
        PlanLine(plan=plan, client=one, manager=manager, org_unit=manager.org_unit, **values)
        for one in made
    ]
    return PlanLine.objects.bulk_create(rows)


def settle(plan, by, state="locked"):
    """The plan as it stands when the director has approved it."""
    now = timezone.now()
    MonthlyPlan.objects.filter(pk=plan.pk).update(
        state=state, sent_by=by, sent_at=now, approved_by=by, approved_at=now
    )
    plan.refresh_from_db()
    return plan
