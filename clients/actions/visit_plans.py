"""The month of merchandisers: drawn up by the norm, agreed with marketing (S3.3.1.16)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import permissions
from clients.models import (
    VISIT_MOVES,
    VISIT_PLAN_MOVES,
    MerchandiserVisit,
    Outlet,
    VisitPlan,
    VisitPlanState,
    VisitState,
)
from clients.visit_norms import spread, visits_a_month, working_days
from crm.accounts.models import Role, User
from crm.calendar import month_start
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.notices.actions import notify_many
from crm.states import move
from crm.work.registry import setting

WAITS, AGREED = "visits.plan_waits", "visits.plan_agreed"
_AGREED_ALREADY = gettext_lazy("Marketing has already approved the plan for this month.")
NO_DAY_LEFT = gettext_lazy("The plan was approved when no day of the month was left for it.")


@transaction.atomic
def make_visit_plan(month: date, *, by: User, today: date) -> VisitPlan:
    """Draw up the month by hand, or add what the norm wants by now to a draft.

    Raises RuleViolation for a month gone by, one that is agreed, and where no outlet has anybody.
    """
    if not permissions.can_make_visit_plan(by):
        raise PermissionDenied
    if month < month_start(today):
        raise RuleViolation(_("This month is over."), field="month")
    plan, added = draw_up(month, by=by, today=today)
    if not added and not plan.visits.exists():  # type: ignore[attr-defined]
        raise RuleViolation(_("No outlet has a merchandiser: name them on the cards of clients."))
    return plan


def make_visit_plans(*, today: date) -> int:
    """Daily: the plan of this month where it is missing, from its day on that of the next one."""
    months = [month_start(today)]
    if today.day >= setting("visits.plan_day"):
        months.append(month_start(today, 1))
    known = set(VisitPlan.objects.filter(month__in=months).values_list("month", flat=True))
    wanted = [month for month in months if month not in known]
    if not wanted or not _outlets().exists():
        return 0
    return sum(draw_up(month, by=None, today=today)[1] for month in wanted)


@transaction.atomic
def agree_visit_plan(plan_id: int, *, by: User, version: int, now: datetime) -> VisitPlan:
    """Marketing agrees; from now on merchandisers go by the plan.

    Visits whose day has gone by meanwhile get other days of the month that are left.
    """
    rows = VisitPlan.objects.visible_to(by).select_for_update(of=("self",))
    plan: VisitPlan = rows.get(pk=plan_id)
    if not permissions.agrees_visit_plans(by) or plan.author_id == by.pk:
        raise PermissionDenied
    if plan.version != version:
        raise StaleVersion(of=plan)
    with verb("visit_plan.agreed", by=by):
        move(
            plan,
            VISIT_PLAN_MOVES,
            VisitPlanState.APPROVED,
            _AGREED_ALREADY,
            approved_by=by,
            approved_at=now,
        )
        _bring_forward(plan, timezone.localtime(now).date())
    _tell_merchandisers(plan)
    return plan


@transaction.atomic
def draw_up(month: date, *, by: User | None, today: date) -> tuple[VisitPlan, int]:
    """The plan with what was missing from `today` on, and how many visits that were.

    Marketing is told of a new one. Whether `by` may have it drawn up is the caller's question.
    """
    plan, made = VisitPlan.objects.get_or_create(month=month, defaults={"author": by})
    plan = VisitPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if plan.state != VisitPlanState.DRAFT:
        raise RuleViolation(str(_AGREED_ALREADY))
    rows = list(_wanted(plan, today))
    with verb("visit_plan.drawn_up", by=by):
        MerchandiserVisit.objects.bulk_create(rows, batch_size=1000)
        if not made and rows:
            plan.version += 1
            plan.save(update_fields=["version"])
    if made and rows:
        _tell_marketing(plan)
    return plan, len(rows)


def _outlets() -> QuerySet[Any]:
    rows = Outlet.objects.filter(
        archived_at=None, client__archived_at=None, merchandiser__is_active=True
    )
    return rows.select_related("client").order_by("merchandiser", "address", "pk")


def _wanted(plan: VisitPlan, today: date) -> Iterable[MerchandiserVisit]:
    """Visits that the norm wants and nobody has planned yet, on days that are free."""
    days = working_days(plan.month, today)
    of_person: dict[int, list[Outlet]] = defaultdict(list)
    for outlet in _outlets():
        of_person[outlet.merchandiser_id].append(outlet)
    known = _days_of_outlets(plan.month)
    for person_id, outlets in of_person.items():
        for place, outlet in enumerate(outlets):
            norm, taken = visits_a_month(outlet.client), known[outlet.pk]
            free = [day for day in spread(days, norm, place, len(outlets)) if day not in taken]
            for day in free[: max(0, norm - len(taken))]:
                yield MerchandiserVisit(
                    plan=plan, outlet=outlet, merchandiser_id=person_id, planned_on=day
                )


def _days_of_outlets(month: date) -> dict[int, set[date]]:
    """Days of the month on which outlets have a visit, by any hand."""
    rows = MerchandiserVisit.objects.filter(
        planned_on__gte=month, planned_on__lt=month_start(month, 1)
    ).exclude(state=VisitState.CANCELLED)
    taken: dict[int, set[date]] = defaultdict(set)
    for outlet_id, day in rows.values_list("outlet", "planned_on"):
        taken[outlet_id].add(day)
    return taken


def _bring_forward(plan: VisitPlan, today: date) -> None:
    """Visits of days gone by go to days that are left; where none is left they are called off."""
    late = list(
        MerchandiserVisit.objects.filter(
            plan=plan, state=VisitState.PLANNED, planned_on__lt=today
        ).select_for_update(of=("self",)).order_by("merchandiser", "pk")
    )  # fmt: skip
    days, taken = working_days(plan.month, today), _days_of_outlets(plan.month)
    for place, visit in enumerate(late):
        free = [day for day in days if day not in taken[visit.outlet_id]]
        if not free:
            move(visit, VISIT_MOVES, VisitState.CANCELLED, cancel_reason=str(NO_DAY_LEFT))
            continue
        visit.planned_on = spread(free, 1, place, len(late))[0]
        taken[visit.outlet_id].add(visit.planned_on)
        visit.version += 1
        visit.save(update_fields=["planned_on", "version"])


def _tell_marketing(plan: VisitPlan) -> None:
    people = User.objects.working().filter(role=Role.MARKETER)
    notify_many(
        people,
        kind=WAITS,
        params={"month": str(plan)},
        url=plan.get_absolute_url(),
        dedupe_key=f"visit-plan:{plan.pk}",
    )


def _tell_merchandisers(plan: VisitPlan) -> None:
    rows = MerchandiserVisit.objects.filter(plan=plan, state=VisitState.PLANNED)
    people = sorted(set(rows.order_by().values_list("merchandiser", flat=True)))
    notify_many(
        people,
        kind=AGREED,
        params={"month": str(plan)},
        url=reverse("clients:visit_today"),
        dedupe_key=f"visit-plan-agreed:{plan.pk}",
    )
