"""How an action refuses: with which error, and which rows it had locked before it looked."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext


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
    for table in tables:
        assert locked(asked, table), f"{table} was not locked"


def locked(asked: CaptureQueriesContext, table: str) -> bool:
    """One of the queries locks rows of the table, alone of all that it reads."""
    pattern = rf'FROM "{table}".* FOR (NO KEY )?UPDATE( OF "{table}")?( SKIP LOCKED)?$'
    return any(re.search(pattern, query["sql"], re.DOTALL) for query in asked)
