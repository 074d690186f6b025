"""The way of a record, step by step: `{% include "shell/_way.html" with label=… steps=… %}`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class WayStep:
    """A step of the way; `until` is the last day of one that is awaited."""

    label: str
    state: str  # as the marks of approvals: approved, waiting, returned, queued
    on: date | None = None
    until: date | None = None
    words: str = ""
