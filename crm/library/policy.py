"""Policy of the library: by when documents are acknowledged, how often people are reminded."""

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group

LIBRARY = Group(_("Library"))


def register_library_policy() -> None:
    """Declare the settings."""
    LIBRARY.whole(
        "library.acknowledge_days",
        5,
        1,
        90,
        _("A document is acknowledged within"),
        _("working days"),
    )
    LIBRARY.whole(
        "library.remind_days",
        3,
        1,
        30,
        _("People who have not acknowledged a document are reminded every"),
        _("calendar days"),
    )
