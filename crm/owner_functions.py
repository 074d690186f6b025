"""Functions of the database that act with the owner's rights, for what the web's role may not do.

Each checks by itself that it may do it: whoever has the web's role can call it.
`prepare_database` installs them; their text is part of the version of the schema.
"""

from __future__ import annotations

from crm.declaring import declare

_functions: dict[str, str] = {}


def register(name: str, sql: str) -> None:
    """Declare a function by its signature, with the statement that makes it anew."""
    declare(_functions, name, sql)


def functions() -> dict[str, str]:
    """The statements by signature, in the order of declaration."""
    return dict(_functions)
