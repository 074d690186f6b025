"""The number of contacts of a month stands in one place: in its plan, once there is one.

The draft takes it from the contact plan or the norm; an approved plan writes the contact plan.
Meanwhile, and from then on, the page of the contact plan changes visits alone.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from clients.contacting import contact_plan_holders
from clients.models import ContactPlanLine
from reports.models import PlanLine, PlanState


def held_by_plan(line: ContactPlanLine) -> str:
    """The sentence of the refusal where the client is in a plan of the month."""
    rows = PlanLine.objects.filter(plan__month=line.month, client=line.client_id)
    if rows.exclude(plan__state=PlanState.SUPERSEDED).exists():
        return _("The number of contacts stands in the monthly plan: change it there.")
    return ""


def register_plan_contacts() -> None:
    """Called once when the app is ready."""
    contact_plan_holders.register(held_by_plan)
