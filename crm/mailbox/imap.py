"""A folder of an IMAP server, opened for reading only: nothing is marked, moved or deleted.

Which messages were read is known by UIDVALIDITY and UID, so another mail program that marks them
changes nothing.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime

SECONDS = 20  # of silence of the server, then the connection is given up
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
Broken = (imaplib.IMAP4.error, OSError)


class MailboxError(Exception):
    """The mailbox cannot be read now: no connection, no right, no such folder."""


@dataclass(frozen=True)
class Place:
    """Where a mailbox is."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    use_ssl: bool = True
    ca_file: str = ""  # certificates trusted besides those of the system


@dataclass(frozen=True)
class Envelope:
    """What the server says of a message before it is fetched."""

    size: int
    received_at: datetime


@dataclass(frozen=True)
class Folder:
    """An open folder."""

    imap: imaplib.IMAP4
    uid_validity: int

    def uids(self, *, after: int, since: date | None = None) -> list[int]:
        """Messages with a greater UID, the oldest first, as far back as the day."""
        asked = ["UID", f"{after + 1}:*"]
        if since is not None:
            asked += ["SINCE", f"{since.day:02d}-{MONTHS[since.month - 1]}-{since.year}"]
        found = self._uid("SEARCH", *asked)
        # «7:*» always names the last message, also where it is an older one.
        return sorted(uid for uid in map(int, (found[0] or b"").split()) if uid > after)

    def envelope(self, uid: int) -> Envelope | None:
        """Its size and the moment it came; None for one that is gone meanwhile."""
        for answer in self._uid("FETCH", str(uid), "(RFC822.SIZE INTERNALDATE)"):
            line = answer[0] if isinstance(answer, tuple) else answer
            size = _SIZE.search(line or b"")
            if size:
                return Envelope(int(size.group(1)), _moment(line))
        return None

    def message(self, uid: int, *, head_only: bool = False) -> bytes | None:
        """The bytes of a message, or of its header; it does not become read by that."""
        part = "BODY.PEEK[HEADER]" if head_only else "BODY.PEEK[]"
        for answer in self._uid("FETCH", str(uid), f"({part})"):
            if isinstance(answer, tuple):
                return bytes(answer[1])
        return None

    def _uid(self, command: str, *arguments: str) -> list[bytes]:
        try:
            status, answers = self.imap.uid(command, *arguments)
        except Broken as error:
            raise MailboxError(str(error)) from error
        if status != "OK":
            raise MailboxError(f"{command}: {answers!r}"[:300])
        return answers


@contextmanager
def open_folder(place: Place) -> Iterator[Folder]:
    """The folder for reading; raises MailboxError."""
    imap: imaplib.IMAP4 | None = None
    try:
        try:
            imap = _connected(place)
            imap.login(place.user, place.password)
            status, answers = imap.select(f'"{encode_name(place.folder)}"', readonly=True)
            if status != "OK":
                raise MailboxError(f"{place.folder}: {answers!r}"[:300])
            validity = imap.response("UIDVALIDITY")[1]
            folder = Folder(imap, int(validity[0] or b"0"))
        except (*Broken, ValueError) as error:
            raise MailboxError(str(error)) from error
        yield folder
    finally:
        if imap is not None:
            _close(imap)


def encode_name(name: str) -> str:
    """The name of a folder as IMAP writes it: modified UTF-7 (RFC 3501, 5.1.3)."""
    made, wide = [], ""
    for char in [*name, ""]:
        if char and not " " <= char <= "~":
            wide += char
            continue
        if wide:
            packed = b64encode(wide.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
            made.append(f"&{packed}-")
            wide = ""
        made.append("&-" if char == "&" else char)
    return "".join(made).replace("\\", "\\\\").replace('"', '\\"')


def _connected(place: Place) -> imaplib.IMAP4:
    if not place.use_ssl:
        return imaplib.IMAP4(place.host, place.port, timeout=SECONDS)
    context = ssl.create_default_context()
    if place.ca_file:
        context.load_verify_locations(place.ca_file)
    return imaplib.IMAP4_SSL(place.host, place.port, ssl_context=context, timeout=SECONDS)


def _close(imap: imaplib.IMAP4) -> None:
    """Say good-bye; a line that is broken already is only let go of."""
    try:
        imap.logout()
    except Broken:
        with suppress(OSError):
            imap.shutdown()


def _moment(line: bytes) -> datetime:
    found = imaplib.Internaldate2tuple(line)
    if found is None:
        return datetime.now(UTC)
    return datetime(*found[:6]).astimezone(UTC)
