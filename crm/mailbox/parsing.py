"""One message as people read it: who, what about, the text, the files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from crm.mailbox import texts

MOST_PARTS = 500
ID_LENGTH = 240
_IDS = re.compile(r"<([^<>\s]{3,240})>")
_ROBOTS = re.compile(r"^(mailer-daemon|postmaster)@", re.IGNORECASE)


@dataclass(frozen=True)
class MailFile:
    """An attachment as it came."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """One message."""

    message_id: str
    subject: str
    sender: str  # the name
    address: str  # empty where it is none
    text: str
    references: tuple[str, ...] = ()
    files: tuple[MailFile, ...] = ()
    is_automatic: bool = False
    content_key: str = field(default="", compare=False)


def parse(raw: bytes) -> Mail:
    """The message; whatever is broken in it is read as far as it goes.

    May raise whatever the parser of Python does with bytes that are no message at all.
    """
    message = BytesParser(policy=policy.compat32).parsebytes(raw)
    name, address = _sender(message)
    subject = texts.header(_raw(message, "subject"))
    parts = list(_parts(message))
    text = _text(parts)
    key = sha256("\n".join((address, subject, text)).encode("utf-8", "replace")).hexdigest()
    return Mail(
        message_id=_message_id(message, raw),
        subject=subject,
        sender=name,
        address=address,
        text=text,
        references=_references(message),
        files=tuple(_files(parts)),
        is_automatic=_is_automatic(message, address),
        content_key=key,
    )


def digest_id(raw: bytes) -> str:
    """What stands for the Message-ID of a message without one: the same bytes are the same."""
    return f"{sha256(raw).hexdigest()}@no-message-id"


def _raw(message: Message, name: str) -> str:
    """The header as it stands, bytes that are no ASCII as surrogates; the first of several."""
    for key, value in message.raw_items():
        if key.casefold() == name:
            return str(value)
    return ""


def _message_id(message: Message, raw: bytes) -> str:
    found = _IDS.search(_raw(message, "message-id"))
    return found[1][:ID_LENGTH] if found and found[1].isascii() else digest_id(raw)


def _references(message: Message) -> tuple[str, ...]:
    """Earlier messages of the thread, the nearest last."""
    texts_of = f"{_raw(message, 'references')} {_raw(message, 'in-reply-to')}"
    return tuple(dict.fromkeys(one for one in _IDS.findall(texts_of) if one.isascii()))[-50:]


def _sender(message: Message) -> tuple[str, str]:
    for name in ("from", "reply-to", "sender"):
        raw = _raw(message, name)
        if not raw:
            continue
        shown, address = parseaddr(raw)
        words = texts.header(shown) or texts.header(raw)
        return words[:200], _address(address) or _address(texts.header(raw))
    return "", ""


def _address(text: str) -> str:
    address = text.strip().strip("<>").casefold()
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if len(address) <= 254 else ""


def _parts(message: Message) -> Iterator[Message]:
    """Leaves of the tree; a message that is enclosed whole is a leaf."""
    waiting, left = [message], MOST_PARTS
    while waiting and left:
        part, left = waiting.pop(), left - 1
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting.extend(one for one in reversed(inner) if isinstance(one, Message))
        else:
            yield part


def _is_file(part: Message) -> bool:
    if part.get_content_disposition() == "attachment" or _name(part):
        return True
    return part.get_content_maintype() != "text"


def _name(part: Message) -> str:
    return texts.header(str(part.get_filename(failobj="")))


def _text(parts: list[Message]) -> str:
    """The plain text; where there is none, the words of the HTML."""
    plain: list[str] = []
    marked: list[str] = []
    for part in parts:
        if _is_file(part):
            continue
        data = part.get_payload(decode=True)
        words = texts.decoded(data, _charset(part)) if isinstance(data, bytes) else ""
        (marked if part.get_content_subtype() == "html" else plain).append(words)
    found = _joined(plain) or _joined([texts.reduced(html) for html in marked])
    return texts.presentable(found).strip()


def _joined(words: list[str]) -> str:
    return "\n\n".join(text for text in words if text.strip())


def _charset(part: Message) -> str:
    named = part.get_param("charset", failobj="")
    return str(named[2] if isinstance(named, tuple) else named)


def _files(parts: list[Message]) -> Iterator[MailFile]:
    for number, part in enumerate(filter(_is_file, parts), start=1):
        name = _name(part) or f"{number}.{part.get_content_subtype()}"
        if part.get_content_maintype() == "message":
            inner = part.get_payload()
            whole = inner[0] if isinstance(inner, list) and inner else part
            yield MailFile(_name(part) or f"{number}.eml", whole.as_bytes())  # type: ignore[union-attr]
            continue
        data = part.get_payload(decode=True)
        yield MailFile(name, data if isinstance(data, bytes) else b"")


def _is_automatic(message: Message, address: str) -> bool:
    """An out-of-office answer or a message of a mail server: nobody waits for an answer."""
    said = _raw(message, "auto-submitted").split(";")[0].strip().casefold()
    robot = said not in {"", "no"} or bool(_raw(message, "x-autoreply"))
    return robot or bool(_ROBOTS.match(address))
