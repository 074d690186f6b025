"""Rights of the delivery on orders: it sees and moves the goods, never a sum (C.9)."""

from crm.accounts.models import Role, User
from deals.models import RESERVING, Order, OrderState
from deals.permissions.orders import can_handle_order


def can_see_picking(user: User) -> bool:
    """The delivery alone: everybody else has the register of orders or sees none."""
    return user.is_active and user.role == Role.LOGISTICS


def can_move_goods(user: User, order: Order) -> bool:
    """Note that an order is picked or delivered: whoever handles it, and the delivery."""
    return can_see_picking(user) or can_handle_order(user, order)


def can_hand_over(user: User, order: Order) -> bool:
    """The delivery says what has left: a confirmed order, not wholly shipped."""
    return can_see_picking(user) and OrderState(order.state) in RESERVING
