"""Costly figures are kept for a minute in this process; the page says of which moment they are.

What is quick is counted anew each time, so a department of usual size never sees an old figure.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from django.utils import timezone

T = TypeVar("T")

KEPT_SECONDS = 60.0
COSTLY_SECONDS = 0.02
MOST_KEPT = 64


class Kept(NamedTuple, Generic[T]):
    """Figures and the moment they were counted; `at` is None while they are fresh."""

    figures: T
    at: datetime | None


_kept: dict[Hashable, tuple[float, datetime, object]] = {}


def figures_of(key: Hashable, count: Callable[[], T]) -> Kept[T]:
    """The figures kept under the key, or counted now; `key` holds everything they depend on."""
    found = _kept.get(key)
    if found is not None and time.monotonic() - found[0] < KEPT_SECONDS:
        return Kept(found[2], found[1])  # type: ignore[arg-type]
    begun, at = time.monotonic(), timezone.now()
    figures = count()
    if time.monotonic() - begun > COSTLY_SECONDS and KEPT_SECONDS:
        while len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = (time.monotonic(), at, figures)
    return Kept(figures, None)


def forget() -> None:
    """Drop everything that is kept."""
    _kept.clear()
