"""Policy numbers of files: rows of the settings registry (G-IO4, G-IO6)."""

from django.utils.translation import gettext_lazy as _

from crm.files.checking import FileLimits
from crm.imports.policy import limits as package_limits
from crm.work.registry import Kind, register, setting

GROUP = _("Files")
MB = 1024 * 1024


def register_policy() -> None:
    """Declare what a file may be and how much a person and a record may have."""
    # The web server in front takes no more at once (docker/nginx.conf).
    _whole("files.max_mb", 20, 50, _("Largest file"), _("MB"))
    _whole("files.max_megapixels", 60, 90, _("Largest picture"), _("megapixels"))
    _whole("files.at_once", 20, 100, _("Files uploaded at once"), "")
    _whole("files.day_mb", 300, 10_000, _("Files of one person in a day"), _("MB"))
    _whole("files.record_mb", 500, 100_000, _("Files of one record"), _("MB"))
    _whole(
        "files.sweep_hours",
        24,
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


def _whole(key: str, default: int, most: int, label: object, unit: object) -> None:
    register(
        key,
        kind=Kind.INT,
        default=default,
        minimum=1,
        maximum=most,
        label=label,  # type: ignore[arg-type]
        unit=unit,
        group=GROUP,
    )
