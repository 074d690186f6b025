"""Policy of the assortment: when a client that does not buy obligatory goods is spoken to."""

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group

ASSORTMENT = Group(_("Assortment"))


def register_assortment_policy() -> None:
    """Declare it."""
    ASSORTMENT.whole(
        "assortment.days",
        60,
        7,
        730,
        _("Required goods are flagged when the client has not bought them for"),
        unit=_("calendar days"),
    )
