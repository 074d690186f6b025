"""Moves of a record between its states, by the map of its machine (3-data-model C.5)."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.errors import RuleViolation

Moves = Mapping[str, Collection[str]]
ALREADY = _("The request is already in the state “%(state)s”.")


def check_move(record: Any, moves: Moves, state: str, refusal: Promise = ALREADY) -> None:
    """Raise RuleViolation for what the map of states does not know."""
    if state not in moves[record.state]:
        raise RuleViolation(str(refusal) % {"state": record.get_state_display()})


def may_move(moves: Moves, state: str) -> Callable[[Any], bool]:
    """Whether the map of states lets a record go there."""
    return lambda record: state in moves[record.state]


def move(record: Any, moves: Moves, state: str, refusal: Promise = ALREADY, **changes: Any) -> None:
    """Bring a locked record into the state, with a new version; RuleViolation if it may not go."""
    check_move(record, moves, state, refusal)
    for name, value in {"state": state, "version": record.version + 1, **changes}.items():
        setattr(record, name, value)
    record.save(update_fields=["state", "version", *changes])


def moving(moves: Moves, state: str) -> Callable[[Any, Any], None]:
    """What an approval does to its record where it only moves it on."""

    def on_step(record: Any, decision: Any) -> None:
        move(record, moves, state)

    return on_step
