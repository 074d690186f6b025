"""Writes of incoming letters: registered, filed, assigned, answered, closed (C.5 no. 32)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clients import permissions
from clients.actions.locks import absent_owner
from clients.hooks import Taken
from clients.letters.letter_numbers import INCOMING, OUTGOING
from clients.letters.letter_terms import reply_due
from clients.models import (
    LETTER_MOVES,
    Client,
    ContactPerson,
    Correspondence,
    LetterDirection,
    LetterState,
)
from crm.accounts.models import User
from crm.calendar import add_working_days
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.notices.actions import notify
from crm.numbering import format_number, one_at_a_time, take_numbers
from crm.said import joined
from crm.states import move
from crm.work.registry import setting

PREFIXES = {LetterDirection.IN: INCOMING, LetterDirection.OUT: OUTGOING}
ASSIGNED = "letter.assigned"


@dataclass(frozen=True)
class NewLetter:
    """What stands on a letter that is registered."""

    on_day: date
    subject: str
    direction: str = LetterDirection.IN
    kind: str = "letter"
    channel: str = "email"
    text: str = ""
    person: ContactPerson | None = None
    correspondent: str = ""
    address: str = ""
    their_no: str = ""
    executor: User | None = None
    reply_due: date | None = None
    remarks: str = ""
    message_id: str = ""
    thread: UUID | None = None
    no_reply_reason: str = ""


def register_letter(
    client_id: int | None, new: NewLetter, *, by: User, key: UUID, today: date
) -> Correspondence:
    """Give a letter its number, executor and last day, once per `key`."""
    with transaction.atomic():
        one_at_a_time(key)
        known = Correspondence.objects.visible_to(by).filter(idempotency_key=key).first()
        if known is not None:
            return known  # type: ignore[no-any-return]
        client = writable_client(client_id, by) if client_id else None
        if client is None and not permissions.can_register_letters(by):
            raise PermissionDenied
        if new.on_day > today:
            raise RuleViolation(_("This day has not come yet."), field="on_day")
        check_person(new.person, client)
        check_executor(new.executor, client)
        if client is None and new.direction == LetterDirection.OUT:
            raise RuleViolation(_("Choose the client to whom it was sent."), field="client")
        return enter(client, new, by=by, key=key)


def enter(
    client: Client | None, new: NewLetter, *, by: User | None, key: UUID | None = None
) -> Correspondence:
    """The row of a letter, in the caller's transaction, which has checked everything."""
    incoming = new.direction == LetterDirection.IN
    executor = new.executor or (client.manager if client and incoming else None)
    state = LetterState.SENT
    if incoming:
        state = LetterState.ASSIGNED if executor else LetterState.REGISTERED
    if new.no_reply_reason:
        state = LetterState.CLOSED
    letter = Correspondence(
        client=client,
        direction=new.direction,
        reg_no=next_number(new.direction, new.on_day.year),
        state=state,
        executor=executor or (None if incoming else by),
        reply_due=(new.reply_due or reply_due(new.kind, new.on_day, client)) if incoming else None,
        due_by_hand=new.reply_due is not None,
        thread=new.thread or uuid4(),
        registered_by=by,
        idempotency_key=key,
        **{name: getattr(new, name) for name in COPIED},
    )
    with verb("letter.registered", by=by, on_behalf_of=absent(by, client)):
        letter.save(force_insert=True)
    tell_executor(letter, by)
    return letter


COPIED = (
    "kind", "channel", "person", "correspondent", "address", "their_no", "on_day", "subject",
    "text", "remarks", "message_id", "no_reply_reason",
)  # fmt: skip


def next_number(direction: str, year: int) -> str:
    """The next registration number of the direction and year."""
    (number,) = take_numbers(f"letter_{direction}", year=year)
    return format_number(PREFIXES[LetterDirection(direction)], year, number)


@transaction.atomic
def file_letter(
    letter_id: int, *, by: User, version: int, client: Client, person: ContactPerson | None = None
) -> Correspondence:
    """Say whose letter it is; its manager becomes the executor where there is none."""
    letter = lock_letter(letter_id, by=by, version=version)
    if not permissions.can_file(by, letter):
        raise PermissionDenied
    check_person(person, client)
    letter.client, letter.person = client, person
    if not letter.is_open:
        return _saved(letter, "letter.filed", by, "client", "person")
    if not letter.due_by_hand:
        letter.reply_due = reply_due(letter.kind, letter.on_day, client)
    if letter.executor is None and client.manager is not None:
        letter.executor, letter.state = client.manager, LetterState.ASSIGNED
        tell_executor(letter, by)
    return _saved(letter, "letter.filed", by, "client", "person", "executor", "state", "reply_due")


@transaction.atomic
def assign_letter(
    letter_id: int, *, by: User, version: int, executor: User, kind: str, reply_due: date
) -> Correspondence:
    """Name who answers, by which day, and what kind of letter it is."""
    letter = lock_letter(letter_id, by=by, version=version)
    if not permissions.can_assign(by, letter):
        raise PermissionDenied
    check_executor(executor, letter.client)
    if reply_due < letter.on_day:
        raise RuleViolation(_("The last day is before the letter came."), field="reply_due")
    by_hand = letter.due_by_hand or reply_due != letter.reply_due
    changed = letter.executor_id != executor.pk
    letter.executor, letter.kind = executor, kind
    letter.reply_due, letter.due_by_hand = reply_due, by_hand
    fields = ["executor", "kind", "reply_due", "due_by_hand"]
    if changed or letter.state == LetterState.REGISTERED:
        letter.state = LetterState.ASSIGNED
        tell_executor(letter, by)
    return _saved(letter, ASSIGNED, by, *fields, "state")


@transaction.atomic
def take_letter(letter_id: int, *, by: User, version: int) -> Correspondence:
    """Begin to work on it: whoever takes it is its executor."""
    letter = lock_letter(letter_id, by=by, version=version)
    if not permissions.can_take(by, letter):
        raise PermissionDenied
    return move_letter(letter, LetterState.IN_WORK, "letter.taken", by=by, executor=by)


@transaction.atomic
def note_reply(
    letter_id: int, *, by: User, version: int, on: date, how: str, today: date
) -> Correspondence:
    """Answered by telephone or at a meeting: no letter of ours, but the day and in which way."""
    letter = lock_letter(letter_id, by=by, version=version)
    if not permissions.can_settle(by, letter):
        raise PermissionDenied
    if not letter.on_day <= on <= today:
        raise RuleViolation(_("Between the day of the letter and today."), field="on")
    drop_draft(letter)
    remarks = joined("\n", filter(None, (letter.remarks, how)))
    return move_letter(
        letter, LetterState.REPLIED, "letter.replied", by=by, replied_on=on, remarks=remarks
    )


@transaction.atomic
def close_without_reply(letter_id: int, *, by: User, version: int, reason: str) -> Correspondence:
    """No answer is needed, and why."""
    letter = lock_letter(letter_id, by=by, version=version)
    if not permissions.can_settle(by, letter):
        raise PermissionDenied
    drop_draft(letter)
    return move_letter(letter, LetterState.CLOSED, "letter.no_reply", by=by, no_reply_reason=reason)


@transaction.atomic
def close_letter(letter_id: int, *, by: User, version: int) -> Correspondence:
    """The answer was enough."""
    letter = lock_letter(letter_id, by=by, version=version)
    if not permissions.can_close(by, letter):
        raise PermissionDenied
    return move_letter(letter, LetterState.CLOSED, "letter.closed", by=by)


@transaction.atomic
def reopen_letter(letter_id: int, *, by: User, version: int) -> Correspondence:
    """Closed by mistake: whoever opens it again works on it."""
    letter = lock_letter(letter_id, by=by, version=version)
    if not permissions.can_reopen(by, letter):
        raise PermissionDenied
    emptied: dict[str, Any] = {"no_reply_reason": "", "replied_on": None, "reply": None}
    return move_letter(
        letter, LetterState.IN_WORK, "letter.reopened", by=by, executor=by, **emptied
    )


def follow_handover(taken: Sequence[Taken], today: date) -> None:
    """What the former manager has not answered goes to the new one with the client."""
    for one in taken:
        rows = Correspondence.objects.open().filter(client=one.client_id, executor=one.former_id)
        for letter in rows.select_for_update(of=("self",)).order_by("pk"):
            letter.executor_id, letter.state = one.manager_id, LetterState.ASSIGNED
            letter.version += 1
            with verb("letter.handed_over", by=None):
                letter.save(update_fields=["executor", "state", "version"])


def lock_letter(letter_id: int, *, by: User, version: int) -> Correspondence:
    """A visible letter under a lock, as the page showed it."""
    rows = Correspondence.objects.visible_to(by).select_for_update(of=("self",))
    people = ("client__manager", "client__org_unit", "executor", "reply")
    letter: Correspondence = rows.select_related(*people).get(pk=letter_id)
    if letter.version != version:
        raise StaleVersion(of=letter)
    return letter


def writable_client(client_id: int, by: User) -> Client:
    """A visible client to whom the person writes."""
    rows = Client.objects.visible_to(by).select_related("manager", "org_unit")
    client: Client = rows.get(pk=client_id)
    if not permissions.can_write_to(by, client):
        raise PermissionDenied
    return client


def check_person(person: ContactPerson | None, client: Client | None) -> None:
    """The contact person belongs to the client."""
    if person is not None and (client is None or person.client_id != client.pk):
        raise RuleViolation(_("This person works for another client."), field="person")


def check_executor(executor: User | None, client: Client | None) -> None:
    """Whoever is to answer sees the client and answers letters at all."""
    if executor is None:
        return
    able = executor.is_active and executor.role in permissions.EXECUTORS
    if client is not None and able:
        able = Client.objects.visible_to(executor).filter(pk=client.pk).exists()
    if not able:
        raise RuleViolation(_("This person does not see the client."), field="executor")


def move_letter(
    letter: Correspondence, state: str, name: str, *, by: User | None, **changes: Any
) -> Correspondence:
    """Move a locked letter on, with what goes along."""
    with verb(name, by=by, on_behalf_of=absent(by, letter.client)):
        move(letter, LETTER_MOVES, state, **changes)
    return letter


def drop_draft(letter: Correspondence) -> None:
    """An answer that was begun is not sent: the draft stays without the letter it was for."""
    if letter.reply is not None and letter.reply.state == LetterState.DRAFT:
        letter.reply = None
        letter.save(update_fields=["reply"])


def absent(by: User | None, client: Client | None) -> User | None:
    """The absent person for whom the substitute works."""
    return absent_owner(client, by) if by is not None and client is not None else None


def tell_executor(letter: Correspondence, by: User | None) -> None:
    """Whoever has to answer and has not named oneself."""
    if letter.executor_id is None or not letter.is_open:
        return
    if by is not None and letter.executor_id == by.pk:
        return
    assert letter.reply_due is not None
    day = f"{letter.reply_due:%d.%m.%Y}"
    notify(
        letter.executor_id,
        kind=ASSIGNED,
        params={"letter": str(letter), "day": day, "client": str(letter.client or "—")},
        url=letter.get_absolute_url() if letter.pk else "",
        dedupe_key=f"{ASSIGNED}:{letter.pk}:{letter.executor_id}:{letter.version}",
    )


def _saved(letter: Correspondence, name: str, by: User, *fields: str) -> Correspondence:
    letter.version += 1
    with verb(name, by=by, on_behalf_of=absent(by, letter.client)):
        letter.save(update_fields=[*fields, "version"])
    return letter


def close_replied(*, today: date) -> int:
    """Answered letters to which the client has written nothing for `letters.close_days`."""
    before = add_working_days(today + timedelta(days=1), -setting("letters.close_days"))
    count = 0
    rows = Correspondence.objects.filter(state=LetterState.REPLIED, replied_on__lt=before)
    with transaction.atomic():
        for letter in rows.select_for_update(of=("self",)).order_by("pk"):
            move_letter(letter, LetterState.CLOSED, "letter.closed", by=None)
            count += 1
    return count
