"""What later apps have to do when another manager takes a client over.

from clients import hooks
hooks.register_handover_follower(ask_for_reconciliations)     # AppConfig.ready()

def ask_for_reconciliations(taken: Sequence[hooks.Taken], today: date) -> object: ...
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Taken:
    """A client that has got another manager, since when, and who decided it."""

    client_id: int
    former_id: int
    manager_id: int
    on: date
    by_id: int | None


HandoverFollower = Callable[[Sequence[Taken], date], object]

_handover_followers: list[HandoverFollower] = []


def register_handover_follower(function: HandoverFollower) -> None:
    """Call `function(taken, today)` in the write that lets hand-overs take effect."""
    if function not in _handover_followers:
        _handover_followers.append(function)


def taken_over(taken: Sequence[Taken], today: date) -> None:
    """Let the other apps follow; a hand-over that is taken back is not told."""
    for follow in _handover_followers if taken else ():
        follow(taken, today)
