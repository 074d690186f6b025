"""Why data of a person may not be destroyed yet: what later apps know of the client (152-ФЗ, 6).

from clients.legal_grounds import register_ground
register_ground(contracts_in_force)                       # AppConfig.ready()

def contracts_in_force(clients: Collection[int]) -> dict[int, str]: ...   # by client, in words
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection

from crm.declaring import declare_also

Ground = Callable[[Collection[int]], dict[int, str]]
_grounds: list[Ground] = []


def register_ground(function: Ground) -> None:
    """Ask `function(ids of clients)`, which gives a sentence for each client it holds for."""
    declare_also(_grounds, function)


def grounds_of(clients: Collection[int]) -> dict[int, list[str]]:
    """Everything that holds for these clients; a client without a ground is not there."""
    found: dict[int, list[str]] = defaultdict(list)
    for ask in _grounds if clients else ():
        for client, text in ask(clients).items():
            found[client].append(text)
    return dict(found)
