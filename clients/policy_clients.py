"""Policy of the client register: staleness, hand-overs, export of personal data."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.work.registry import Kind, register

CLIENTS = _("Clients")
CHANGED_BY = (Role.ADMIN, Role.DIRECTOR)


def register_client_policy() -> None:
    """Declare what L41, L639 and C.9 leave to the customer."""
    register(
        "clients.stale_days",
        kind=Kind.INT,
        default=180,
        minimum=7,
        maximum=1500,
        unit=_("calendar days"),
        label=_("A card is out of date when nobody has checked it for"),
        group=CLIENTS,
        changed_by=CHANGED_BY,
    )
    register(
        "clients.transfer_undo_hours",
        kind=Kind.INT,
        default=24,
        minimum=0,
        maximum=168,
        unit=_("hours"),
        label=_("How long a hand-over of clients can be taken back"),
        group=CLIENTS,
        changed_by=CHANGED_BY,
    )
    register(
        "clients.export_people_roles",
        kind=Kind.CHOICES,
        default=[Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.GENERAL_DIRECTOR],
        choices=lambda: list(Role.choices),
        label=_("Who may export the register of contact persons"),
        help=_("It holds personal data; every export is written into the access journal."),
        group=CLIENTS,
        changed_by=(Role.ADMIN,),
    )
