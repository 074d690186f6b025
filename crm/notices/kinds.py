"""What a notice says: apps declare the sentence of each kind, rendered in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.declaring import declare
from crm.said import for_reader
from crm.sentences import one_stop

_kinds: dict[str, Promise | str] = {}


@dataclass(frozen=True)
class Enclosure:
    """A file that goes along with a letter."""

    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True)
class Letter:
    """What somebody without an account is written."""

    subject: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    enclosures: Sequence[Enclosure] = ()


# Writes the letter when it goes out; None when there is nothing to be said any more.
Writer = Callable[[Mapping[str, Any]], Letter | None]
_letters: dict[str, Writer] = {}


def register(kind: str, *, title: Promise | str) -> None:
    """Declare the sentence of a kind; `%(name)s` takes the notice's parameters."""
    declare(_kinds, kind, title)


def register_letter(kind: str, write: Writer) -> None:
    """Declare who writes the letters of a kind that go to addresses outside."""
    declare(_letters, kind, write)


def letter_of(kind: str, params: Mapping[str, Any]) -> Letter | None:
    """The letter, or None; an undeclared kind raises KeyError and is given up visibly."""
    return _letters[kind](params)


def known() -> set[str]:
    """Declared kinds."""
    return set(_kinds)


def render(kind: str, params: Mapping[str, Any]) -> str:
    """The sentence in the active language; an unknown kind or parameter never raises."""
    title = _kinds.get(kind)
    if title is None:
        return _("Notice")
    try:
        said = str(title) % {name: for_reader(value) for name, value in params.items()}
    except (KeyError, TypeError, ValueError):
        return str(title)
    return one_stop(said)
