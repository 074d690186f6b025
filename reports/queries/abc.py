"""ABC analysis on any day, as rows of reports (ABC-1, ABC-4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from clients.models import Client
from crm.accounts.models import User
from crm.work.registry import setting
from deals.abc.reading import Counted, borders_in_force, count_turnovers, known_since
from deals.abc.rules import Placed, classify, direction, period_until, steps
from deals.pages.abc_chart import chosen_ranks, pareto
from reports import links
from reports.registry import Params, Row

BEFORE = "before"
CATEGORIES = ("A", "B", "C")


def abc_rows(user: User, params: Params) -> Iterator[Row]:
    """Every visible client of the analysis with its place among all clients: four queries."""
    first, last = period_until(params["as_of"], params["months"])
    counted = count_turnovers(first, last, sales_only=params.get("basis") == "gross")
    borders = borders_in_force(border_inside=params["border"] == BEFORE)
    names = _names(user)
    since = known_since()
    return (
        _row(place, counted, names[place.client_id], since[place.client_id] <= first)
        for place in classify(counted.turnovers, borders)
        if place.client_id in names
    )


def disagreement_rows(user: User, params: Params) -> Iterator[Row]:
    """Clients whose assigned category is not the calculated one, most borders first."""
    rows = [row for row in abc_rows(user, params) if row["direction"]]
    return iter(sorted(rows, key=lambda row: (-row["borders"], row["rank"])))


def _names(user: User) -> dict[int, tuple[str, str, str]]:
    rows = Client.objects.visible_to(user).order_by().values_list("pk", "code", "name", "manager")
    found = list(rows)
    people = User.objects.in_bulk({who for *_client, who in found if who})
    return {
        pk: (code, name, people[who].short_name if who else "") for pk, code, name, who in found
    }


def _row(place: Placed, counted: Counted, names: tuple[str, str, str], known: bool) -> Row:
    assigned = counted.assigned[place.client_id]
    # A new client without shipments is judged by its potential, not by its silence (D.4).
    comparable = place.amount > 0 or known
    differs = bool(assigned) and assigned != place.category and comparable
    where = direction(assigned, place.category) if assigned and differs else ""
    return {
        "rank": place.rank,
        "code": names[0],
        "client": names[1],
        "url": links.client_card(place.client_id),
        "net": place.amount,
        "share": place.share,
        "cumulative": place.cumulative,
        "category": place.category,
        "assigned": assigned,
        "direction": where,
        "direction_words": {"up": _("up"), "down": _("down")}.get(where, ""),
        "borders": steps(assigned, place.category) if assigned and differs else 0,
        "manager": names[2],
    }


def abc_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """Clients and roubles by category; those without turnover are C too, and counted apart."""
    buying = [row for row in rows if row["net"] > 0]
    found: dict[str, Any] = {"without_turnover": len(rows) - len(buying)}
    for letter in CATEGORIES:
        own = [row["net"] for row in buying if row["category"] == letter]
        found[letter] = len(own)
        found[f"{letter}_net"] = sum(own, Decimal(0))
    return found


def disagreement_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """How many point up and down."""
    ups = sum(row["direction"] == "up" for row in rows)
    return {"up": ups, "down": len(rows) - ups}


def abc_chart(params: Params, rows: Sequence[Row]) -> Mapping[str, Any]:
    """The Pareto curve over the rows shown."""
    wanted = chosen_ranks(len(rows))
    points = [(rows[place - 1]["rank"], rows[place - 1]["cumulative"]) for place in wanted]
    return pareto(points, setting("abc.share_a"), setting("abc.share_b"))
