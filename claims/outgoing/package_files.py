"""Where archives for the court stand: made-up names in a folder of their own."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from claims.models import LawsuitPackage


def path_of(package: LawsuitPackage) -> Path:
    """The finished archive."""
    return Path(settings.MEDIA_ROOT) / "packages" / f"{package.key}.zip"


def unfinished(package: LawsuitPackage) -> Path:
    """The archive while it is written; begun anew after a kill."""
    path = path_of(package).with_suffix(".part")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def opened(package: LawsuitPackage) -> BinaryIO:
    """The archive for reading; FileNotFoundError when it is gone."""
    return path_of(package).open("rb")


def forget(package: LawsuitPackage) -> None:
    """An archive that a newer one replaces."""
    path_of(package).unlink(missing_ok=True)


def name_of(package: LawsuitPackage) -> str:
    """What it is called when it is taken."""
    return f"isk-{package.lawsuit.claim.number}-{package.pk}.zip"
