"""Every write of people, units, substitutions, sessions and the access journal."""

from crm.accounts.actions.access import close_sessions, end_sessions, log_access, unlock_user
from crm.accounts.actions.delegations import (
    create_delegation,
    revoke_delegation,
    switch_delegations,
)
from crm.accounts.actions.people import (
    NewPassword,
    create_user,
    deactivate_user,
    edit_user,
    leaving_refusals,
    password_was_changed,
    reactivate_user,
    reset_password,
    reset_second_factor,
    update_profile,
)
from crm.accounts.actions.system import is_system, system_person
from crm.accounts.actions.units import (
    archive_unit,
    closing_refusals,
    create_unit,
    edit_unit,
    move_unit,
    restore_unit,
)

__all__ = [
    "NewPassword",
    "archive_unit",
    "close_sessions",
    "closing_refusals",
    "create_delegation",
    "create_unit",
    "create_user",
    "deactivate_user",
    "edit_unit",
    "edit_user",
    "end_sessions",
    "is_system",
    "leaving_refusals",
    "log_access",
    "move_unit",
    "password_was_changed",
    "reactivate_user",
    "reset_password",
    "reset_second_factor",
    "restore_unit",
    "revoke_delegation",
    "switch_delegations",
    "system_person",
    "unlock_user",
    "update_profile",
]
