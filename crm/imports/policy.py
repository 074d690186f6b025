"""Policy numbers of imports: rows of the settings registry (G-IO2)."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.imports.reading import Limits
from crm.work.registry import Group, setting

IMPORTS = Group(_("Imports"))


def register_policy() -> None:
    """Declare what a file may be and how long an import can be undone."""
    IMPORTS.whole("imports.max_rows", 100_000, 1, 500_000, _("Maximum rows in a file"), _("rows"))
    IMPORTS.whole(
        "imports.max_document_rows",
        500_000,
        1,
        2_000_000,
        _("Maximum rows in a text file of documents"),
        _("rows"),
    )
    IMPORTS.whole("imports.max_unpacked_mb", 100, 1, 500, _("Largest file when unpacked"), _("MB"))
    IMPORTS.whole(
        "imports.check_at_once_rows",
        2_000,
        0,
        20_000,
        _("Files up to this length are checked while the page waits"),
        _("rows"),
    )
    IMPORTS.whole(
        "imports.undo_hours", 24, 0, 168, _("How long an import can be undone"), _("hours")
    )
    IMPORTS.whole(
        "imports.dropfolder_quiet_seconds",
        60,
        1,
        3600,
        _("A file of the folder is whole when nobody has written to it for"),
        _("seconds"),
    )
    IMPORTS.whole(
        "imports.keep_days", 30, 1, 3650, _("How long the uploaded file is kept"), _("days")
    )


def limits() -> Limits:
    """The limits in force."""
    return Limits(
        rows=setting("imports.max_rows"),
        long_rows=setting("imports.max_document_rows"),
        file_bytes=settings.IMPORT_MAX_BYTES,
        unpacked_bytes=setting("imports.max_unpacked_mb") * 1024 * 1024,
    )
