"""Results and topics of contacts, kept for some seconds per process: the composer needs both."""

import time
from dataclasses import dataclass, field
from typing import Any

from clients.models import ContactResult, ContactTopic

SECONDS_TO_LIVE = 5.0


@dataclass
class _Copy:
    read_at: float | None = None
    results: tuple[ContactResult, ...] = ()
    topics: tuple[ContactTopic, ...] = field(default=())


_copy = _Copy()


def results() -> tuple[ContactResult, ...]:
    """Results in use, in their order."""
    return _current().results


def topics() -> tuple[ContactTopic, ...]:
    """Topics in use, in their order."""
    return _current().topics


def forget(**_signal: Any) -> None:
    """Drop the copy after a change, so that this process sees it at once."""
    _copy.read_at = None


def _current() -> _Copy:
    now = time.monotonic()
    if _copy.read_at is None or now - _copy.read_at > SECONDS_TO_LIVE:
        _copy.results = tuple(ContactResult.objects.filter(archived_at=None))
        _copy.topics = tuple(ContactTopic.objects.filter(archived_at=None))
        _copy.read_at = now
    return _copy
