"""Reads of the settings registry for its screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.work import permissions, registry
from crm.work.models import Setting
from crm.work.registry import Declaration, Kind

if TYPE_CHECKING:
    from crm.accounts.models import User


@dataclass(frozen=True)
class SettingLine:
    """A declared setting with the value in force and who set it."""

    declared: Declaration
    row: Setting | None
    may_change: bool

    @property
    def value(self) -> Any:
        """The value in force."""
        if self.row is None or self.row.value is None:
            return self.declared.default
        return registry.to_python(self.declared, self.row.value)

    @property
    def version(self) -> int:
        """0 while the default holds."""
        return self.row.version if self.row else 0

    @property
    def is_default(self) -> bool:
        """Whether the declared default holds."""
        return self.row is None or self.row.value is None

    @property
    def shown(self) -> str:
        """The value in words."""
        return in_words(self.declared, self.value)

    @property
    def shown_default(self) -> str:
        """The default in words."""
        return in_words(self.declared, self.declared.default)

    @property
    def unit(self) -> str:
        """The unit beside the value: one working day, two working days."""
        return unit_in_words(self.declared, self.value)

    @property
    def default_unit(self) -> str:
        """The unit beside the default."""
        return unit_in_words(self.declared, self.declared.default)


def unit_in_words(declared: Declaration, value: Any) -> str:
    """The unit of a setting as it stands after this number; units not counted stay as they are."""
    unit = str(declared.unit)
    if not isinstance(value, int):
        return unit
    counted = {
        _("calendar days"): ngettext("calendar day", "calendar days", value),
        _("working days"): ngettext("working day", "working days", value),
        _("days"): ngettext("day", "days", value),
        _("months"): ngettext("month", "months", value),
        _("hours"): ngettext("hour", "hours", value),
        _("minutes"): ngettext("minute", "minutes", value),
        _("seconds"): ngettext("second", "seconds", value),
        _("rows"): ngettext("row", "rows", value),
    }
    return counted.get(unit, unit)


def in_words(declared: Declaration, value: Any) -> str:
    """A value as a person reads it."""
    if declared.kind == Kind.BOOL:
        return _("yes") if value else _("no")
    if declared.kind in {Kind.CHOICE, Kind.CHOICES}:
        labels = dict(declared.choices() if declared.choices else [])
        values = value if isinstance(value, list | tuple) else [value]
        return ", ".join(str(labels.get(v, v)) for v in values) or "—"
    if declared.kind in {Kind.INT, Kind.DECIMAL}:
        return number_format(value, force_grouping=True)
    return str(value)


def setting_lines(user: User) -> list[SettingLine]:
    """All declared settings with the company's rows, in the order of declaration."""
    rows = {
        row.key: row for row in Setting.objects.filter(org_unit=None).select_related("updated_by")
    }
    return [
        SettingLine(
            declared, rows.get(declared.key), permissions.can_change_setting(user, declared)
        )
        for declared in registry.declarations()
    ]


def setting_line(key: str, user: User) -> SettingLine:
    """One line; KeyError when nothing declares the key."""
    declared = registry.declaration(key)
    row = Setting.objects.filter(key=key, org_unit=None).select_related("updated_by").first()
    return SettingLine(declared, row, permissions.can_change_setting(user, declared))
