"""What we are called on papers and in letters: rows of the settings registry."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import OrgUnit, OrgUnitKind
from crm.work.registry import Group, Kind, setting

COMPANY = Group(_("Our company on papers"))


def our_name() -> str:
    """How we are called outside: by the settings, else by the company of the structure."""
    name = setting("company.full_name")
    if not name:
        company = OrgUnit.objects.filter(kind=OrgUnitKind.COMPANY).order_by("pk").first()
        name = company.name if company else ""
    return str(name)


def register_company() -> None:
    """Declare them."""
    for name, label in (
        ("full_name", _("Full name of our company")),
        ("inn", _("INN")),
        ("kpp", _("KPP")),
        ("ogrn", _("OGRN")),
        ("address", _("Legal address")),
        ("city", _("City of signing")),
        ("signatory", _("Who signs for us, in the genitive")),
        ("signatory_short", _("Who signs for us, initials")),
        ("authority", _("On what grounds, in the genitive")),
    ):
        COMPANY.register(f"company.{name}", kind=Kind.TEXT, default="", label=label)
