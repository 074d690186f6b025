"""Rights on correspondence (L478, L567): the client's people, its heads, the director."""

from __future__ import annotations

from clients.models import Client, Correspondence, LetterState
from clients.permissions.clients import sees_all_fields
from clients.permissions.contacts import LOGGERS, can_log_contact
from clients.querysets import FILES_LETTERS
from crm.accounts.models import Role, User
from crm.accounts.scope import scope_of

EXECUTORS = LOGGERS | {Role.ACCOUNTANT, Role.LAWYER}


def can_see_letters(user: User) -> bool:
    """Whoever sees whole client cards."""
    return sees_all_fields(user)


def can_register_letters(user: User) -> bool:
    """People who work with clients, by their own role or as a substitute."""
    return user.is_active and (user.role in LOGGERS or bool(scope_of(user).substituted_ids))


def can_write_to(user: User, client: Client) -> bool:
    """Register and write letters of this client; assumes that the person sees it."""
    return client.archived_at is None and can_log_contact(user, client)


def can_file_letters(user: User) -> bool:
    """Look through what came from unknown senders."""
    return user.is_active and user.role in FILES_LETTERS


def handles(user: User, letter: Correspondence) -> bool:
    """Decides who answers: the client's people and heads, the director; unfiled ones the heads."""
    if letter.client is not None:
        return can_log_contact(user, letter.client)
    return can_file_letters(user) or (user.is_active and letter.registered_by_id == user.pk)


def works_on(user: User, letter: Correspondence) -> bool:
    """The executor, whoever substitutes the executor, and those who decide who it is."""
    executors = {user.pk, *scope_of(user).substituted_ids}
    mine = user.is_active and letter.executor_id in executors
    return mine or handles(user, letter)


def can_file(user: User, letter: Correspondence) -> bool:
    """Say whose letter it is, also once more as long as it is open."""
    free = letter.client is None or letter.is_open
    return letter.direction == "in" and free and works_on(user, letter)


def can_assign(user: User, letter: Correspondence) -> bool:
    """Name the executor and the day."""
    return letter.is_open and handles(user, letter)


def can_take(user: User, letter: Correspondence) -> bool:
    """Begin to work on it."""
    waits = letter.state in {LetterState.REGISTERED, LetterState.ASSIGNED}
    return waits and user.role in EXECUTORS and works_on(user, letter)


def can_reply(user: User, letter: Correspondence) -> bool:
    """Write the answer; one that is being written is gone on with."""
    is_free = letter.reply is None
    return letter.is_open and letter.client is not None and is_free and works_on(user, letter)


def can_settle(user: User, letter: Correspondence) -> bool:
    """Note that it was answered in another way, or needs no answer."""
    return letter.is_open and works_on(user, letter)


def can_close(user: User, letter: Correspondence) -> bool:
    """The exchange is over."""
    return letter.state == LetterState.REPLIED and works_on(user, letter)


def can_reopen(user: User, letter: Correspondence) -> bool:
    """Closed by mistake."""
    closed = letter.state == LetterState.CLOSED
    return closed and user.role in EXECUTORS and works_on(user, letter)


def can_edit_draft(user: User, letter: Correspondence) -> bool:
    """Change and send an outgoing letter that has not gone out."""
    return letter.state == LetterState.DRAFT and (
        works_on(user, letter) or any(works_on(user, one) for one in letter.answered.all())
    )


def can_add_letter_files(user: User, letter: Correspondence) -> bool:
    """Scans belong to letters that are open or being written, and to those that were sent."""
    return letter.state != LetterState.CLOSED and (
        works_on(user, letter) or can_edit_draft(user, letter)
    )
