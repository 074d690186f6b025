"""What these views share: the signed-in person, trying an action, comparing a stale form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model
from django.forms import Form
from django.http import HttpRequest

from crm.accounts.history_values import DASH, plain
from crm.errors import RuleViolation, StaleVersion
from crm.once import note_press, pressed_before

T = TypeVar("T")


@dataclass(frozen=True)
class Difference:
    """A field that another person has saved in the meantime."""

    label: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class Tried(Generic[T]):
    """What came of a form: the result, or the status of its refusal."""

    status: int
    result: T | None = None
    stale: bool = False


def attempt(request: HttpRequest, form: Form, write: Callable[[], T]) -> Tried[T]:
    """Write when the form was sent and is whole; a refusal goes beside its field."""
    if request.method != "POST":
        return Tried(200)
    if not form.is_valid():
        return _refused(request, form)
    try:
        result = write()
    except RuleViolation as refusal:
        if pressed_before(request, without_version=True):
            return _refused(request, form)
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, str(refusal))
        return Tried(refusal.status, stale=isinstance(refusal, StaleVersion))
    note_press(request)
    return Tried(200, result)


def _refused(request: HttpRequest, form: Form) -> Tried[T]:
    """The mistakes found; above them, where it is so, that the very same was done before."""
    before = pressed_before(request, without_version=True)
    if before:
        form.add_error(None, before)
    return Tried(422)


def differences(form: Form, record: Any) -> list[Difference]:
    """Fields in which the typed form and the saved record differ.

    The form then carries the record's version: sent again, it overwrites on purpose.
    """
    found = []
    unsaved = {"version", "heads_unit", "shown_units"}
    for name, typed in form.cleaned_data.items():
        saved = getattr(record, name, None)
        if name in unsaved:
            continue
        if (saved or None) != (typed or None):
            label = str(form[name].label)
            theirs, mine = _words(form, name, saved), _words(form, name, typed)
            found.append(Difference(label, theirs, mine))
    typed_again = {name: form.data.get(name, "") for name in form.fields}
    form.data = typed_again | {"version": str(record.version)}
    return found


def _words(form: Form, name: str, value: Any) -> str:
    if value in (None, ""):
        return DASH
    choices = getattr(form.fields[name], "choices", None)
    if choices is not None and not isinstance(value, Model):
        return str(dict(choices).get(value, value))
    return plain(value)
