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


def in_every_state(client, manager):
    """Keys of letters to be answered, answered and closed, and of a draft, for the matrix."""
    more = {"subject": "CANARY письмо", "text": "CANARY текст", "correspondent": "CANARY лицо"}
    made = [incoming(client, manager, **more) for _three in range(3)]
    replied = {"how": "CANARY ответ", "on": TODAY, "today": TODAY}
    letters.note_reply(made[1].pk, by=manager, version=1, **replied)
    letters.close_without_reply(made[2].pk, by=manager, version=1, reason="CANARY причина")
    return {
        "letter": made[0].pk,
        "replied_letter": made[1].pk,
        "closed_letter": made[2].pk,
        "letter_draft": draft(client, manager, text="CANARY черновик").pk,
    }
