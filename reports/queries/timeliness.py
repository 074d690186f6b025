"""Rows of the reports of terms: figures by kind, unit and person, and what stands behind them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import OrgUnit, User
from reports import links
from reports.parameters import Period
from reports.registry import Params, Row, Text
from reports.timeliness.figures import NOBODY, Figures, Place, figures
from reports.timeliness.kind import Kind, kind_of, kinds
from reports.timeliness.rows import TermRow, term_rows
from reports.timeliness.terms import AHEAD, KEPT, LATE, OVERDUE, STANDINGS, Counts

WORDS: dict[str, Text] = {
    KEPT: pgettext_lazy("terms", "On time"),
    LATE: pgettext_lazy("terms", "Late"),
    OVERDUE: pgettext_lazy("terms", "Overdue"),
    AHEAD: pgettext_lazy("terms", "Ahead"),
}
CLIENTS = ("distribution", "redistribution")


def asked_kinds(params: Params) -> tuple[Kind, ...]:
    """The kind of the parameters, else all."""
    one = kind_of(params.get("kind") or "")
    return (one,) if one is not None else kinds()


def asked_units(params: Params) -> set[int | None] | None:
    """The unit of the parameters with those below it, or alone, or no unit; None: all."""
    unit = params.get("unit")
    if params.get("within") == "none":
        return {None}
    if not unit:
        return None
    if params.get("within") == "own":
        return {unit.pk}
    return set(OrgUnit.objects.subtree_of([unit.pk]).values_list("pk", flat=True))


def summary(user: User, params: Params) -> list[Row]:
    """Kept and missed terms of the period by kind, unit and person, with the addresses of rows."""
    return [{**row, **_addresses(row, params["period"])} for row in places(user, params)]


def places(user: User, params: Params) -> list[Row]:
    """The same without addresses, for who adds them up."""
    return named(figures_asked(user, params), asked_kinds(params))


def figures_asked(user: User, params: Params) -> Figures:
    """The figures that the parameters ask for."""
    asked, units = asked_kinds(params), asked_units(params)
    return figures(user, params["period"], asked, today=timezone.localdate(), units=units)


def named(found: Figures, asked: Sequence[Kind]) -> list[Row]:
    """A row for each place, in the order of kinds, units and people."""
    by_place = found.by_place
    names = Names({place.unit_id for place in by_place}, {place.person_id for place in by_place})
    order = {kind.code: kind.order for kind in asked}
    rows = [_of_place(place, counts, names) for place, counts in by_place.items()]
    return sorted(rows, key=lambda row: (order[row["place"].kind], *row["sort"]))


def summary_totals(_user: User, _params: Params, rows: Sequence[Row]) -> Row:
    """Of all of them, the share from sums."""
    return {"percent": whole_of(rows).percent}


def whole_of(rows: Iterable[Row]) -> Counts:
    """The sum of rows of a summary."""
    total = Counts()
    for row in rows:
        total = total + row["counts"]
    return total


class Names:
    """Units and people of the rows: two queries."""

    def __init__(self, units: Collection[int | None], people: Collection[int | None]) -> None:
        self.units = OrgUnit.objects.in_bulk([pk for pk in units if pk])
        self.people = User.objects.in_bulk([pk for pk in people if pk])

    def unit(self, pk: int | None) -> str:
        """The name of the unit."""
        return self.units[pk].name if pk in self.units else self.no_unit()

    @staticmethod
    def no_unit() -> str:
        """What is said of rows without a unit."""
        return _("No unit")

    def person(self, pk: int | None) -> str:
        """The name of the person."""
        return self.people[pk].short_name if pk in self.people else _("Nobody")

    def sort(self, unit: int | None, person: int | None) -> tuple[str, str, int]:
        """Units and people in the order of names, nobody at the end."""
        of_unit = self.units[unit].sort_key if unit in self.units else "\uffff"
        of_person = self.people[person].sort_key if person in self.people else "\uffff"
        return of_unit, of_person, person or 0


def _of_place(place: Place, counts: Counts, names: Names) -> dict[str, Any]:
    kind = kind_of(place.kind)
    assert kind is not None
    return {
        "kind": kind.label,
        "unit": names.unit(place.unit_id),
        "name": names.person(place.person_id),
        "place": place,
        "counts": counts,
        "sort": names.sort(place.unit_id, place.person_id),
        **_numbers(counts),
    }


def _addresses(row: Row, period: Period) -> dict[str, Any]:
    place = row["place"]
    return counted(
        row["counts"],
        period,
        kind=place.kind,
        unit=place.unit_id,
        within="own" if place.unit_id else "none",
        person=str(place.person_id or NOBODY),
    )


def counted(counts: Counts, period: Period, **asked: Any) -> dict[str, Any]:
    """The numbers, each with the address of its rows."""
    query = {"from": period.first, "to": period.last, **asked}
    url = links.report("timeliness_rows", **query)
    urls = {f"{name}_url": f"{url}&standing={name}" for name in STANDINGS}
    return {**_numbers(counts), **urls, "url": url}


def _numbers(counts: Counts) -> dict[str, Any]:
    shown: dict[str, Any] = {name: getattr(counts, name) for name in STANDINGS}
    return shown | {"come": counts.come, "percent": counts.percent}


def detail(user: User, params: Params) -> Iterator[Row]:
    """Rows of a kind, or of all, in the period, the worst first."""
    return _shown(_asked_rows(user, params, asked_kinds(params)))


def distribution(user: User, params: Params) -> Iterator[Row]:
    """Distribution and redistribution of clients alone (III.14)."""
    found = tuple(kind for kind in kinds() if kind.code in CLIENTS)
    return _shown(_asked_rows(user, params, found))


def detail_totals(_user: User, params: Params, rows: Sequence[Row]) -> Row:
    """How many of each standing; the share where all standings are shown."""
    counts = Counts()
    for row in rows:
        counts.add(row["standing_code"])
    found: dict[str, Any] = {name: getattr(counts, name) for name in STANDINGS}
    return found if params.get("standing") else found | {"percent": counts.percent}


def _asked_rows(user: User, params: Params, asked: Sequence[Kind]) -> list[TermRow]:
    person: Any = params.get("person")
    today: date = timezone.localdate()
    return term_rows(
        user,
        params["period"],
        asked,
        today=today,
        standing=params.get("standing") or "",
        units=asked_units(params),
        person=getattr(person, "pk", person),
    )


def _shown(found: list[TermRow]) -> Iterator[Row]:
    names = Names({one.unit_id for one in found}, {one.person_id for one in found})
    for one in found:
        client = one.client
        yield {
            "kind": one.kind.label,
            "client": client.name if client else "",
            "client_url": links.client_card(client.pk) if client else "",
            "what": one.what,
            "url": one.url,
            "unit": names.unit(one.unit_id),
            "name": names.person(one.person_id),
            "due": one.due,
            "done": one.done,
            "standing": WORDS[one.standing],
            "standing_code": one.standing,
            "days": one.late or None,
        }
