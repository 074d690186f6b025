"""Who may do what with clients, one module per noun: pure predicates of matrix C.9."""

from clients.permissions.clients import (
    can_create_client,
    can_distribute,
    can_edit_client,
    sees_all_fields,
)
from clients.permissions.contacts import (
    can_attach_contact,
    can_create_scheme,
    can_edit_contact,
    can_edit_dictionaries,
    can_edit_plan_line,
    can_edit_scheme,
    can_log_contact,
    can_open_composer,
    can_see_contacts,
    can_see_dictionaries,
    can_see_plan,
    can_see_schemes,
    can_undo_contact,
)

__all__ = [
    "can_attach_contact",
    "can_create_client",
    "can_create_scheme",
    "can_distribute",
    "can_edit_client",
    "can_edit_contact",
    "can_edit_dictionaries",
    "can_edit_plan_line",
    "can_edit_scheme",
    "can_log_contact",
    "can_open_composer",
    "can_see_contacts",
    "can_see_dictionaries",
    "can_see_plan",
    "can_see_schemes",
    "can_undo_contact",
    "sees_all_fields",
]
