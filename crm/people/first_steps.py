"""What a new installation still needs before people can work in it, for its administrator."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, Role, User


@dataclass(frozen=True)
class Step:
    """One thing to do, where, and whether it is done."""

    text: str
    url: str
    done: bool = False


def first_steps() -> list[Step]:
    """The steps while there are no units, no colleagues or no heads; afterwards none.

    The last two are links only: what is imported belongs to later apps.
    """
    units = OrgUnit.objects.open()
    has_units = units.exists()
    has_people = User.objects.filter(is_active=True).exclude(role=Role.ADMIN).exists()
    has_heads = units.filter(head__isnull=False).exists()
    if has_units and has_people and has_heads:
        return []
    upload = reverse("imports:upload")
    return [
        Step(_("Enter the company, its departments and sectors"), reverse("accounts:unit_list"),
             has_units),
        Step(_("Add people, or import them all from a table"), f"{upload}?kind=people",
             has_people),
        Step(_("Appoint the heads of the units: a head sees the clients of the unit"),
             reverse("accounts:unit_list"), has_heads),
        Step(_("Review the settings: norms, limits, company name"),
             reverse("work:setting_list")),
        Step(_("Import the clients, then documents and payments"), f"{upload}?kind=clients"),
    ]  # fmt: skip
