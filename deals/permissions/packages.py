"""Rights on the papers of shipments."""

from crm.accounts.models import Role, User
from deals.models import Shipment, ShipmentKind, ShipmentState

NOTERS = frozenset({Role.MANAGER, Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD, Role.ACCOUNTANT})


def can_note_documents(user: User, shipment: Shipment) -> bool:
    """Managers, heads and the accounting, of posted sales that they see, mirrors are none."""
    sale = shipment.kind == ShipmentKind.SALE and shipment.reverses_id is None
    posted = sale and shipment.state == ShipmentState.POSTED
    return user.is_active and posted and shipment.client_id is not None and user.role in NOTERS
