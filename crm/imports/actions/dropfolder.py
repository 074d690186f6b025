"""Picking up files that other programs laid into a folder (C.6)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.imports.actions.jobs import clean_name, queue_import
from crm.imports.dropfolder import Found, found_files
from crm.imports.models import DroppedFile
from crm.notices.actions import notify

REFUSED = "import.dropped_refused"


def pick_up_files(*, today: date) -> int:
    """Queue every file of the folder that was not picked up before, as the named person.

    A file is known by its kind and content, so a name used again or a tick run twice import
    nothing again; the files themselves are left alone. Raises RuleViolation where the person of
    `IMPORT_DROPFOLDER_AS` does not work here, so that the job is tried again and the
    administrators are told.
    """
    if not settings.IMPORT_DROPFOLDER:
        return 0
    login = settings.IMPORT_DROPFOLDER_AS
    person = User.objects.working().filter(username__iexact=login).first()
    if person is None:
        raise RuleViolation(_("Nobody signs in as “%(login)s”.") % {"login": login})
    with translation.override(person.language):
        return sum(_pick_up(found, person) for found in found_files())


@transaction.atomic
def _pick_up(found: Found, person: User) -> bool:
    file, is_new = DroppedFile.objects.get_or_create(
        kind=found.kind.kind,
        sha256=found.digest,
        defaults={"name": clean_name(found.path.name)},
    )
    if not is_new:
        return False
    try:
        with transaction.atomic():
            file.job = queue_import(
                by=person,
                kind=file.kind,
                file_name=file.name,
                content=found.content,
                options={},
            )
    except (RuleViolation, PermissionDenied) as refusal:
        file.refusal = str(refusal) or _("This person may not import such files.")
        _tell(file, person)
    file.save(update_fields=["job", "refusal"])
    return file.job is not None


def _tell(file: DroppedFile, person: User) -> None:
    notify(
        person,
        kind=REFUSED,
        params={"file": file.name, "reason": file.refusal},
        dedupe_key=f"{REFUSED}:{file.pk}",
    )
