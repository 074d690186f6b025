"""What the page of one letter and the tab of the card show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from clients import permissions
from clients.letters.letter_mail import LETTER
from clients.letters.letter_makers import Made, Maker, made_of, makers_for
from clients.lists.letters import due_cell, state_chip
from clients.models import Client, Correspondence
from crm.accounts.models import User
from crm.notices.models import Notice

THREAD = 100
OF_CLIENT = 20


@dataclass(frozen=True)
class LetterLine:
    """A letter in a table: its state and its term as they are shown."""

    letter: Correspondence

    @property
    def state(self) -> str:
        return state_chip(self.letter)

    @property
    def due(self) -> str:
        return due_cell(self.letter)


@dataclass(frozen=True)
class LetterPage:
    """One letter for one person; every part is read when it is shown."""

    letter: Correspondence
    user: User
    today: date

    @property
    def state(self) -> str:
        return state_chip(self.letter)

    @property
    def due(self) -> str:
        return due_cell(self.letter)

    @cached_property
    def thread(self) -> list[LetterLine]:
        """The whole exchange as far as the person sees it, this letter among it."""
        rows = Correspondence.objects.visible_to(self.user).in_thread(self.letter.thread)
        return [LetterLine(row) for row in rows.for_list()[:THREAD]]

    @cached_property
    def answered(self) -> list[Correspondence]:
        """Letters that this one answers."""
        rows = Correspondence.objects.visible_to(self.user).filter(reply=self.letter)
        return list(rows.order_by("pk"))

    @cached_property
    def mail(self) -> Notice | None:
        """The e-mail in the outbox."""
        key = f"letter:{self.letter.pk}"
        return Notice.objects.filter(user=None, kind=LETTER, dedupe_key=key).first()

    @cached_property
    def makers(self) -> list[tuple[Maker, str]]:
        """What can be made of it."""
        return makers_for(self.user, self.letter)

    @cached_property
    def made(self) -> list[Made]:
        """What was made of it."""
        return made_of(self.letter, self.user)

    @property
    def may_file(self) -> bool:
        return permissions.can_file(self.user, self.letter)

    @property
    def may_assign(self) -> bool:
        return permissions.can_assign(self.user, self.letter)

    @property
    def may_take(self) -> bool:
        return permissions.can_take(self.user, self.letter)

    @property
    def may_reply(self) -> bool:
        return permissions.can_reply(self.user, self.letter)

    @property
    def may_settle(self) -> bool:
        return permissions.can_settle(self.user, self.letter)

    @property
    def may_close(self) -> bool:
        return permissions.can_close(self.user, self.letter)

    @property
    def may_reopen(self) -> bool:
        return permissions.can_reopen(self.user, self.letter)

    @cached_property
    def may_edit(self) -> bool:
        return permissions.can_edit_draft(self.user, self.letter)


@dataclass(frozen=True)
class LettersOfClient:
    """The tab of the card: the last letters and the open ones."""

    client: Client
    user: User

    @cached_property
    def lines(self) -> list[LetterLine]:
        rows = Correspondence.objects.visible_to(self.user).filter(client=self.client)
        return [LetterLine(row) for row in rows.for_list().order_by("-on_day", "-pk")[:OF_CLIENT]]

    @cached_property
    def waiting(self) -> int:
        """How many are to be answered."""
        rows = Correspondence.objects.visible_to(self.user).filter(client=self.client)
        return rows.open().count()

    @property
    def may_write(self) -> bool:
        return permissions.can_write_to(self.user, self.client)
