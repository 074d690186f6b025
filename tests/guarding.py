"""How an action refuses: with which error, and which rows it had locked before it looked."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

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


def _locks(asked: CaptureQueriesContext) -> list[str]:
    found = (_LOCK.search(query["sql"]) for query in asked)
    return [one[1] for one in found if one]
