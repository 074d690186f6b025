"""Rights on leads, their scores, channels and campaigns (C.9 says who owns clients)."""

from __future__ import annotations

from datetime import date

from clients.models import Client, Lead
from clients.permissions.categories import head_of_unit
from clients.permissions.clients import can_edit_client, sees_clients_whole
from crm.accounts.models import DIRECTORS, SALES, Role, User
from crm.accounts.scope import scope_of

READERS = SALES | DIRECTORS | {Role.ADMIN}
SEARCHERS = READERS | {Role.MARKETER}
PLANNERS = frozenset({Role.DEPARTMENT_HEAD, Role.DIRECTOR})


def can_see_leads(user: User) -> bool:
    """Those who look for clients and their chiefs; which leads is a matter of the scope."""
    return user.is_active and user.role in READERS


def can_see_lead_reports(user: User) -> bool:
    """Figures are for those who sell; the administrator looks at rows alone."""
    return can_see_leads(user) and user.role != Role.ADMIN


def can_create_lead(user: User) -> bool:
    """Managers and heads add leads."""
    return user.is_active and user.role in SALES


def can_work_on_lead(user: User, lead: Lead) -> bool:
    """Its manager, who stands in, and the heads above; chiefs and the administrator read."""
    scope = scope_of(user)
    if not user.is_active or scope.limited_fields:
        return False
    return lead.manager_id in scope.manager_ids or lead.org_unit_id in scope.unit_ids


def deciding_head(user: User, lead: Lead, *, today: date) -> User | None:
    """In whose name the person confirms that the lead is a client now: the department's head."""
    return head_of_unit(user, lead.org_unit, today=today)


def can_see_scores(user: User) -> bool:
    """Whoever sees leads, or clients whole."""
    return can_see_leads(user) or sees_clients_whole(user)


def can_score_client(user: User, client: Client) -> bool:
    """Whoever keeps the card."""
    return client.archived_at is None and can_edit_client(user, client)


def can_see_search(user: User) -> bool:
    """Channels and campaigns; marketing plans by them and sees no lead."""
    return user.is_active and user.role in SEARCHERS


def can_plan_search(user: User) -> bool:
    """Heads of departments and the director set priorities and run campaigns (L99, L476)."""
    return user.is_active and user.role in PLANNERS
