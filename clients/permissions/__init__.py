"""Who may do what with clients, one module per noun: pure predicates of matrix C.9."""

from clients.permissions.categories import (
    assigning_head,
    can_assign_category,
    can_correct_category_change,
    can_propose_category,
    can_request_category_change,
    can_see_category,
    can_withdraw_category_change,
)
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
    "assigning_head",
    "can_assign_category",
    "can_attach_contact",
    "can_correct_category_change",
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
    "can_propose_category",
    "can_request_category_change",
    "can_see_category",
    "can_see_contacts",
    "can_see_dictionaries",
    "can_see_plan",
    "can_see_schemes",
    "can_undo_contact",
    "can_withdraw_category_change",
    "sees_all_fields",
]
