"""A form that came too late: what another person has saved meanwhile, beside what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.forms import BaseForm, BoundField, FileField
from django.utils import timezone
from django.utils.translation import gettext as _

NOTHING = "—"


@dataclass(frozen=True)
class Difference:
    """One field that another person saved otherwise."""

    label: str
    saved: str
    typed: str


def catch_up(form: BaseForm, *, shows_the_record: bool = False) -> list[Difference] | None:
    """What differs from the record as it stands; sent again, the form is saved knowing it.

    The form's `initial` is of the record read in this request. None where it has no version, or
    no newer one than was sent: then it can only be opened again. `shows_the_record`: its fields
    are those of the record for sure, also where a required one is empty.
    """
    saved = form.get_initial_for_field(form.fields["version"], "version") if _has(form) else None
    name = form.add_prefix("version")
    if not saved or str(saved) == str(form.data.get(name)):
        return None
    is_compared = shows_the_record or _shows_the_record(form)
    changed = [form[one] for one in form.changed_data] if is_compared else []
    found = [Difference(str(one.label), *_both(form, one)) for one in changed if _is_compared(one)]
    typed: Any = form.data.copy()  # type: ignore[attr-defined]
    typed[name] = str(saved)
    form.data = typed
    return [line for line in found if line.saved != line.typed]


def _has(form: BaseForm) -> bool:
    return form.is_bound and "version" in form.fields


def _shows_the_record(form: BaseForm) -> bool:
    """Whether it is filled with what is kept; a dialog that asks for a reason is not."""
    asked = [one for one in form if one.field.required and _is_compared(one)]
    return all(one.initial not in (None, "") for one in asked)


def _is_compared(bound: BoundField) -> bool:
    return not bound.is_hidden and not isinstance(bound.field, FileField)


def _both(form: BaseForm, bound: BoundField) -> tuple[str, str]:
    """The saved and the typed value, read alike."""
    field = bound.field
    saved = bound.initial
    if isinstance(saved, str | int) and not isinstance(saved, bool):
        saved = field.to_python(saved) if hasattr(field, "queryset") else saved
    typed = form.cleaned_data.get(bound.name, bound.value())
    return _words(field, saved), _words(field, typed)


def _words(field: Any, value: Any) -> str:
    """A value as the form shows it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, datetime):
        return f"{timezone.localtime(value) if value.tzinfo else value:%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(_words(field, one) for one in value) or NOTHING
    if value in (None, ""):
        return NOTHING
    choices = {} if hasattr(field, "queryset") else dict(_flat(getattr(field, "choices", ())))
    return str(choices.get(str(value), field.prepare_value(value)))


def _flat(choices: Iterable[Any]) -> Iterable[tuple[str, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), label
