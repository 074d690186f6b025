"""Settings registry: every norm, limit and threshold is a declared, typed, changeable row.

Apps declare in `policy.py`; the customer's value, when there is one, is a `Setting` row of the
company or of a department, the nearest department winning.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.accounts.models import Role
from crm.declaring import declare
from crm.errors import RuleViolation
from crm.money import format_number
from crm.work.models import Setting

if TYPE_CHECKING:
    from crm.accounts.models import OrgUnit

Text = str | Promise
CACHE_SECONDS = 5.0
WHOLE = re.compile(r"-?[0-9]{1,12}")
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")


class Kind(StrEnum):
    """Type of a setting's value."""

    INT = "int"
    DECIMAL = "decimal"
    BOOL = "bool"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"


@dataclass(frozen=True)
class Declaration:
    """What a setting is: type, default, unit, bounds and who may change it.

    `check` refuses by RuleViolation what the type alone lets through.
    """

    key: str
    kind: Kind
    default: Any
    label: Text
    group: Text
    unit: Text = ""
    help: Text = ""
    changed_by: tuple[str, ...] = (Role.ADMIN, Role.DIRECTOR)
    minimum: Decimal | int | None = None
    maximum: Decimal | int | None = None
    choices: Callable[[], list[tuple[str, Text]]] | None = None
    per_department: bool = False
    check: Callable[[Any], object] | None = None


_declared: dict[str, Declaration] = {}
_cache: dict[str, Any] = {"at": None, "rows": {}, "version": 0}


def register(key: str, *, kind: Kind, default: Any, label: Text, group: Text, **more: Any) -> None:
    """Declare a setting."""
    declared = Declaration(key=key, kind=kind, default=default, label=label, group=group, **more)
    declare(_declared, key, declared)


@dataclass(frozen=True)
class Group:
    """Settings that stand together on the page and that the same people may change."""

    title: Text
    changed_by: tuple[str, ...] = (Role.ADMIN, Role.DIRECTOR)

    def register(self, key: str, *, kind: Kind, default: Any, label: Text, **more: Any) -> None:
        """Declare one of them."""
        more.setdefault("changed_by", self.changed_by)
        register(key, kind=kind, default=default, label=label, group=self.title, **more)

    def whole(
        self,
        key: str,
        default: int,
        least: int,
        most: int,
        label: Text,
        unit: Text = "",
        **more: Any,
    ) -> None:
        """Declare a whole number between two others."""
        more |= {"minimum": least, "maximum": most, "unit": unit}
        self.register(key, kind=Kind.INT, default=default, label=label, **more)


def declarations() -> list[Declaration]:
    """All declared settings in the order of declaration."""
    return list(_declared.values())


def declaration(key: str) -> Declaration:
    """One declaration; KeyError when nothing declared it."""
    return _declared[key]


def setting(key: str, *, unit: OrgUnit | None = None) -> Any:
    """The value in force: the nearest department's row, else the company's, else the default.

    Other processes' changes are seen within five seconds.
    """
    declared = _declared[key]
    rows = _rows()
    for unit_id in _chain(unit):
        stored = rows.get((key, unit_id))
        if stored is not None:  # null: somebody went back to the default
            return to_python(declared, stored)
    return declared.default


def has_own(key: str) -> bool:
    """Whether some department has a value of its own; without one no unit need be read."""
    return any(named == key and unit is not None for named, unit in _rows())


def forget() -> None:
    """Drop the cached rows, after a change or between tests."""
    _cache["at"] = None


def version() -> int:
    """Another number after each change of any value: for what is worked out from settings."""
    _rows()
    number: int = _cache["version"]
    return number


def _rows() -> dict[tuple[str, int | None], Any]:
    read_at = _cache["at"]
    if read_at is None or time.monotonic() - read_at > CACHE_SECONDS:
        values = Setting.objects.values_list("key", "org_unit_id", "value")
        read = {(key, unit): value for key, unit, value in values}
        if read != _cache["rows"]:
            _cache["rows"], _cache["version"] = read, _cache["version"] + 1
        _cache["at"] = time.monotonic()
    rows: dict[tuple[str, int | None], Any] = _cache["rows"]
    return rows


def _chain(unit: OrgUnit | None) -> Iterable[int | None]:
    """Ids from the unit up to the root, then the company's row."""
    if unit is not None:
        yield from (int(part) for part in reversed(unit.path.split("/")) if part)
    yield None


def to_python(declared: Declaration, stored: Any) -> Any:
    """The JSON value as the declared type; Decimals are stored as strings."""
    return Decimal(stored) if declared.kind == Kind.DECIMAL else stored


def clean(declared: Declaration, raw: Any) -> Any:
    """Check a typed value against the declaration; returns what JSON stores.

    Raises RuleViolation with a sentence for the field.
    """
    cleaner = _CLEANERS[declared.kind]
    value = cleaner(declared, raw)
    if declared.check is not None:
        declared.check(value)
    return value


def _clean_int(declared: Declaration, raw: Any) -> int:
    text = _digits(raw)
    if not WHOLE.fullmatch(text):
        raise RuleViolation(_asked(declared) or _("Enter a whole number."), field="value")
    _check_bounds(declared, Decimal(text))
    return int(text)


def _clean_decimal(declared: Declaration, raw: Any) -> str:
    text = _digits(raw).replace(",", ".")
    if not NUMBER.fullmatch(text):
        raise RuleViolation(_asked(declared) or _("Enter a number."), field="value")
    _check_bounds(declared, Decimal(text))
    return text


def _asked(declared: Declaration) -> str:
    """The sentence that asks for the number by its own name; empty when it has none."""
    unit = str(declared.unit)
    if unit.startswith("%"):
        return _("Enter a percentage, for example %(example)s.") % {
            "example": _written(declared.default)
        }
    if unit in {_("days"), _("calendar days"), _("working days")}:
        return _("Enter the number of days in whole digits, for example 14.")
    if unit == _("minutes"):
        return _("Enter the number of minutes in whole digits, for example 15.")
    return ""


def _written(number: Any) -> str:
    """A number as people here write it, with as many decimals as it has."""
    exact = Decimal(number).normalize()
    return format_number(exact, max(0, -int(exact.as_tuple().exponent)))


def _digits(raw: Any) -> str:
    """A number as it is typed in Russia: spaces between thousands are allowed."""
    return "".join(str(raw).split())


def _check_bounds(declared: Declaration, number: Decimal) -> None:
    least, most = declared.minimum, declared.maximum
    if least is not None and number < least:
        raise RuleViolation(
            _("Not less than %(limit)s.") % {"limit": _written(least)}, field="value"
        )
    if most is not None and number > most:
        raise RuleViolation(
            _("Not more than %(limit)s.") % {"limit": _written(most)}, field="value"
        )


def _clean_bool(declared: Declaration, raw: Any) -> bool:
    return raw in (True, "1", "true", "on", "True")


def _options(declared: Declaration) -> set[str]:
    return {value for value, _label in declared.choices()} if declared.choices else set()


def _clean_choice(declared: Declaration, raw: Any) -> str:
    if raw not in _options(declared):
        raise RuleViolation(_("Choose one of the offered values."), field="value")
    return str(raw)


def _clean_choices(declared: Declaration, raw: Any) -> list[str]:
    values = [str(value) for value in (raw or [])]
    if not set(values) <= _options(declared):
        raise RuleViolation(_("Choose among the offered values."), field="value")
    return values


def _clean_text(declared: Declaration, raw: Any) -> str:
    text = str(raw).strip()
    if "\x00" in text or len(text) > 2000:
        raise RuleViolation(_("Enter a shorter text without special characters."), field="value")
    return text


_CLEANERS: dict[Kind, Callable[[Declaration, Any], Any]] = {
    Kind.INT: _clean_int,
    Kind.DECIMAL: _clean_decimal,
    Kind.BOOL: _clean_bool,
    Kind.CHOICE: _clean_choice,
    Kind.CHOICES: _clean_choices,
    Kind.TEXT: _clean_text,
}

__all__ = [
    "Declaration",
    "Kind",
    "clean",
    "declaration",
    "declarations",
    "forget",
    "register",
    "setting",
    "to_python",
    "version",
]
