"""Policy of the client register: staleness, hand-overs, export of personal data."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.work.registry import Group, Kind

CLIENTS = Group(_("Clients"))


def register_client_policy() -> None:
    """Declare what L41, L639 and C.9 leave to the customer."""
    CLIENTS.whole(
        "clients.stale_days",
        180,
        7,
        1500,
        _("A card is out of date when nobody has checked it for"),
        unit=_("calendar days"),
    )
    CLIENTS.whole(
        "clients.transfer_undo_hours",
        24,
        0,
        168,
        _("How long a hand-over of clients can be taken back"),
        unit=_("hours"),
    )
    CLIENTS.register(
        "clients.export_people_roles",
        kind=Kind.CHOICES,
        default=[Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.GENERAL_DIRECTOR],
        choices=lambda: list(Role.choices),
        label=_("Who may export the register of contact persons"),
        help=_("It holds personal data; every export is written into the access journal."),
        changed_by=(Role.ADMIN,),
    )
