"""What goes out by e-mail: a letter to a client, with the number by which its answer is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from clients.models import Correspondence
from crm.files import storage
from crm.files.models import Attachment
from crm.notices.kinds import Enclosure, Letter

LETTER = "letter.mail"


def letter_of(params: Mapping[str, Any]) -> Letter | None:
    """The e-mail of a letter that was sent."""
    row = Correspondence.objects.filter(pk=params["letter"], direction="out").first()
    if row is None or not row.reg_no:
        return None
    subject = " ".join(f"{row.subject} [{row.reg_no}]".split())
    return Letter(subject, row.text, headers=_headers(row), enclosures=_enclosures(row))


def _headers(row: Correspondence) -> dict[str, str]:
    """The names by which mail programs keep a thread together; answers come to our mailbox."""
    headers = {"Message-ID": f"<{row.message_id}>"}
    before = row.answered.exclude(message_id="").order_by("pk").last()
    if before is not None:
        headers["In-Reply-To"] = headers["References"] = f"<{before.message_id}>"
    if settings.MAIL_ADDRESS:
        headers["Reply-To"] = settings.MAIL_ADDRESS
    return headers


def _enclosures(row: Correspondence) -> list[Enclosure]:
    found = []
    for file in Attachment.objects.of("letter", row.pk).open().order_by("pk"):
        with storage.open_file(file.key) as opened:
            found.append(Enclosure(file.name, opened.read(), file.content_type))
    return found
