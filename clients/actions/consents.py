"""Writes of consents: noted by us, withdrawn by us or by the person's own link (D.13)."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import permissions
from clients.actions.locks import absent_owner
from clients.actions.people import lock_person
from clients.models import ContactPerson, PersonalDataConsent, SurveyInvitation
from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from crm.refusals import politely

ONCE = {"consent_one_in_force": (gettext_lazy("This consent has already been recorded."), None)}


@transaction.atomic
def give_consent(
    person_id: int, *, by: User, given_on: date, channel: str, text_version: str, today: date
) -> PersonalDataConsent:
    """Note that the person agrees to mailings and surveys, by which way and to which text."""
    person = lock_person(person_id, by=by)
    if not permissions.can_note_consent(by, person):
        raise PermissionDenied
    if given_on > today:
        raise RuleViolation(_("This day has not come yet."), field="given_on")
    with verb("consent.given", by=by, on_behalf_of=absent_owner(person.client, by)), politely(ONCE):
        made: PersonalDataConsent = PersonalDataConsent.objects.create(
            person=person, given_on=given_on, channel=channel, text_version=text_version,
            noted_by=by,
        )  # fmt: skip
    return made


@transaction.atomic
def withdraw_consent(person_id: int, *, by: User, now: datetime) -> None:
    """The person does not want to be written to; links that wait for an answer end."""
    person = lock_person(person_id, by=by)
    if not permissions.can_note_consent(by, person):
        raise PermissionDenied
    with verb("consent.withdrawn", by=by, on_behalf_of=absent_owner(person.client, by)):
        end_consents(person, now=now, by=by)


def end_consents(person: ContactPerson, *, now: datetime, by: User | None) -> None:
    """In the caller's transaction: nothing is in force any more, no link is open."""
    rows = PersonalDataConsent.objects.in_force().filter(person=person)
    for consent in rows.select_for_update(of=("self",)):
        consent.withdrawn_at, consent.withdrawn_by = now, by
        consent.save(update_fields=["withdrawn_at", "withdrawn_by"])
    waiting = SurveyInvitation.objects.filter(person=person, response=None, revoked_at=None)
    waiting.update(revoked_at=now)
