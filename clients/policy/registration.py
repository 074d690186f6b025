"""Policy of registration sheets: when a sheet is asked for, when a campaign ends by itself."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.work.registry import Group

SHEETS = Group(
    _("Registration sheets"), changed_by=(Role.ADMIN, Role.DIRECTOR, Role.DEPARTMENT_HEAD)
)
WHOLE = (
    (
        "term_days",
        60,
        5,
        366,
        _("A campaign usually takes"),
        _("calendar days"),
    ),
    (
        "close_days",
        5,
        0,
        60,
        _("A campaign closes automatically after its last day and"),
        _("working days"),
    ),
    (
        "soon_days",
        14,
        0,
        180,
        _("My day asks for a sheet before its day within"),
        _("calendar days"),
    ),
    ("most", 200, 1, 1000, _("Sheets approved at once, at most"), ""),
)


def register_registration_policy() -> None:
    """Declare them."""
    for name, default, least, most, label, unit in WHOLE:
        SHEETS.whole(f"registration.{name}", default, least, most, label, unit)
