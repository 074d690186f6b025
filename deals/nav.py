"""Lines of the rail about documents and money."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role, User
from crm.shell.nav import DEALS, DIRECTORS, NavItem, register, register_counter
from deals import permissions
from deals.models import Shipment


def register_nav() -> None:
    """Called once when the app is ready."""
    register(
        NavItem(
            "unassigned",
            _("Without a client"),
            "file-unknown",
            "deals:unassigned_list",
            DEALS,
            DIRECTORS | {Role.ACCOUNTANT, Role.LAWYER},
            phone=40,
            order=30,
            also=("deals:shipment_assign",),
        )
    )
    register_counter("unassigned", count_unassigned)


def count_unassigned(user: User) -> int:
    """Documents that wait for a client."""
    if not permissions.can_see_unassigned(user):
        return 0
    count: int = Shipment.objects.visible_to(user).counted().unassigned().count()
    return count
