"""Templates of Word that the office keeps: an earlier app asks for one, a later one keeps them."""

from collections.abc import Callable
from pathlib import Path

from crm.declaring import declare_only

Finder = Callable[[str, Path], bytes]
_finders: list[Finder] = []


def keep(find: Finder) -> None:
    """Declare who knows the newest template of a kind; called from AppConfig.ready()."""
    declare_only(_finders, find)


def template_of(kind: str, default: Path) -> bytes:
    """The office's template of the kind; the one of the product where there is none."""
    return _finders[0](kind, default) if _finders else default.read_bytes()
