"""Acknowledging a version: once, in person, and only what was shown and holds."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from crm.library.actions.documents import digest_of
from crm.library.models import Acknowledgement, DocumentVersion, PolicyDocument


@transaction.atomic
def acknowledge_version(
    version_id: int, *, by: User, digest: str, now: datetime
) -> Acknowledgement:
    """Note that the person has read and accepts this version.

    `digest` is of what the page showed. Raises RuleViolation for a version that is not the latest
    in force, a text or file that differs from what was published, and a second time. Nobody does
    it for somebody else, not as a substitute either.
    """
    version: DocumentVersion = DocumentVersion.objects.visible_to(by).get(pk=version_id)
    # A new version or a withdrawal waits for this one, or this one for it.
    PolicyDocument.objects.select_for_update().get(pk=version.document_id)
    today = timezone.localtime(now).date()
    in_force = DocumentVersion.objects.in_force(today).filter(pk=version_id)
    current = in_force.select_related("document").first()
    if current is None:
        raise RuleViolation(_("This is not the version in force. Read the latest one."))
    if not DocumentVersion.objects.filter(pk=version_id).demanded_of(by).exists():
        raise RuleViolation(_("This document is not addressed to you."))
    if digest != current.digest or digest_of(current) != current.digest:
        raise RuleViolation(_("What you have read differs from what was published."))
    done = Acknowledgement.objects.filter(version=version_id, person=by).first()
    if done is not None:
        at = timezone.localtime(done.at)
        raise RuleViolation(
            _("You have acknowledged this version on %(day)s.") % {"day": f"{at:%d.%m.%Y}"}
        )
    with verb("library.acknowledged", by=by):
        return Acknowledgement.objects.create(
            version=current, person=by, at=now, digest=current.digest
        )
