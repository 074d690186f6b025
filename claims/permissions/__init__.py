"""Who may do what with claims (C.9); pure, they guard actions and show buttons."""

from claims.permissions.returns import (
    can_accept_return,
    can_ask_return,
    can_ask_returns,
    can_close_return,
    can_credit_return,
    can_name_reason,
    can_receive_return,
    can_return_from,
    can_see_receiving,
    can_see_returns,
    can_withdraw_return,
    credits_returns,
    lost_credit,
    works_on_return,
)

__all__ = [
    "can_accept_return",
    "can_ask_return",
    "can_ask_returns",
    "can_close_return",
    "can_credit_return",
    "can_name_reason",
    "can_receive_return",
    "can_return_from",
    "can_see_receiving",
    "can_see_returns",
    "can_withdraw_return",
    "credits_returns",
    "lost_credit",
    "works_on_return",
]
