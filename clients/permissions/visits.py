"""Rights on merchandisers' visits (S3.3.1.16, C.9): heads plan, marketing agrees, they go."""

from __future__ import annotations

from clients.models import MerchandiserVisit, VisitPlan, VisitPlanState
from clients.querysets.visits import READERS
from crm.accounts.models import HEADS, Role, User

PLANNERS = frozenset({Role.DEPARTMENT_HEAD, Role.DIRECTOR})
STEERERS = HEADS | {Role.DIRECTOR, Role.MARKETER}


def can_see_visits(user: User) -> bool:
    """Merchandisers their own, those who watch them the others; which is a matter of the scope."""
    return user.is_active and user.role in READERS | {Role.MERCHANDISER}


def can_see_visit_plans(user: User) -> bool:
    """Whoever plans, agrees or watches visits."""
    return user.is_active and user.role in READERS


def makes_visits(user: User) -> bool:
    """Merchandisers, who have a day of visits."""
    return user.is_active and user.role == Role.MERCHANDISER


def can_make_visit(user: User, visit: MerchandiserVisit) -> bool:
    """The merchandiser whom the visit is of, while it is open."""
    return makes_visits(user) and visit.merchandiser_id == user.pk and visit.is_open


def can_add_visit_photos(user: User, visit: MerchandiserVisit) -> bool:
    """The merchandiser, from the start of the visit on."""
    mine = makes_visits(user) and visit.merchandiser_id == user.pk
    return mine and visit.started_at is not None and visit.state in ("planned", "done")


def can_make_visit_plan(user: User) -> bool:
    """Heads of departments and the director have a month drawn up by the norm."""
    return user.is_active and user.role in PLANNERS


def agrees_visit_plans(user: User) -> bool:
    """Marketing agrees to the work of merchandisers (S3.3.1.16)."""
    return user.is_active and user.role == Role.MARKETER


def can_agree_visit_plan(user: User, plan: VisitPlan) -> bool:
    """Marketing, once; nobody decides about what they drew up themselves (four eyes)."""
    waits = plan.state == VisitPlanState.DRAFT
    return waits and agrees_visit_plans(user) and plan.author_id != user.pk


def steers_visits(user: User) -> bool:
    """Heads, the director and marketing put visits in and call them off."""
    return user.is_active and user.role in STEERERS


def can_move_visit(user: User, visit: MerchandiserVisit) -> bool:
    """Those who steer visits, and whoever goes there, while it is open."""
    return visit.is_open and (steers_visits(user) or can_make_visit(user, visit))


def can_cancel_visit(user: User, visit: MerchandiserVisit) -> bool:
    """Those who steer visits, before it has begun."""
    return visit.is_open and visit.started_at is None and steers_visits(user)
