"""Archives for the court, made in the background one after the other."""

from __future__ import annotations

from datetime import date
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import structlog
from django.db import transaction
from django.utils import timezone, translation

from claims.models import LawsuitPackage
from claims.outgoing import package_files
from claims.papers.package import CONTENTS, Gathered, contents_pdf, gather
from crm.said import gettext as _
from crm.sql import only_here

log = structlog.get_logger(__name__)
LOCK = 7_042_061  # one maker at a time; it falls with the process that holds it


def make_waiting_packages(*, today: date) -> int:
    """Make what waits; returns how many. Safe from any number of workers and after a kill:
    a package is waiting until its file stands whole at its place.
    """
    waiting = list(LawsuitPackage.objects.waiting().select_related("lawsuit__claim__client"))
    if not waiting:
        return 0
    with only_here(LOCK) as alone:
        if not alone:
            return 0
        for package in waiting:
            _make(package, today)
    return len(waiting)


def _make(package: LawsuitPackage, today: date) -> None:
    """One archive; an error of the program or of the disk fails this one alone."""
    try:
        with translation.override("ru"):  # a paper of the court
            found = gather(package.lawsuit)
            size = _write(package, found, today)
    except Exception:
        log.exception("lawsuit_package_not_made", package=package.pk)
        _finish(package, state="failed", failure=_("The program failed; the log says why."))
        return
    titles = [row["title"] for row in found.rows()]
    _finish(package, state="done", size=size, contents=titles, missing=found.missing)
    for older in LawsuitPackage.objects.filter(lawsuit=package.lawsuit, pk__lt=package.pk):
        package_files.forget(older)


def _write(package: LawsuitPackage, found: Gathered, today: date) -> int:
    """The archive under a name of its own, moved to its place when it is whole."""
    part = package_files.unfinished(package)
    with ZipFile(part, "w", ZIP_DEFLATED) as archive:
        archive.writestr(CONTENTS, contents_pdf(package.lawsuit, found, today))
        for place, piece in enumerate(found.pieces, start=1):
            entry = ZipInfo(piece.file(place), timezone.localtime().timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            with archive.open(entry, "w") as target:
                for content in piece.parts():
                    target.write(content)
    part.replace(package_files.path_of(package))
    return package_files.path_of(package).stat().st_size


@transaction.atomic
def _finish(package: LawsuitPackage, **changes: object) -> None:
    LawsuitPackage.objects.filter(pk=package.pk, state="waiting").update(
        finished_at=timezone.now(), **changes
    )
