"""Writes of outgoing letters: the draft, its sending, what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clients import permissions
from clients.actions.letters import (
    absent,
    check_person,
    lock_letter,
    move_letter,
    next_number,
    writable_client,
)
from clients.letters.letter_mail import LETTER
from clients.models import (
    Client,
    ContactPerson,
    Correspondence,
    LetterChannel,
    LetterDirection,
    LetterState,
)
from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.files.models import Attachment
from crm.files.policy import MB
from crm.history import verb
from crm.notices import actions as notices
from crm.numbering import one_at_a_time
from crm.work.registry import setting


@dataclass(frozen=True)
class Draft:
    """What an outgoing letter says, to whom and by which way."""

    subject: str
    text: str
    channel: str = LetterChannel.EMAIL
    kind: str = "letter"
    person: ContactPerson | None = None
    address: str = ""


def start_letter(
    client_id: int, draft: Draft, *, by: User, key: UUID, today: date
) -> Correspondence:
    """A draft to a client, once per `key`."""
    with transaction.atomic():
        one_at_a_time(key)
        known = Correspondence.objects.visible_to(by).filter(idempotency_key=key).first()
        if known is not None:
            return known  # type: ignore[no-any-return]
        client = writable_client(client_id, by)
        return _enter(client, draft, by=by, key=key, today=today, thread=uuid4())


def start_reply(
    letter_id: int, draft: Draft, *, by: User, version: int, key: UUID, today: date
) -> Correspondence:
    """A draft of the answer; the letter is in work from now on."""
    with transaction.atomic():
        one_at_a_time(key)
        known = Correspondence.objects.visible_to(by).filter(idempotency_key=key).first()
        if known is not None:
            return known  # type: ignore[no-any-return]
        letter = lock_letter(letter_id, by=by, version=version)
        if not permissions.can_reply(by, letter):
            raise PermissionDenied
        assert letter.client is not None
        made = _enter(letter.client, draft, by=by, key=key, today=today, thread=letter.thread)
        _begin(letter, made, by)
        return made


def _begin(letter: Correspondence, made: Correspondence, by: User) -> None:
    """The letter names its draft; whoever writes it is at work on the letter."""
    letter.reply = made
    if letter.state != LetterState.IN_WORK:
        move_letter(letter, LetterState.IN_WORK, "letter.taken", by=by, executor=by, reply=made)
        return
    letter.version += 1
    with verb("letter.reply_begun", by=by, on_behalf_of=absent(by, letter.client)):
        letter.save(update_fields=["reply", "version"])


@transaction.atomic
def edit_draft(letter_id: int, draft: Draft, *, by: User, version: int) -> Correspondence:
    """Another text, another address."""
    letter = lock_letter(letter_id, by=by, version=version)
    if not permissions.can_edit_draft(by, letter):
        raise PermissionDenied
    check_person(draft.person, letter.client)
    changes = {
        "subject": draft.subject,
        "text": draft.text,
        "channel": draft.channel,
        "kind": draft.kind,
        "person": draft.person,
        "correspondent": draft.person.full_name if draft.person else "",
        "address": _address(draft),
    }
    for name, value in changes.items():
        setattr(letter, name, value)
    letter.version += 1
    with verb("letter.draft_changed", by=by, on_behalf_of=absent(by, letter.client)):
        letter.save(update_fields=[*changes, "version"])
    return letter


@transaction.atomic
def send_letter(letter_id: int, *, by: User, version: int, today: date) -> Correspondence:
    """Register the draft as sent today; by e-mail it goes out through the outbox.

    What it answers is answered.
    """
    draft = lock_letter(letter_id, by=by, version=version)
    if not permissions.can_edit_draft(by, draft):
        raise PermissionDenied
    by_email = draft.channel == LetterChannel.EMAIL
    if not draft.text.strip() and by_email:
        raise RuleViolation(_("The letter is empty."), field="text")
    if by_email:
        _check_mail(draft)
    move_letter(
        draft,
        LetterState.SENT,
        "letter.sent",
        by=by,
        reg_no=next_number(LetterDirection.OUT, today.year),
        on_day=today,
        message_id=f"{uuid4()}@klientura" if by_email else "",
    )
    _answer(draft, by, today)
    if by_email:
        notices.write_to(
            draft.address, kind=LETTER, params={"letter": draft.pk}, dedupe_key=f"letter:{draft.pk}"
        )
    return draft


def _check_mail(draft: Correspondence) -> None:
    if not draft.address:
        raise RuleViolation(_("Enter the e-mail address."), field="address")
    most = setting("letters.send_mb")
    if Attachment.objects.of("letter", draft.pk).open().bytes() > most * MB:
        text = _("The files are larger than %(most)s MB together: a mail server may reject them.")
        raise RuleViolation(text % {"most": most})


def _answer(draft: Correspondence, by: User, today: date) -> None:
    """Letters that wait for this draft; whoever closed one meanwhile is not overruled."""
    rows = Correspondence.objects.open().filter(reply=draft).select_related("client__manager")
    for letter in rows.select_for_update(of=("self",)).order_by("pk"):
        move_letter(
            letter, LetterState.REPLIED, "letter.replied", by=by,
            replied_on=max(today, letter.on_day), reply=draft,
        )  # fmt: skip


def _enter(
    client: Client, draft: Draft, *, by: User, key: UUID, today: date, thread: UUID
) -> Correspondence:
    check_person(draft.person, client)
    letter = Correspondence(
        client=client,
        direction=LetterDirection.OUT,
        state=LetterState.DRAFT,
        kind=draft.kind,
        channel=draft.channel,
        person=draft.person,
        correspondent=draft.person.full_name if draft.person else "",
        address=_address(draft),
        on_day=today,
        subject=draft.subject,
        text=draft.text,
        executor=by,
        registered_by=by,
        thread=thread,
        idempotency_key=key,
    )
    with verb("letter.draft_begun", by=by, on_behalf_of=absent(by, client)):
        letter.save(force_insert=True)
    return letter


def _address(draft: Draft) -> str:
    return draft.address or (draft.person.email if draft.person else "")
