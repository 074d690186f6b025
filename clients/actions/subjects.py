"""Writes of requests about personal data (CL-19, D.13)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.consents import end_consents
from clients.models import (
    SUBJECT_MOVES,
    ContactPerson,
    SubjectRequest,
    SubjectRequestKind,
    SubjectRequestState,
)
from clients.permissions import subjects as permissions
from clients.personal_data.subject_words import REQUEST_PREFIX
from crm.accounts.models import Role, User
from crm.calendar import add_working_days
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.notices.actions import notify_many
from crm.numbering import format_number, take_numbers
from crm.states import move
from crm.work.registry import setting

SOON, LATE = "subject.soon", "subject.late"
ENDS_MAILING = (
    SubjectRequestKind.BLOCK,
    SubjectRequestKind.DESTROY,
    SubjectRequestKind.WITHDRAW,
)


def due_of(kind: str, received_on: date) -> date:
    """The last day of the answer: working days of the setting, calendar days after a withdrawal."""
    days = int(setting(f"subjects.{kind}_days"))
    if kind == SubjectRequestKind.WITHDRAW:
        return received_on + timedelta(days=days)
    return add_working_days(received_on, days)


@transaction.atomic
def register_request(
    person_id: int, *, by: User, kind: str, channel: str, received_on: date, note: str,
    now: datetime, today: date,
) -> SubjectRequest:  # fmt: skip
    """Note what a person asks; whoever asks to stop is not written to from this moment on.

    Raises RuleViolation for a day to come and for a person whose data was destroyed.
    """
    person = lock_subject(person_id, by=by)
    if received_on > today:
        raise RuleViolation(_("This day has not come yet."), field="received_on")
    number = take_numbers("subject_request", year=received_on.year)[0]
    with verb("subject.registered", by=by):
        if kind in ENDS_MAILING:
            end_consents(person, now=now, by=by)
        if kind == SubjectRequestKind.BLOCK and person.archived_at is None:
            person.archived_at, person.version = now, person.version + 1
            person.save(update_fields=["archived_at", "version"])
        made: SubjectRequest = SubjectRequest.objects.create(
            number=format_number(REQUEST_PREFIX, received_on.year, number),
            person=person,
            kind=kind,
            channel=channel,
            received_on=received_on,
            due_on=due_of(kind, received_on),
            note=note,
            registered_by=by,
        )
    return made


def lock_subject(person_id: int, *, by: User) -> ContactPerson:
    """A visible person under a lock whose data is still there."""
    rows = ContactPerson.objects.visible_to(by).select_for_update(of=("self",))
    person: ContactPerson = rows.get(pk=person_id)
    if not permissions.keeps_subjects(by):
        raise PermissionDenied
    if person.anonymised_at is not None:
        raise RuleViolation(_("The data of this person has been destroyed already."))
    return person


@transaction.atomic
def answer_request(
    request_id: int, *, by: User, version: int, outcome: str, answer: str, today: date
) -> SubjectRequest:
    """Answer it, or refuse it on a legal ground that the answer names."""
    request = _locked(request_id, by=by, version=version)
    name = "subject.refused" if outcome == SubjectRequestState.REFUSED else "subject.answered"
    with verb(name, by=by):
        move(request, SUBJECT_MOVES, outcome, answer=answer, answered_on=today, answered_by=by)
    return request


@transaction.atomic
def extend_request(request_id: int, *, by: User, version: int, reason: str) -> SubjectRequest:
    """Extend the term once, by the working days of the setting, with a reason (152-ФЗ art. 20)."""
    request = _locked(request_id, by=by, version=version)
    if request.extended_because:
        raise RuleViolation(_("The term has been extended once already."))
    if request.kind == SubjectRequestKind.WITHDRAW:
        raise RuleViolation(_("The term after a withdrawn consent is not extended."))
    request.due_on = add_working_days(request.due_on, int(setting("subjects.extend_days")))
    request.extended_because, request.version = reason, request.version + 1
    with verb("subject.extended", by=by):
        request.save(update_fields=["due_on", "extended_because", "version"])
    return request


def _locked(request_id: int, *, by: User, version: int) -> SubjectRequest:
    rows = SubjectRequest.objects.visible_to(by).select_for_update(of=("self",))
    request: SubjectRequest = rows.get(pk=request_id)
    if not permissions.keeps_subjects(by):
        raise PermissionDenied
    if request.version != version:
        raise StaleVersion(of=request)
    if not request.is_open:
        raise RuleViolation(_("The request has been answered already."))
    return request


@transaction.atomic
def remind_of_requests(*, today: date) -> int:
    """Requests to be answered within the days of the setting, and late ones, once a step."""
    until = add_working_days(today, int(setting("subjects.soon_days")))
    lawyers = list(User.objects.working().filter(role=Role.LAWYER).values_list("pk", flat=True))
    told = 0
    for one in SubjectRequest.objects.open().filter(due_on__lte=until).order_by("pk"):
        kind = LATE if one.is_overdue(today) else SOON
        told += notify_many(
            {*lawyers, one.registered_by_id},
            kind=kind,
            params={"number": one.number, "day": f"{one.due_on:%d.%m.%Y}"},
            url=one.get_absolute_url(),
            dedupe_key=f"{kind}:{one.pk}:{one.due_on}",
        )
    return told
