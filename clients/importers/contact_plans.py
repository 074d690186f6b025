"""What is to be done with one row of contacts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from clients.models import ContactLog, ContactTopic
from crm.imports.people.directory import name_key

# What a file may still tell about a contact that was imported before.
COMPARED = (
    *("kind", "direction", "result_id", "topic_id", "person_id", "summary"),
    *("duration_seconds", "wait_seconds", "resolved", "rating"),
)
WRITTEN = ("client_id", "manager_id", "done_at", "external_id", *COMPARED)


@dataclass(slots=True)
class Draft:
    """A contact before it is written: a record of the model would cost ten times as much."""

    client_id: int | None
    manager_id: int | None
    done_at: datetime
    kind: str
    direction: str
    result_id: int
    topic: ContactTopic | None
    summary: str
    person_id: int | None = None
    duration_seconds: int | None = None
    wait_seconds: int | None = None
    resolved: bool | None = None
    rating: int | None = None
    external_id: str = ""

    @property
    def topic_id(self) -> int | None:
        """The key of the topic; a new word has one when it is written."""
        return self.topic.pk if self.topic else None

    def record(self) -> ContactLog:
        """As a record, for showing."""
        return ContactLog(**{name: getattr(self, name) for name in WRITTEN})


class KnownContact(NamedTuple):
    """A contact that was imported before."""

    id: int
    version: int
    external_id: str
    done_at: datetime
    manager_id: int
    client_id: int | None
    client_manager_id: int | None
    client_unit_id: int | None


@dataclass(slots=True)
class Plan:
    """One row, decided."""

    draft: Draft
    manager_name: str = ""  # of a person who is added when the portion is written
    known: KnownContact | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # before and after
    next_at: datetime | None = None


def digest(draft: Draft, manager_name: str) -> str:
    """The id of a contact whose file has none: client, manager, moment, kind and note (CL-10)."""
    who = draft.manager_id or name_key(manager_name)
    parts = (draft.client_id or "", who, draft.done_at, draft.kind, draft.summary)
    text = "\x1f".join(str(part) for part in parts)
    return "#" + blake2b(text.encode(), digest_size=16).hexdigest()
