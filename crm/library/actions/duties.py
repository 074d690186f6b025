"""Duties read from drafts, what serves them, and job descriptions of a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.library import permissions
from crm.library.job_descriptions import (
    LONGEST_TEXT,
    Clause,
    Description,
    read_clauses,
    read_descriptions,
)
from crm.library.models import (
    Capability,
    CapabilityScreen,
    DocumentKind,
    DocumentVersion,
    Duty,
    DutyLink,
    PolicyDocument,
    VersionState,
)
from crm.library.seeds.duties import known_duties
from crm.lines import write_lines

Link = tuple[int | None, str]  # a capability, or why no screen serves the duty


@dataclass
class Imported:
    """What became of the descriptions of a text."""

    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    duties: int = 0
    linked: int = 0

    def as_json(self) -> dict[str, object]:
        return dict(vars(self))


@transaction.atomic
def import_descriptions(text: str, *, by: User, today: date, unit: OrgUnit | None) -> Imported:
    """Make a draft of every job description in the text; one whose words are known stays as it is.

    Whoever keeps the library reads the drafts and publishes them. Raises RuleViolation for a text
    in which there is none.
    """
    if not permissions.can_write(by):
        raise PermissionDenied
    if len(text) > LONGEST_TEXT:
        raise RuleViolation(_("The text is too long."), field="file")
    found = read_descriptions(text.replace("\r\n", "\n"))
    if not found:
        raise RuleViolation(_("There is no job description in this text."), field="file")
    report, titles = Imported(), _titles(found)
    with verb("library.imported", by=by):
        for one, title in zip(found, titles, strict=True):
            _import(one, title, by, today, unit, report)
    return report


def _titles(found: Iterable[Description]) -> list[str]:
    """Their titles; of two that are alike the second gets a number."""
    seen: dict[str, int] = {}
    titles = []
    for one in found:
        key = one.title.lower()
        seen[key] = seen.get(key, 0) + 1
        titles.append(one.title if seen[key] == 1 else f"{one.title} ({seen[key]})")
    return titles


def _import(
    one: Description, title: str, by: User, today: date, unit: OrgUnit | None, report: Imported
) -> None:
    from crm.library.actions.documents import (
        NewText,
        change_draft,
        create_document,
        start_version,
    )

    roles = [one.role] if one.role else []
    new = NewText(one.text, today, roles=roles, first_line=one.first_line)
    rows = PolicyDocument.objects.kept(by).filter(kind=DocumentKind.JOB_DESCRIPTION)
    document = rows.filter(title__iexact=title, withdrawn_on=None).first()
    if document is None:
        job = DocumentKind.JOB_DESCRIPTION
        draft = create_document(by=by, kind=job, title=title, unit=unit, new=new)
        report.made.append(title)
    else:
        versions = document.versions.exclude(state=VersionState.DISCARDED)
        last = versions.order_by("-pk").first()
        if last is not None and last.text == one.text:
            report.same.append(title)
            return
        draft = start_version(document.pk, by=by, today=today)
        draft = change_draft(draft.pk, by=by, version=draft.version, new=new)
        report.changed.append(title)
    report.duties += draft.duties.count()
    report.linked += draft.duties.exclude(links=None).count()


def read_duties(draft: DocumentVersion) -> None:
    """Read the duties of a draft anew; what served a duty goes on to serve the same words.

    A duty that is new is served by what is marked in its line, else by what its words are known
    for.
    """
    if not draft.document.is_job_description:
        return
    before = _links_of(draft)
    clauses = read_clauses(draft.text, draft.first_line)
    made = [
        Duty(
            version=draft,
            position=position,
            section=clause.section,
            number=clause.number,
            text=clause.text,
            source_line=clause.line,
            fingerprint=clause.fingerprint,
        )
        for position, clause in enumerate(clauses, start=1)
    ]
    write_lines(draft.duties.all(), made, same=attrgetter("fingerprint"))
    rows = DutyLink.objects.filter(duty__version=draft)
    stands = set(rows.values_list("duty", "capability", "outside_reason"))
    codes = dict(Capability.objects.values_list("code", "pk"))
    links = [
        DutyLink(duty=duty, capability_id=capability, outside_reason=reason)
        for duty, clause in zip(made, clauses, strict=True)
        for capability, reason in before.get(duty.fingerprint) or _known(clause, codes)
        if (duty.pk, capability, reason) not in stands
    ]
    DutyLink.objects.bulk_create(links)


def _links_of(draft: DocumentVersion) -> dict[str, list[Link]]:
    """What serves duties by their words: of the draft itself, then of the version before."""
    found: dict[str, list[Link]] = {}
    published = draft.document.versions.published().order_by("-number").first()
    for version in (published, draft):
        if version is None:
            continue
        rows = DutyLink.objects.filter(duty__version=version).order_by("pk")
        own: dict[str, list[Link]] = {}
        for words, capability, reason in rows.values_list(
            "duty__fingerprint", "capability", "outside_reason"
        ):
            link = (capability, reason)
            if link not in own.setdefault(words, []):
                own[words].append(link)
        found |= own
    return found


def _known(clause: Clause, codes: dict[str, int]) -> list[Link]:
    if clause.codes:
        return [(codes[code], "") for code in dict.fromkeys(clause.codes) if code in codes]
    known = known_duties().get(clause.fingerprint)
    if known is None:
        return []
    if known.outside:
        return [(None, known.outside)]
    return [(codes[code], "") for code in known.capabilities if code in codes]


@transaction.atomic
def link_duty(
    duty_id: int, *, by: User, capabilities: Iterable[Capability], outside_reason: str
) -> Duty:
    """Say what serves a duty, or why nothing does; also of a published version.

    Raises RuleViolation when both are said.
    """
    if not permissions.can_map(by):
        raise PermissionDenied
    duty: Duty = Duty.objects.visible_to(by).select_for_update(of=("self",)).get(pk=duty_id)
    wanted, reason = {one.pk for one in capabilities}, outside_reason.strip()
    if wanted and reason:
        text = _("Either a capability serves the duty, or there is a reason why none does.")
        raise RuleViolation(text, field="outside_reason")
    with verb("library.linked", by=by):
        kept = duty.links.filter(capability__in=wanted)
        duty.links.exclude(pk__in=kept.values("pk")).delete()
        known = set(kept.values_list("capability", flat=True))
        for pk in sorted(wanted - known):
            DutyLink.objects.create(duty=duty, capability_id=pk)
        if reason:
            DutyLink.objects.create(duty=duty, outside_reason=reason[:200])
    return duty


@transaction.atomic
def change_capability(
    capability_id: int, *, by: User, version: int, title: str, screens: list[tuple[str, str]]
) -> Capability:
    """Name a capability and its screens: names of addresses with what people call them.

    Raises RuleViolation for an address that is named twice.
    """
    if not permissions.can_map(by):
        raise PermissionDenied
    row: Capability = Capability.objects.select_for_update().get(pk=capability_id)
    if row.version != version:
        raise StaleVersion(of=row)
    names = [name for name, _label in screens]
    if len(names) != len(set(names)):
        raise RuleViolation(_("One address stands here twice."), field="screens")
    with verb("library.mapped", by=by):
        row.title, row.version = title.strip(), row.version + 1
        row.save(update_fields=["title", "version"])
        row.screens.exclude(url_name__in=names).delete()
        for name, label in screens:
            CapabilityScreen.objects.update_or_create(
                capability=row, url_name=name, defaults={"label": label}
            )
    return row
