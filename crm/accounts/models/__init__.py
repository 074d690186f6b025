"""People, the tree of units, substitution and the access journal."""

from crm.accounts.models.access import AccessEvent, AccessEventKind
from crm.accounts.models.delegations import (
    DELEGATION_MOVES,
    DateRange,
    Delegation,
    DelegationReason,
    DelegationState,
)
from crm.accounts.models.people import User, UserLanguage, UserTheme
from crm.accounts.models.roles import DIRECTORS, HEADS, SALES, Role
from crm.accounts.models.units import HEAD_ROLES, PARENT_KINDS, OrgUnit, OrgUnitKind

__all__ = [
    "DELEGATION_MOVES",
    "DIRECTORS",
    "HEADS",
    "HEAD_ROLES",
    "PARENT_KINDS",
    "SALES",
    "AccessEvent",
    "AccessEventKind",
    "DateRange",
    "Delegation",
    "DelegationReason",
    "DelegationState",
    "OrgUnit",
    "OrgUnitKind",
    "Role",
    "User",
    "UserLanguage",
    "UserTheme",
]
