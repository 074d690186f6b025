"""The part of the world of rights that belongs to monthly plans."""

from datetime import date

from django.utils import timezone

from reports.models import PlanExplanation, PlanPart
from tests.factories import clients, plans


def planned(cast):
    """A draft with the manager's part, one that is filled, a locked plan with an explanation."""
    client = clients.client(cast.manager, name="CANARY план")
    draft = plans.plan(cast.department, month=date(2026, 12, 1))
    plans.line(draft, client, ship="5000.00", comment="CANARY строка")
    locked = plans.plan(cast.department, month=date(2026, 10, 1))
    line = plans.line(locked, client, ship="9000.00")
    plans.settle(locked, cast.director)
    filled = plans.plan(cast.department, month=date(2026, 11, 1), state="returned")
    plans.line(filled, client, state="filled")
    said = PlanExplanation.objects.create(
        plan=locked,
        org_unit=line.org_unit,
        manager=cast.manager,
        client=client,
        reason="CANARY причина",
        written_by=cast.manager,
        written_at=timezone.now(),
    )
    return {
        "plan": draft.pk,
        "locked_plan": locked.pk,
        "returned_plan": filled.pk,
        "plan_part": PlanPart.objects.get(plan=draft).pk,
        "filled_part": PlanPart.objects.get(plan=filled).pk,
        "plan_explanation": said.pk,
    }
