"""Library of the demo: policies in force, a draft, job descriptions with words of its own."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from crm.accounts.models import User
from crm.library import actions
from crm.library.actions import NewText
from crm.library.models import Acknowledgement, DocumentVersion
from crm.library.seeds.capabilities import seed_capabilities
from reports.demo import library_texts as texts
from reports.demo.people import Staff


def add_library(staff: Staff, today: date) -> None:
    """Everything is published some time ago; half of the people have read it."""
    seed_capabilities()
    admin = staff.by_login["admin"]
    for number, (kind, title, roles, ago, order_no, text) in enumerate(texts.DOCUMENTS):
        day = today - timedelta(days=ago)
        order_on = day - timedelta(days=3) if order_no else None
        new = NewText(text, day, order_no=order_no, order_on=order_on, roles=roles)
        draft = actions.create_document(by=admin, kind=kind, title=title, unit=None, new=new)
        version = _publish(draft, admin, day)
        _read(version, staff, day + timedelta(days=2), number)
    _correct(staff, today)
    head = staff.by_login["head"]
    new = NewText(texts.DRAFT, today + timedelta(days=14), roles=["manager"])
    unit = head.org_unit
    actions.create_document(
        by=head, kind="regulation", title="Регламент работы с сетями", unit=unit, new=new
    )


def _publish(draft: DocumentVersion, by: User, day: date) -> DocumentVersion:
    shown = DocumentVersion.objects.get(pk=draft.pk)
    return actions.publish_version(shown.pk, by=by, version=shown.version, now=_at(day))


def _read(version: DocumentVersion, staff: Staff, day: date, number: int) -> None:
    """Heads and every other manager read at once; of the last document nobody."""
    known = [staff.by_login[login] for login in ("head", "sector", "director", "manager2")]
    rows = DocumentVersion.objects.filter(pk=version.pk)
    for person in known if number % 3 else known[:2]:
        if rows.waiting_for(person, day).exists():
            digest = version.digest
            actions.acknowledge_version(version.pk, by=person, digest=digest, now=_at(day))
    if number % 3:
        _read_by_many(version, staff.managers[4::2], day)


def _read_by_many(version: DocumentVersion, people: list[User], day: date) -> None:
    """People of one role and unit have the same to read."""
    rows, waiting = DocumentVersion.objects.filter(pk=version.pk), {}
    for person in people:
        if person.org_unit_id not in waiting:
            waiting[person.org_unit_id] = rows.waiting_for(person, day).exists()
    Acknowledgement.objects.bulk_create(
        Acknowledgement(version=version, person=person, at=_at(day), digest=version.digest)
        for person in people
        if waiting[person.org_unit_id]
    )


def _correct(staff: Staff, today: date) -> None:
    """The client policy has a second version, in force since the day before yesterday."""
    admin, day = staff.by_login["admin"], today - timedelta(days=2)
    first = DocumentVersion.objects.published().get(document__title=texts.CORRECTED)
    draft = actions.start_version(first.document_id, by=admin, today=day)
    text = f"{first.text}\n\n## Изменение\n{texts.CORRECTION}"
    new = NewText(
        text,
        day,
        summary=texts.CORRECTION,
        order_no="48",
        order_on=day - timedelta(days=1),
        roles=first.roles,
    )
    draft = actions.change_draft(draft.pk, by=admin, version=draft.version, new=new)
    _publish(draft, admin, day)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10, 0), timezone.get_default_timezone())
