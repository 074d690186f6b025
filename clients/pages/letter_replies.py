"""What the editor of a letter is filled with."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from clients.models import Client, ContactPerson, Correspondence
from crm.accounts.models import User
from crm.phones import format_phone

QUOTED_LINES = 40
SUBJECT = 300


def started(client: Client, user: User) -> dict[str, Any]:
    """A new letter: to the person who decides, signed by whoever writes."""
    people = ContactPerson.objects.visible_to(user).open().filter(client=client)
    person = people.exclude(email="").first()
    values = {"person": person.pk if person else None, "address": person.email if person else ""}
    return {"kind": "letter", "channel": "email", "text": _text("", user), **values}


def to_answer(letter: Correspondence, user: User) -> dict[str, Any]:
    """An answer: to whom and by which way it came, with the letter quoted."""
    subject = letter.subject
    if not subject.casefold().startswith("re:"):
        subject = f"Re: {subject}"
    return {
        "version": letter.version,
        "kind": "letter" if letter.kind == "complaint" else letter.kind,
        "channel": letter.channel,
        "person": letter.person_id,
        "address": letter.address,
        "subject": subject[:SUBJECT],
        "text": _text(_quoted(letter), user),
    }


def edited(letter: Correspondence) -> dict[str, Any]:
    """The draft as it stands."""
    names = ("version", "kind", "channel", "address", "subject", "text")
    return {name: getattr(letter, name) for name in names} | {"person": letter.person_id}


def _text(quoted: str, user: User) -> str:
    """Clients are written to in Russian."""
    with translation.override("ru"):
        parts = [_("Hello!"), "", "", _("Kind regards,"), user.full_name, user.position]
    signed = "\n".join(part for place, part in enumerate(parts) if part or place < 4)
    return f"{signed}\n{format_phone(user.phone)}".rstrip() + (f"\n\n{quoted}" if quoted else "")


def _quoted(letter: Correspondence) -> str:
    with translation.override("ru"):
        head = _("%(day)s you wrote (%(number)s):") % {
            "day": f"{letter.on_day:%d.%m.%Y}",
            "number": letter.reg_no,
        }
    lines = letter.text.splitlines()
    kept = [f"> {line}".rstrip() for line in lines[:QUOTED_LINES]]
    return "\n".join([head, *kept, *(["> …"] if len(lines) > QUOTED_LINES else [])])
