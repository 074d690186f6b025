"""Letters in any state, registered by the product's own action."""

from datetime import date
from uuid import uuid4

from clients.actions import letter_drafts, letters
from clients.actions.letters import NewLetter

TODAY = date(2026, 11, 23)  # a Monday


def incoming(client, by, *, on=TODAY, today=None, **more):
    """A letter of the client, whose manager becomes the executor."""
    more.setdefault("subject", "Просим прислать спецификацию")
    new = NewLetter(on_day=on, **more)
    pk = client.pk if client else None
    return letters.register_letter(pk, new, by=by, key=uuid4(), today=today or on)


def draft(client, by, *, today=TODAY, **more):
    """An outgoing letter that has not gone out."""
    more.setdefault("subject", "Наш ответ")
    more.setdefault("text", "Добрый день!")
    more.setdefault("address", "client@example.com")
    made = letter_drafts.Draft(**more)
    return letter_drafts.start_letter(client.pk, made, by=by, key=uuid4(), today=today)


def reply(letter, by, *, today=TODAY, **more):
    """The draft of the answer to a letter."""
    more.setdefault("subject", f"Re: {letter.subject}")
    more.setdefault("text", "Добрый день! Отвечаем.")
    more.setdefault("address", "client@example.com")
    made = letter_drafts.Draft(**more)
    return letter_drafts.start_reply(
        letter.pk, made, by=by, version=letter.version, key=uuid4(), today=today
    )
