"""What a notice says: apps declare the sentence of each kind, rendered in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

_kinds: dict[str, Promise | str] = {}


def register(kind: str, *, title: Promise | str) -> None:
    """Declare the sentence of a kind; `%(name)s` takes the notice's parameters."""
    _kinds[kind] = title


def known() -> set[str]:
    """Declared kinds."""
    return set(_kinds)


def render(kind: str, params: Mapping[str, Any]) -> str:
    """The sentence in the active language; an unknown kind or parameter never raises."""
    title = _kinds.get(kind)
    if title is None:
        return _("Notice")
    try:
        return str(title) % dict(params)
    except (KeyError, TypeError, ValueError):
        return str(title)
