"""What later apps do when another manager takes a client over, or its category changes; what they
know of clients.

from clients import hooks
hooks.register_handover_follower(ask_for_reconciliations)     # AppConfig.ready()
hooks.register_category_follower(propose_limit)

hooks.register_first_sales(first_sales)
hooks.register_sales(sales)
hooks.register_shelf_goods(obligatory_goods)
hooks.register_product_groups(product_groups)

def ask_for_reconciliations(taken: Sequence[hooks.Taken], today: date) -> object: ...
def propose_limit(client: Client, today: date) -> object: ...
def first_sales(clients: QuerySet[Client]) -> dict[int, date]: ...
def sales(clients, since: date, today: date) -> dict[int, hooks.Bought]: ...
def obligatory_goods(client: Client) -> list[hooks.ShelfGoods]: ...
def product_groups() -> list[str]: ...
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from crm.declaring import declare_also

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from clients.models import Client


@dataclass(frozen=True)
class Taken:
    """A client that has got another manager, since when, and who decided it."""

    client_id: int
    former_id: int
    manager_id: int
    on: date
    by_id: int | None


@dataclass(frozen=True)
class Bought:
    """First and last sale that stand, and net shipments since a day (roubles with VAT)."""

    first_on: date
    last_on: date
    net: Decimal


@dataclass(frozen=True)
class ShelfGoods:
    """Goods that must stand on the shelf of every outlet of a client."""

    key: str
    title: str


HandoverFollower = Callable[[Sequence[Taken], date], object]
CategoryFollower = Callable[["Client", date], object]
FirstSales = Callable[["QuerySet[Client]"], dict[int, date]]
Sales = Callable[["QuerySet[Client]", date, date], dict[int, Bought]]
Shelf = Callable[["Client"], list[ShelfGoods]]
ProductGroups = Callable[[], Sequence[str]]

_category_followers: list[CategoryFollower] = []
_handover_followers: list[HandoverFollower] = []
_first_sales: list[FirstSales] = []
_sales: list[Sales] = []
_shelf: list[Shelf] = []
_product_groups: list[ProductGroups] = []


def register_handover_follower(function: HandoverFollower) -> None:
    """Call `function(taken, today)` in the write that lets hand-overs take effect."""
    declare_also(_handover_followers, function)


def taken_over(taken: Sequence[Taken], today: date) -> None:
    """Let the other apps follow; a hand-over that is taken back is not told."""
    for follow in _handover_followers if taken else ():
        follow(taken, today)


def register_category_follower(function: CategoryFollower) -> None:
    """Call `function(client, today)` in the write by which a change of category takes effect."""
    declare_also(_category_followers, function)


def category_changed(client: Client, today: date) -> None:
    """Let the other apps follow; the locked client has its new category."""
    for follow in _category_followers:
        follow(client, today)


def register_first_sales(function: FirstSales) -> None:
    """Ask `function(clients)` for the day of the first sale that stands, by client id."""
    declare_also(_first_sales, function)


def first_sales(clients: QuerySet[Client]) -> dict[int, date]:
    """The day of the first sale of each client that has bought."""
    return {pk: day for known in _first_sales for pk, day in known(clients).items()}


def register_sales(function: Sales) -> None:
    """Ask `function(clients, since, today)` for what clients have bought, by client id."""
    declare_also(_sales, function)


def sales(clients: QuerySet[Client], since: date, today: date) -> dict[int, Bought]:
    """What each client that has bought was shipped: net after `since` up to today."""
    return {pk: row for known in _sales for pk, row in known(clients, since, today).items()}


def register_shelf_goods(function: Shelf) -> None:
    """Ask `function(client)` for what a merchandiser looks for on the shelf."""
    declare_also(_shelf, function)


def shelf_goods(client: Client) -> list[ShelfGoods]:
    """What must stand on the shelf in outlets of the client."""
    return [goods for known in _shelf for goods in known(client)]


def register_product_groups(function: ProductGroups) -> None:
    """Ask `function()` for the names of the product groups that are sold now."""
    declare_also(_product_groups, function)


def product_groups() -> list[str]:
    """Names of the groups of the catalogue in use, each once, in their order."""
    return list(dict.fromkeys(name for known in _product_groups for name in known()))
