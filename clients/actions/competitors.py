"""Writes of competitors and of what is learnt about them (CL-15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients import permissions
from clients.actions.locks import absent_owner
from clients.models import MEASURED, Client, Competitor, CompetitorNote
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.numbering import one_at_a_time

PERCENTAGES = ("discount", "retro")


@dataclass(frozen=True, kw_only=True)
class CompetitorValues:
    """What is known of a competitor."""

    name: str
    site: str = ""
    territory: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class NoteValues:
    """What was learnt; `value` in the unit of the aspect: roubles, percent, calendar days."""

    aspect: str
    source: str
    noted_on: date
    value: Decimal | None = None
    text: str = ""


def create_competitor(values: CompetitorValues, *, by: User, key: UUID) -> Competitor:
    """A competitor, once per `key`; RuleViolation for a name that is known already."""
    with transaction.atomic():
        one_at_a_time(key)
        known = Competitor.objects.filter(idempotency_key=key, author=by).first()
        if known is not None:
            return known  # type: ignore[no-any-return]
        if not permissions.can_edit_competitors(by):
            raise PermissionDenied
        competitor = Competitor(author=by, idempotency_key=key)
        _put(competitor, values)
        with verb("competitor.created", by=by):
            competitor.save(force_insert=True)
        return competitor


@transaction.atomic
def edit_competitor(
    competitor_id: int, values: CompetitorValues, *, by: User, version: int
) -> Competitor:
    """Change what is known of it."""
    competitor = _locked(competitor_id, by, version)
    if not permissions.can_edit_competitor(by, competitor):
        raise PermissionDenied
    _put(competitor, values)
    _save(competitor, [*COLUMNS], "competitor.changed", by=by)
    return competitor


@transaction.atomic
def archive_competitor(competitor_id: int, *, by: User, version: int) -> Competitor:
    """It competes no more; its notes stay."""
    competitor = _locked(competitor_id, by, version)
    if not permissions.can_edit_competitor(by, competitor):
        raise PermissionDenied
    competitor.archived_at = timezone.now()
    _save(competitor, ["archived_at"], "competitor.archived", by=by)
    return competitor


@transaction.atomic
def restore_competitor(competitor_id: int, *, by: User, version: int) -> Competitor:
    """It competes again; RuleViolation while another one has its name."""
    competitor = _locked(competitor_id, by, version)
    if not permissions.can_restore_competitor(by, competitor):
        raise PermissionDenied
    _only_one(competitor)
    competitor.archived_at = None
    _save(competitor, ["archived_at"], "competitor.restored", by=by)
    return competitor


def add_note(
    competitor_id: int,
    values: NoteValues,
    *,
    by: User,
    key: UUID,
    today: date,
    client_id: int | None = None,
) -> CompetitorNote:
    """Write down what was learnt, of a client or in general, once per `key`."""
    with transaction.atomic():
        one_at_a_time(key)
        known = CompetitorNote.objects.filter(idempotency_key=key, author=by).first()
        if known is not None:
            return known  # type: ignore[no-any-return]
        client = Client.objects.visible_to(by).get(pk=client_id) if client_id else None
        competitor = _locked(competitor_id, by)
        if not permissions.can_edit_competitor(by, competitor):
            raise PermissionDenied
        if client is not None and not permissions.can_note_of_client(by, client):
            raise PermissionDenied
        note = CompetitorNote(competitor=competitor, client=client, author=by, idempotency_key=key)
        _put_note(note, values, today)
        with verb("competitor.noted", by=by, on_behalf_of=client and absent_owner(client, by)):
            note.save(force_insert=True)
        return note


@transaction.atomic
def edit_note(
    note_id: int, values: NoteValues, *, by: User, version: int, today: date
) -> CompetitorNote:
    """Put right what was written down: the author, or a head."""
    rows = CompetitorNote.objects.visible_to(by).select_for_update(of=("self",))
    note: CompetitorNote = rows.select_related("competitor", "client").get(pk=note_id)
    if note.version != version:
        raise StaleVersion(of=note)
    if not permissions.can_edit_note(by, note):
        raise PermissionDenied
    _put_note(note, values, today)
    note.version += 1
    owner = absent_owner(note.client, by) if note.client else None
    with verb("competitor.note_changed", by=by, on_behalf_of=owner):
        note.save(update_fields=[*NOTE_COLUMNS, "version"])
    return note


COLUMNS = ("name", "site", "territory", "description")
NOTE_COLUMNS = ("aspect", "value", "text", "source", "noted_on")


def _put(competitor: Competitor, values: CompetitorValues) -> None:
    for name in COLUMNS:
        setattr(competitor, name, getattr(values, name))
    _only_one(competitor)


def _only_one(competitor: Competitor) -> None:
    others = Competitor.objects.open().filter(name__iexact=competitor.name)
    if others.exclude(pk=competitor.pk).exists():
        raise RuleViolation(_("A competitor of this name is in the register."), field="name")


def _put_note(note: CompetitorNote, values: NoteValues, today: date) -> None:
    if values.noted_on > today:
        raise RuleViolation(_("This day lies ahead."), field="noted_on")
    if values.value is None and not values.text:
        raise RuleViolation(_("Write down what was learnt, in words or as a number."), field="text")
    if values.value is not None and values.aspect not in MEASURED:
        raise RuleViolation(
            _("A number is for prices, discounts, deferrals and bonuses."), field="value"
        )
    if values.value is not None and values.aspect in PERCENTAGES and values.value > 100:
        raise RuleViolation(_("A percentage is at most 100."), field="value")
    for name in NOTE_COLUMNS:
        setattr(note, name, getattr(values, name))


def _save(competitor: Competitor, fields: list[str], name: str, *, by: User) -> None:
    competitor.version += 1
    with verb(name, by=by):
        competitor.save(update_fields=[*fields, "version"])


def _locked(competitor_id: int, by: User, version: int | None = None) -> Competitor:
    rows = Competitor.objects.visible_to(by).select_for_update(of=("self",))
    competitor: Competitor = rows.get(pk=competitor_id)
    if version is not None and competitor.version != version:
        raise StaleVersion(of=competitor)
    return competitor
