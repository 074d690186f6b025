"""Form fields of options: chosen on the page by key, named on the command line by name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from crm.accounts.models import OrgUnit, User
from crm.imports.people.directory import name_key
from crm.names import search_key


class PersonField(forms.ModelChoiceField):
    """A person by key, login, e-mail or full name."""

    def __init__(self, queryset: Any, **options: Any) -> None:
        super().__init__(queryset, empty_label=_lazy("— nobody —"), **options)

    def to_python(self, value: Any) -> User | None:
        if isinstance(value, str) and value and not value.isdigit():
            people = [person for person in self._all() if _is_called(person, value)]
            if len(people) != 1:
                text = _("“%(name)s” is nobody here, or several people: choose one from the list.")
                raise ValidationError(text % {"name": value[:60]})
            value = people[0].pk
        return super().to_python(value)  # type: ignore[no-any-return]

    def _all(self) -> list[User]:
        return list(self.queryset) if self.queryset is not None else []

    def label_from_instance(self, person: Any) -> str:
        return str(person.full_name)


def _is_called(person: User, name: str) -> bool:
    logins = {person.username.casefold(), person.email.casefold()}
    return name.casefold() in logins or name_key(person.full_name) == name_key(name)


class UnitField(forms.ModelChoiceField):
    """A unit by key or name, shown with its depth in the tree."""

    def __init__(self, queryset: Any, **options: Any) -> None:
        super().__init__(queryset, empty_label=_lazy("— none —"), **options)

    def to_python(self, value: Any) -> OrgUnit | None:
        if isinstance(value, str) and value and not value.isdigit():
            units = [unit for unit in self._all() if search_key(unit.name) == search_key(value)]
            if len(units) != 1:
                text = _("“%(name)s” is no unit, or several of them: choose one from the list.")
                raise ValidationError(text % {"name": value[:60]})
            value = units[0].pk
        return super().to_python(value)  # type: ignore[no-any-return]

    def _all(self) -> list[OrgUnit]:
        return list(self.queryset) if self.queryset is not None else []

    def label_from_instance(self, unit: Any) -> str:
        return "\u2003" * (len(unit.path_ids) - 1) + str(unit.name)
