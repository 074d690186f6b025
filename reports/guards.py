"""Nobody leaves with a part of a plan that is not filled, or in the middle of a check (CR-01)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.accounts.hooks import Refusal
from crm.accounts.models import User
from reports.models import EDITABLE, OPEN_PART, CheckState, PlanLine, PlanPart, SpotCheck


def parts_of_person(person: User) -> list[Refusal]:
    """Lines of plans that the person has not handed in go to whoever takes the clients over, or
    the head fills and submits them."""
    same = {name: OuterRef(name) for name in ("plan", "manager", "org_unit")}
    parts = PlanPart.objects.filter(
        Exists(PlanLine.objects.filter(**same)),
        manager=person,
        state__in=OPEN_PART,
        plan__state__in=EDITABLE,
    )
    rows = parts.select_related("plan__org_unit").order_by("plan__month", "pk")
    text = _(
        "The plan is not filled by this person: %(plan)s. Hand the clients over and bring the"
        " clients of the plan up to date, or let the head fill and submit it."
    )
    asked = urlencode({"manager": person.pk})
    found = []
    for part in rows:
        url = f"{reverse('reports:plan_grid', args=[part.plan_id])}?{asked}"
        found.append(Refusal(text % {"plan": part.plan}, url, _("Open the plan")))
    return found


def checks_of_person(person: User) -> list[Refusal]:
    """Checks that the person holds are completed or called off, those of the person's work that
    have begun are completed: a violation becomes work of whoever is there."""
    held = Q(checker=person, state__in=[CheckState.PLANNED, CheckState.IN_PROGRESS])
    undergone = Q(checked=person, state=CheckState.IN_PROGRESS)
    found = []
    if count := SpotCheck.objects.filter(held).count():
        text = ngettext(
            "%(count)s check is held by this person: it is to be completed or called off first.",
            "%(count)s checks are held by this person: they are to be completed or called off"
            " first.",
            count,
        )
        url = f"{reverse('reports:check_list')}?checker={person.pk}"
        found.append(Refusal(text % {"count": count}, url, _("Open the checks")))
    for check in SpotCheck.objects.filter(undergone).select_related("checker").defer("frame"):
        text = _(
            "The check %(number)s of this person's work is to be completed first: %(checker)s."
        )
        facts = {"number": check.number, "checker": check.checker.short_name}
        found.append(Refusal(text % facts, check.get_absolute_url(), _("Open the check")))
    return found
