"""How an action refuses: with which error, which rows it had locked, which moves there are not."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.states import Moves
from crm.work import invariants

_LOCK = re.compile(
    r' FROM "(\w+)".* FOR (?:NO KEY )?UPDATE(?: OF "\1")?(?: SKIP LOCKED)?$', re.DOTALL
)


def refused(error: type[Exception], act: Callable[[], Any], *tables: str) -> None:
    """The action raises the error, having locked a row of each table; what it wrote is undone."""
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        try:
            act()
        except error:
            pass
        else:
            pytest.fail(f"Nothing was refused: {error.__name__} was expected.")
        transaction.set_rollback(True)
    found = _locks(asked)
    for table in tables:
        assert table in found, f"{table} was not locked, only {found}"


def locks(act: Callable[[], Any]) -> list[str]:
    """The tables of whose rows alone the action takes locks, in their order."""
    with CaptureQueriesContext(connection) as asked:
        act()
    return _locks(asked)


def forbidden(states: Iterable[str], moves: Moves) -> list[tuple[str, str]]:
    """Every pair of states that the map has no move between."""
    every = list(states)
    return [(old, new) for old in every for new in every if new not in moves[old]]


def sound() -> bool:
    """Whether every sum that is kept agrees with what it is made of."""
    return not any(invariants.violations(timezone.now()).values())


def _locks(asked: CaptureQueriesContext) -> list[str]:
    found = (_LOCK.search(query["sql"]) for query in asked)
    return [one[1] for one in found if one]
