"""Choices for a whole file: form fields of the kind, typed on the page or on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms

from crm.errors import RuleViolation
from crm.imports.registry import ImportKind
from crm.said import said

if TYPE_CHECKING:
    from crm.accounts.models import User


class OptionsForm(forms.Form):
    """The options of one kind for one person; None is the command line."""

    def __init__(
        self, kind: ImportKind, by: User | None, data: Mapping[str, Any] | None = None, **more: Any
    ) -> None:
        super().__init__(data, **more)
        for option in kind.options:
            self.fields[option.name] = option.field(by)

    def typed_values(self) -> dict[str, Any]:
        """What was typed, as JSON keeps it; cleaned again when the import runs."""
        return {name: self[name].data for name in self.fields}


def clean_options(kind: ImportKind, by: User | None, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Values of all options, defaults where nothing was typed; raises RuleViolation."""
    form = OptionsForm(kind, by, {**default_options(kind, by), **typed})
    if form.is_valid():
        return form.cleaned_data
    name, errors = next(iter(form.errors.as_data().items()))
    what = form.fields[name].label if name in form.fields else ""
    raise RuleViolation(said(lambda: f"{what}: " * bool(what) + errors[0].messages[0]))


def default_options(kind: ImportKind, by: User | None) -> dict[str, Any]:
    """Options as they stand before anybody chose."""
    fields = {option.name: option.field(by) for option in kind.options}
    return {name: field.initial for name, field in fields.items() if field.initial is not None}
