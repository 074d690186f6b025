"""Writing, publishing and withdrawing documents."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import OrgUnit, User
from crm.errors import RuleViolation, StaleVersion
from crm.files.models import Attachment
from crm.history import verb
from crm.library import permissions, telling
from crm.library.actions.duties import read_duties
from crm.library.models import (
    VERSION_MOVES,
    AudienceUnit,
    DocumentKind,
    DocumentVersion,
    PolicyDocument,
    VersionState,
)
from crm.states import move

ENDED = gettext_lazy("This version is already in the state “%(state)s”.")
WRITTEN = (
    "text",
    "summary",
    "order_no",
    "order_on",
    "effective_from",
    "must_acknowledge",
    "roles",
    "first_line",
)


@dataclass(frozen=True)
class NewText:
    """What a version says, by which order, from when and for whom."""

    text: str
    effective_from: date
    summary: str = ""
    order_no: str = ""
    order_on: date | None = None
    must_acknowledge: bool = True
    roles: Collection[str] = ()
    units: Collection[OrgUnit] = ()
    first_line: int = 1


@transaction.atomic
def create_document(
    *, by: User, kind: str, title: str, unit: OrgUnit | None, new: NewText
) -> DocumentVersion:
    """Enter a document with the draft of its first version.

    Heads of departments name one of their units. Raises RuleViolation for a missing title.
    """
    if not permissions.can_write(by):
        raise PermissionDenied
    document = PolicyDocument(kind=kind, title=title.strip(), unit=unit, created_by=by)
    if not permissions.can_keep(by, document):
        raise RuleViolation(_("Name a unit of yours that keeps the document."), field="unit")
    if not document.title:
        raise RuleViolation(_("Name the document."), field="title")
    with verb("library.written", by=by):
        document.save(force_insert=True)
        return _draft(document, new, by)


@transaction.atomic
def start_version(document_id: int, *, by: User, today: date) -> DocumentVersion:
    """A draft with the words of the latest version, to be corrected; the draft that is there."""
    document = locked_document(document_id, by)
    if document.withdrawn_on is not None:
        raise RuleViolation(_("The document is withdrawn."))
    rows = document.versions.all()
    if draft := rows.filter(state=VersionState.DRAFT).first():
        return draft  # type: ignore[no-any-return]
    last = rows.published().order_by("-number").first()
    if last is None:
        new = NewText("", today)
    else:
        units = [one.unit for one in last.audience_units.select_related("unit")]
        kept: dict[str, Any] = {
            "must_acknowledge": last.must_acknowledge,
            "first_line": last.first_line,
        }
        new = NewText(last.text, today, roles=last.roles, units=units, **kept)
    with verb("library.written", by=by):
        return _draft(document, new, by)


@transaction.atomic
def change_draft(version_id: int, *, by: User, version: int, new: NewText) -> DocumentVersion:
    """Write a draft; StaleVersion when somebody else has written it meanwhile."""
    draft = _locked_draft(version_id, by, version)
    with verb("library.written", by=by):
        _set(draft, new)
        draft.version += 1
        draft.save(update_fields=[*WRITTEN, "version"])
        _set_units(draft, new.units)
        read_duties(draft)
    return draft


@transaction.atomic
def publish_version(version_id: int, *, by: User, version: int, now: datetime) -> DocumentVersion:
    """Put a version in force from its day; those who have to acknowledge it are told.

    Raises RuleViolation without text and files, without an order where it is one, and for a day
    before that of the version it follows.
    """
    draft = _locked_draft(version_id, by, version)
    document = draft.document
    last = document.versions.published().order_by("-number").first()
    if not draft.text.strip() and not _files(draft):
        raise RuleViolation(_("There is neither a text nor a file to be read."), field="text")
    if document.kind == DocumentKind.ORDER and not draft.order_no:
        raise RuleViolation(_("Enter the number and the date of the order."), field="order_no")
    if last is not None and draft.effective_from < last.effective_from:
        text = _("The version before holds from %(day)s: this one cannot hold earlier.")
        shown = {"day": f"{last.effective_from:%d.%m.%Y}"}
        raise RuleViolation(text % shown, field="effective_from")
    with verb("library.published", by=by):
        move(
            draft,
            VERSION_MOVES,
            VersionState.PUBLISHED,
            ENDED,
            number=((last.number or 0) if last else 0) + 1,
            published_by=by,
            published_at=now,
            digest=digest_of(draft),
        )
    telling.tell_of_waiting([draft], timezone.localtime(now).date())
    return draft


@transaction.atomic
def discard_draft(version_id: int, *, by: User, version: int) -> DocumentVersion:
    """Throw a draft away."""
    draft = _locked_draft(version_id, by, version)
    with verb("library.discarded", by=by):
        move(draft, VERSION_MOVES, VersionState.DISCARDED, ENDED)
    return draft


@transaction.atomic
def withdraw_document(
    document_id: int, *, by: User, version: int, reason: str, today: date
) -> PolicyDocument:
    """Take a document out of force: nobody has to acknowledge it any more, it stays to be read."""
    document = locked_document(document_id, by)
    if document.version != version:
        raise StaleVersion(of=document)
    if document.withdrawn_on is not None:
        raise RuleViolation(_("The document is withdrawn."))
    if not reason.strip():
        raise RuleViolation(_("Say why."), field="reason")
    document.withdrawn_on, document.withdrawn_by = today, by
    document.withdraw_reason = reason.strip()[:300]
    document.version += 1
    changed = ["withdrawn_on", "withdrawn_by", "withdraw_reason", "version"]
    with verb("library.withdrawn", by=by):
        document.save(update_fields=changed)
    return document


def digest_of(version: DocumentVersion) -> str:
    """One number of all that a person acknowledges: title, text, order and files."""
    order_on = version.order_on.isoformat() if version.order_on else ""
    said = [version.document.title, version.text, version.order_no, order_on, *_files(version)]
    return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def locked_document(document_id: int, by: User) -> PolicyDocument:
    """The document under its lock, for whoever keeps it."""
    rows = PolicyDocument.objects.visible_to(by).select_for_update(of=("self",))
    document: PolicyDocument = rows.get(pk=document_id)
    if not permissions.can_keep(by, document):
        raise PermissionDenied
    return document


def _locked_draft(version_id: int, by: User, version: int) -> DocumentVersion:
    """The document is locked first, so that versions are numbered one after the other."""
    seen: DocumentVersion = DocumentVersion.objects.visible_to(by).get(pk=version_id)
    document = locked_document(seen.document_id, by)
    draft: DocumentVersion = DocumentVersion.objects.select_for_update().get(pk=version_id)
    draft.document = document
    if draft.version != version:
        raise StaleVersion(of=draft)
    if not draft.is_draft:
        raise RuleViolation(str(ENDED) % {"state": draft.get_state_display()})
    return draft


def _files(version: DocumentVersion) -> list[str]:
    rows = Attachment.objects.of_record(version).open()
    return sorted(rows.values_list("sha256", flat=True))


def _draft(document: PolicyDocument, new: NewText, by: User) -> DocumentVersion:
    draft = DocumentVersion(document=document, author=by)
    _set(draft, new)
    draft.save(force_insert=True)
    _set_units(draft, new.units)
    read_duties(draft)
    return draft


def _set(draft: DocumentVersion, new: NewText) -> None:
    if bool(new.order_no.strip()) != (new.order_on is not None):
        raise RuleViolation(_("Enter the number and the date of the order."), field="order_no")
    for name in WRITTEN:
        setattr(draft, name, getattr(new, name))
    draft.roles = sorted(new.roles)
    draft.order_no, draft.summary = new.order_no.strip(), new.summary.strip()


def _set_units(draft: DocumentVersion, units: Collection[OrgUnit]) -> None:
    wanted = {unit.pk for unit in units}
    draft.audience_units.exclude(unit__in=wanted).delete()
    known = set(draft.audience_units.values_list("unit", flat=True))
    for pk in sorted(wanted - known):
        AudienceUnit.objects.create(version=draft, unit_id=pk)
