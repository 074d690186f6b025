"""Rights on orders (C.5 no. 12): managers take them, heads release and cancel later."""

from clients.models import Client
from clients.permissions import can_edit_client
from crm.accounts.models import SALES, Role, User
from crm.accounts.scope import scope_of
from deals.models import Order, OrderState
from deals.permissions.documents import can_enter_documents

TAKERS = SALES
BEFORE_PICKING = frozenset(
    {OrderState.DRAFT, OrderState.SUBMITTED, OrderState.ON_HOLD, OrderState.CONFIRMED}
)


def can_enter_orders(user: User) -> bool:
    """Managers and heads take orders, of their clients or of those whom they substitute."""
    return user.is_active and user.role in TAKERS


def can_order_for(user: User, client: Client) -> bool:
    """Take an order of this client."""
    return can_enter_orders(user) and client.archived_at is None and can_edit_client(user, client)


def can_edit_order(user: User, order: Order) -> bool:
    """Change a draft, send it in, or bring an order back to the draft before picking."""
    return can_order_for(user, order.client)


def can_cancel_order(user: User, order: Order) -> bool:
    """The manager before picking, the department head and the director later."""
    if OrderState(order.state) in BEFORE_PICKING and can_edit_order(user, order):
        return True
    return _decides(user, order)


def can_release_order(user: User, order: Order) -> bool:
    """Heads of departments and the director, but for an order of their own (four eyes)."""
    return _decides(user, order) and order.submitted_by_id != user.pk


def releases_any_order(user: User) -> bool:
    """Above the limits of the department head decides the director."""
    return user.is_active and user.role == Role.DIRECTOR


def can_ship_orders(user: User) -> bool:
    """Whoever writes shipments makes them from orders."""
    return can_enter_documents(user)


def can_handle_order(user: User, order: Order) -> bool:
    """Note that it is picked, delivered, closed: its people and whoever writes shipments."""
    return can_enter_documents(user) or can_edit_order(user, order) or _decides(user, order)


def _decides(user: User, order: Order) -> bool:
    if not user.is_active:
        return False
    heads = order.client.org_unit_id in scope_of(user).unit_ids
    return user.role == Role.DIRECTOR or (user.role == Role.DEPARTMENT_HEAD and heads)
