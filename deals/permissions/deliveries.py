"""Rights on delivery schedules (DL-08)."""

from crm.accounts.models import SALES, Role, User
from deals.models import DeliverySchedule, DeliveryState

SELLERS = SALES


def can_see_deliveries(user: User) -> bool:
    """Everybody who sees clients; there are no sums in it."""
    return user.is_active


def can_propose_delivery(user: User) -> bool:
    """Sellers and the delivery, for clients they see."""
    return user.is_active and user.role in SELLERS | {Role.LOGISTICS}


def can_confirm(user: User, schedule: DeliverySchedule, side: str) -> bool:
    """The sellers for themselves and for the client, the delivery for itself; two people."""
    if not user.is_active or schedule.state != DeliveryState.PROPOSED:
        return False
    if side not in schedule.waits_for:
        return False
    if side == "department":
        return user.role == Role.LOGISTICS and user.pk != schedule.seller_id
    return user.role in SELLERS and user.pk != schedule.department_id


def can_refuse(user: User, schedule: DeliverySchedule) -> bool:
    """Any side that could confirm something says no."""
    open_now = schedule.state == DeliveryState.PROPOSED
    return user.is_active and open_now and user.role in SELLERS | {Role.LOGISTICS}
