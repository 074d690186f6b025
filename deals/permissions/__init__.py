"""Who may do what with documents and money (C.9); pure, they guard actions and show buttons."""

from deals.permissions.abc import can_run_abc, can_see_abc
from deals.permissions.credit import (
    can_ask_limit,
    can_close_limit,
    can_correct_limit_request,
    can_edit_ladder,
    can_lift_stop,
    can_release_stop,
    can_see_ladder,
    can_stop_shipping,
    can_withdraw_limit_request,
    releases_without_limit,
)
from deals.permissions.documents import (
    can_edit_catalogue,
    can_enter_documents,
    can_reverse_documents,
    can_see_catalogue,
    can_see_money,
    can_see_unassigned,
)
from deals.permissions.exchange import can_act_in_exchange, can_manage_exchange
from deals.permissions.orders import (
    can_cancel_order,
    can_edit_order,
    can_enter_orders,
    can_handle_order,
    can_order_for,
    can_release_order,
    can_ship_orders,
    releases_any_order,
)
from deals.permissions.payments import (
    can_edit_own_accounts,
    can_handle_payments,
    can_import_money,
    can_see_statements,
    payment_actions,
)
from deals.permissions.prices import can_approve_prices, can_edit_prices, can_see_prices

__all__ = [
    "can_act_in_exchange",
    "can_approve_prices",
    "can_ask_limit",
    "can_cancel_order",
    "can_close_limit",
    "can_correct_limit_request",
    "can_edit_catalogue",
    "can_edit_ladder",
    "can_edit_order",
    "can_edit_own_accounts",
    "can_edit_prices",
    "can_enter_documents",
    "can_enter_orders",
    "can_handle_order",
    "can_handle_payments",
    "can_import_money",
    "can_lift_stop",
    "can_manage_exchange",
    "can_order_for",
    "can_release_order",
    "can_release_stop",
    "can_reverse_documents",
    "can_run_abc",
    "can_see_abc",
    "can_see_catalogue",
    "can_see_ladder",
    "can_see_money",
    "can_see_prices",
    "can_see_statements",
    "can_see_unassigned",
    "can_ship_orders",
    "can_stop_shipping",
    "can_withdraw_limit_request",
    "payment_actions",
    "releases_any_order",
    "releases_without_limit",
]
