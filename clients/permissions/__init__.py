"""Who may do what with clients, one module per noun: pure predicates of matrix C.9."""

from clients.permissions.clients import (
    can_create_client,
    can_distribute,
    can_edit_client,
    sees_all_fields,
)

__all__ = [
    "can_create_client",
    "can_distribute",
    "can_edit_client",
    "sees_all_fields",
]
