"""What figures of money are grouped by, and one grouped query over the rows of an ORM query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Client
from crm.accounts.models import OrgUnit, User
from deals.models import Contract

Key = tuple[Any, ...]
Rows = TypeVar("Rows", bound="QuerySet[Any]")
# The client's own manager, unit and territory of today.
PATHS: dict[str, tuple[str, ...]] = {
    "all": (),
    "client": ("client_id",),
    "manager": ("client__manager_id",),
    "unit": ("client__org_unit_id",),
    "territory": ("client__territory",),
    "contract": ("client_id", "contract_id"),
    "category": ("client__category",),
}
LABELS: dict[str, str | Promise] = {
    "client": gettext_lazy("Client"),
    "manager": gettext_lazy("Manager"),
    "unit": gettext_lazy("Sector"),
    "territory": gettext_lazy("Territory"),
    "contract": gettext_lazy("Contract"),
}


@dataclass(frozen=True)
class Figure:
    """A sum in SQL over the columns of the inner query, with its parameters."""

    sql: str
    params: tuple[Any, ...] = ()


def keyed(rows: QuerySet[Any], by: str, prefix: str = "", **columns: Any) -> QuerySet[Any]:
    """The rows with the columns of the grouping as k0, k1 … and the further named ones."""
    keys = {f"k{place}": F(f"{prefix}{path}") for place, path in enumerate(PATHS[by])}
    return rows.order_by().values(**keys, **columns)


def narrowed(rows: Rows, where: Mapping[str, Any], prefix: str = "") -> Rows:
    """Rows of these clients, managers, units …; None is nobody. A unit means all below it too.

    `units` are ids of which each means itself alone.
    """
    for by, value in where.items():
        if by == "units":
            rows = rows.filter(**{f"{prefix}{PATHS['unit'][-1]}__in": value})
            continue
        path = f"{prefix}{PATHS[by][-1]}"
        if by == "unit" and value is not None:
            inside = OrgUnit.objects.subtree_of({value}).values_list("pk", flat=True)
            rows = rows.filter(**{f"{path}__in": list(inside)})
        else:
            rows = rows.filter(**{path: value})
    return rows


def grouped(rows: QuerySet[Any], by: str, figures: Mapping[str, Figure]) -> dict[Key, Key]:
    """The figures of each group of `keyed` rows: one query, whatever their number."""
    keys = _keys(by)
    group = f"GROUP BY {', '.join(keys)}" if keys else ""
    wanted = [f"{figure.sql} AS {name}" for name, figure in figures.items()]
    found = _read(rows, keys, wanted, _params(figures), group)
    return {row[: len(keys)]: row[len(keys) :] for row in found}


def grouped_with_total(
    rows: QuerySet[Any],
    by: str,
    figures: Mapping[str, Figure],
    *,
    greatest: str,
    added: QuerySet[Any] | None = None,
) -> tuple[dict[Key, str], str | None]:
    """The figures of each group and those of all rows, in one query; no total of no rows.

    Groups come by falling values of the figure `greatest`, a plain sum of what is never negative,
    then by key. The figures of a group are one text, for `texts_of`: of twenty thousand groups a
    few are shown, and Python need not make numbers of the others. `added` brings amounts that
    belong to rows of the first query: both then have a column `row` to meet by. The database adds
    the total up: of twenty thousand groups it costs Python more than the database.
    """
    keys, size = _keys(by), len(_keys(by))
    parts = (f"coalesce(({figure.sql})::text, '')" for figure in figures.values())
    wanted, params = [f"concat_ws(',', {', '.join(parts)})"], _params(figures)
    if not keys:
        found = _read(rows, keys, wanted, params, "", added)
        return ({(): found[0][0]}, found[0][0]) if found else ({}, None)
    listed, most = ", ".join(keys), figures[greatest].sql
    # The total comes first: it is the greatest, and so large a sort goes by one number.
    order = f"{most} DESC, grouping({keys[0]}) DESC, {listed}"
    group = f"GROUP BY GROUPING SETS (({listed}), ()) ORDER BY {order}"
    found = _read(rows, keys, wanted, params, group, added)
    if len(found) < 2:
        return {}, None
    return {row[:size]: row[size] for row in found[1:]}, found[0][size]


def texts_of(figures: str) -> list[str]:
    """The figures of a group of `grouped_with_total` in their order; a null is empty."""
    return figures.split(",")


def _params(figures: Mapping[str, Figure]) -> list[Any]:
    return [value for figure in figures.values() for value in figure.params]


def _keys(by: str) -> list[str]:
    return [f"q.k{place}" for place in range(len(PATHS[by]))]


def _read(
    rows: QuerySet[Any],
    keys: Sequence[str],
    wanted: Sequence[str],
    values: Sequence[Any],
    group: str,
    added: QuerySet[Any] | None = None,
) -> list[Key]:
    """The ORM cannot aggregate over a query that aggregates.

    Names of columns and figures are ours, everything else is a parameter.
    """
    try:
        inner, params = rows.query.sql_with_params()
        if added is not None:
            inner, params = _with_added(inner, params, added, keys)
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        statement = f"SELECT {', '.join([*keys, *wanted])} FROM ({inner}) q {group}"  # noqa: S608
        cursor.execute(statement, [*values, *params])
        found: list[Key] = cursor.fetchall()
        return found


def _with_added(
    inner: str, params: tuple[Any, ...], added: QuerySet[Any], keys: Sequence[str]
) -> tuple[str, tuple[Any, ...]]:
    """The rows with what belongs to them; in order, for a hash of so many sums goes to the disk."""
    more, its_params = added.query.sql_with_params()
    order = f"ORDER BY {', '.join(keys)}" if keys else "OFFSET 0"  # each value is added up once
    joined = (
        "SELECT q.*, q.kept + coalesce(a.amount, 0) AS value"  # noqa: S608
        f" FROM ({inner}) q LEFT JOIN ({more}) a ON a.row = q.row {order}"
    )
    return joined, (*params, *its_params)


def total(column: str = "value") -> Figure:
    """The sum of a column."""
    return Figure(f"coalesce(sum(q.{column}), 0)")


def totals(rows: QuerySet[Any], by: str) -> dict[Key, Any]:
    """The sum of `value` by group."""
    return {key: row[0] for key, row in grouped(rows, by, {"total": total()}).items()}


@dataclass(frozen=True)
class Name:
    """A group in words: its name, the client where it has one, its page."""

    text: str
    client: Client | None = None
    url: str = ""

    @property
    def manager(self) -> str:
        return str(self.client.manager or "") if self.client else ""


def names_of(by: str, keys: Iterable[Key]) -> dict[Key, Name]:
    """The groups in words: one query for each kind of row behind them."""
    wanted = list(keys)
    first = {key[0] for key in wanted if key and key[0] is not None}
    if by in {"client", "contract"}:
        return _of_clients(by, wanted, first)
    if by == "territory":
        return {key: Name(key[0] or _("No territory")) for key in wanted}
    if by == "all":
        return {key: Name(_("Total")) for key in wanted}
    found: dict[Any, Any] = (User if by == "manager" else OrgUnit).objects.in_bulk(list(first))
    nobody = _("No manager") if by == "manager" else _("No unit")
    return {key: Name(str(found.get(key[0]) or nobody)) for key in wanted}


def _of_clients(by: str, keys: Sequence[Key], ids: set[int]) -> dict[Key, Name]:
    clients = Client.objects.select_related("manager").only(
        "pk",
        "code",
        "name",
        "category",
        "manager__last_name",
        "manager__first_name",
        "manager__middle_name",
        "manager__username",
    )
    found = clients.in_bulk(list(ids))
    if by == "client":
        return {key: _client_name(found.get(key[0])) for key in keys}
    contracts = Contract.objects.in_bulk([key[1] for key in keys if key[1] is not None])
    named = {}
    for key in keys:
        client, contract = found.get(key[0]), contracts.get(key[1])
        text = str(contract) if contract else _("Without a contract")
        named[key] = Name(text, client, client.get_absolute_url() if client else "")
    return named


def _client_name(client: Client | None) -> Name:
    if client is None:
        return Name(_("Client unknown"))
    return Name(client.name, client, client.get_absolute_url())
