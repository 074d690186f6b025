"""How a work item is locked and saved."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.assignments.models import WORK_MOVES, NoteKind, WorkItem, WorkNote
from crm.assignments.permissions import acts_as
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.states import check_move, move

ALREADY = _("This is already in the state “%(state)s”.")
Right = Callable[[User, WorkItem], bool]


def locked(item_id: int, by: User, version: int, right: Right, to: str = "") -> WorkItem:
    """The item as it was shown, which the person may change; with `to`, which may go there.

    Who is late by a moment learns that it has changed, not that one may not.
    """
    rows = WorkItem.objects.visible_to(by).select_for_update(of=("self",))
    found: WorkItem = rows.select_related("author", "executor", "unit").get(pk=item_id)
    if found.version != version:
        raise StaleVersion(of=found)
    if to:
        check_move(found, WORK_MOVES, to, ALREADY)
    if not right(by, found):
        raise PermissionDenied
    return found


def moved(item: WorkItem, to: str, said: str, *, by: User, **changes: object) -> None:
    """Save the item in its new state under a verb, on behalf of whom the person stands in for."""
    with verb(said, by=by, on_behalf_of=absent(by, item)):
        move(item, WORK_MOVES, to, ALREADY, **changes)


def saved(item: WorkItem, said: str, *, by: User, **changes: object) -> None:
    """Save columns that are no state."""
    for name, value in {**changes, "version": item.version + 1}.items():
        setattr(item, name, value)
    with verb(said, by=by, on_behalf_of=absent(by, item)):
        item.save(update_fields=["version", *changes])


def absent(by: User, item: WorkItem) -> User | None:
    """The executor, or the head of the unit, for whom the person stands in."""
    person = item.executor or (item.unit.head if item.unit else None)
    near = {item.author_id, None} | ({person.pk} if person else set())
    if person is None or by.pk in near:
        return None
    return person if acts_as(by, person.pk) else None


def note(item: WorkItem, kind: NoteKind, text: str, by: User) -> WorkNote:
    """Keep what was said."""
    return WorkNote.objects.create(item=item, kind=kind, text=text, author=by)


def words(text: str, field: str, refusal: object) -> str:
    """What was typed, or the refusal where nothing was."""
    typed = text.strip()
    if not typed:
        raise RuleViolation(str(refusal), field=field)
    return typed
