"""Which column gives which value: guessed from the names, changed by the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crm.errors import RuleViolation
from crm.imports.reading import header_key
from crm.imports.registry import ImportKind
from crm.said import gettext as _
from crm.said import said


def guess(kind: ImportKind, header: Sequence[str]) -> dict[str, int]:
    """Field → column by the names of the columns; the first of several columns wins."""
    known = kind.known()
    found: dict[str, int] = {}
    for at, column in enumerate(header):
        field = known(column)
        if field:
            found.setdefault(field, at)
    return found


def named(kind: ImportKind, header: Sequence[str], pairs: Mapping[str, str]) -> dict[str, int]:
    """The guess corrected by `field=column` pairs; an empty column leaves the field out."""
    mapping = guess(kind, header)
    fields = {item.name for item in kind.fields}
    columns = {header_key(column): at for at, column in reversed(list(enumerate(header)))}
    for field, column in pairs.items():
        if field not in fields:
            raise RuleViolation(
                _("There is no field %(field)s. Fields: %(fields)s.")
                % {"field": field, "fields": ", ".join(item.name for item in kind.fields)}
            )
        mapping.pop(field, None)
        if not column:
            continue
        at = columns.get(header_key(column))
        if at is None:
            raise RuleViolation(_("The file has no column “%(column)s”.") % {"column": column})
        mapping[field] = at
    return mapping


def check(kind: ImportKind, mapping: Mapping[str, int], width: int) -> None:
    """Refuse a mapping that names no column of the file or leaves out what is required."""
    if any(not 0 <= at < width for at in mapping.values()):
        raise RuleViolation(_("Choose a column of the file."))
    for names in kind.missing(mapping):
        raise RuleViolation(
            _("Say which column holds: %(fields)s.") % {"fields": _any_of(kind, names)}
        )


def _any_of(kind: ImportKind, names: Sequence[str]) -> str:
    """The names of the fields, in each language."""
    return said(lambda: str(_(" or ")).join(str(kind.field(name).label) for name in names))
