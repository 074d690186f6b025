"""What apps declare when they are ready: each key once, whatever it is a key of."""

from __future__ import annotations

from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured

K = TypeVar("K")
T = TypeVar("T")


def declare(known: dict[K, T], key: K, what: T) -> None:
    """Keep what an app declares under its key.

    Raises ImproperlyConfigured where the key is taken: the one would replace the other unheard.
    """
    if key in known:
        raise ImproperlyConfigured(f"{key!r} is declared twice: as {known[key]!r} and {what!r}.")
    known[key] = what


def declare_also(known: list[T], what: T) -> None:
    """Keep what is asked or called along with others, in the order of declaration.

    Raises ImproperlyConfigured for the same one again: what it does would happen twice.
    """
    if what in known:
        raise ImproperlyConfigured(f"{what!r} is declared twice.")
    known.append(what)


def declare_only(known: list[T], what: T) -> None:
    """Keep what there is one of; raises ImproperlyConfigured for a second one."""
    if known:
        raise ImproperlyConfigured(f"{known[0]!r} is there already, {what!r} is one too many.")
    known.append(what)
