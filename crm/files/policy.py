"""Policy numbers of files: rows of the settings registry (G-IO4, G-IO6)."""

from django.utils.translation import gettext_lazy as _

from crm.files.checking import FileLimits
from crm.imports.policy import limits as package_limits
from crm.work.registry import Group, setting

FILES = Group(_("Files"))
MB = 1024 * 1024


def register_policy() -> None:
    """Declare what a file may be and how much a person and a record may have."""
    # The web server in front takes no more at once (docker/nginx.conf).
    FILES.whole("files.max_mb", 20, 1, 50, _("Largest file"), _("MB"))
    FILES.whole("files.max_megapixels", 60, 1, 90, _("Largest picture"), _("megapixels"))
    FILES.whole("files.at_once", 20, 1, 100, _("Files uploaded at once"), "")
    FILES.whole("files.day_mb", 300, 1, 10_000, _("Files of one person in a day"), _("MB"))
    FILES.whole("files.record_mb", 500, 1, 100_000, _("Files of one record"), _("MB"))
    FILES.whole(
        "files.sweep_hours",
        24,
        1,
        720,
        _("What is left of broken uploads is deleted after"),
        _("hours"),
    )


def file_limits() -> FileLimits:
    """The limits of one file in force."""
    return FileLimits(
        file_bytes=setting("files.max_mb") * MB,
        pixels=setting("files.max_megapixels") * 1_000_000,
        package=package_limits(),
    )
