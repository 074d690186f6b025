"""Rights on registration sheets and campaigns (L222, L226, C.5 no. 3)."""

from __future__ import annotations

from clients.models import CampaignState, RegistrationCampaign, RegistrationSheet, SheetState
from clients.permissions.clients import can_edit_client, sees_clients_whole
from crm.accounts.models import Role, User
from crm.accounts.scope import scope_of


def can_see_sheets(user: User) -> bool:
    """Whoever sees clients whole; which sheets is a matter of the scope."""
    return sees_clients_whole(user)


def can_make_campaigns(user: User) -> bool:
    """Heads of departments and the director."""
    return user.is_active and user.role in {Role.DEPARTMENT_HEAD, Role.DIRECTOR}


def runs_campaign(user: User, campaign: RegistrationCampaign) -> bool:
    """The head of the department, whoever stands in for the head, and the director."""
    if not user.is_active:
        return False
    return user.role == Role.DIRECTOR or campaign.org_unit_id in scope_of(user).unit_ids


def can_change_campaign(user: User, campaign: RegistrationCampaign) -> bool:
    """A draft: whom it concerns and until when; its start."""
    return campaign.state == CampaignState.DRAFT and runs_campaign(user, campaign)


def can_steer_campaign(user: User, campaign: RegistrationCampaign) -> bool:
    """While it runs: move its last day, add clients who came since, close it."""
    return campaign.state == CampaignState.RUNNING and runs_campaign(user, campaign)


def can_fill_sheet(user: User, sheet: RegistrationSheet) -> bool:
    """The client's people, while the campaign runs and the sheet is with them."""
    runs = sheet.campaign.state == CampaignState.RUNNING
    is_open = sheet.is_open and sheet.client.archived_at is None
    return runs and is_open and can_edit_client(user, sheet.client)


def can_decide_sheet(user: User, sheet: RegistrationSheet) -> bool:
    """Approve or return it: a head of the client's unit, never who filled it in.

    Neither the manager nor whoever handed it in, nor in their name as a substitute. The director
    decides about sheets of heads of departments, who have no head above them here.
    """
    if sheet.state != SheetState.SUBMITTED or not user.is_active:
        return False
    own = {sheet.manager_id, sheet.submitted_by_id}
    if user.pk in own:
        return False
    if user.role == Role.DIRECTOR:
        return bool(sheet.manager.role == Role.DEPARTMENT_HEAD)
    unit = sheet.client.org_unit_id
    parts = scope_of(user).parts
    return any(unit in part.unit_ids and part.person_id not in own for part in parts)


def can_decide_sheets(user: User) -> bool:
    """Whether the person decides about anybody's sheets at all."""
    return user.is_active and (user.role == Role.DIRECTOR or bool(scope_of(user).unit_ids))
