"""What later apps have to say before a person leaves or a unit closes.

from crm.accounts import hooks
hooks.register_dismissal_guard(open_clients)     # AppConfig.ready()

def open_clients(person: User) -> list[hooks.Refusal]: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm.declaring import declare_also

if TYPE_CHECKING:
    from crm.accounts.models import OrgUnit, User


@dataclass(frozen=True)
class Refusal:
    """Why not yet, in a sentence, and the page where it is put right."""

    text: str
    url: str = ""
    action: str = ""


DismissalGuard = Callable[["User"], list[Refusal]]
UnitGuard = Callable[["OrgUnit"], list[Refusal]]
MoveFollower = Callable[["User", "User"], object]

_dismissal_guards: list[DismissalGuard] = []
_unit_guards: list[UnitGuard] = []
_move_followers: list[MoveFollower] = []


def register_dismissal_guard(function: DismissalGuard) -> None:
    """Ask `function` before a person is switched off, dismissed or leaves the sales roles."""
    declare_also(_dismissal_guards, function)


def register_unit_guard(function: UnitGuard) -> None:
    """Ask `function` before a unit is archived."""
    declare_also(_unit_guards, function)


def register_move_follower(function: MoveFollower) -> None:
    """Call `function(person, by)` in the same write that moves a person to another unit."""
    declare_also(_move_followers, function)


def person_moved(person: User, by: User) -> None:
    """Let the other apps take along what belongs to the person."""
    for follow in _move_followers:
        follow(person, by)


def dismissal_refusals(person: User) -> list[Refusal]:
    """What keeps the person from leaving, according to all apps."""
    return [refusal for guard in _dismissal_guards for refusal in guard(person)]


def unit_refusals(unit: OrgUnit) -> list[Refusal]:
    """What keeps the unit from closing, according to all apps."""
    return [refusal for guard in _unit_guards for refusal in guard(unit)]
