"""KPI-3: the active base at the end of a month, who entered and left it, growth of category A."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, Subquery

from clients.models import Client, ClientAssignment
from crm.accounts.models import User
from crm.calendar import month_end
from crm.money import percent
from reports.models import ClientMonth
from reports.parameters import month_start
from reports.queries.cuts import category_on
from reports.querysets.plans import seen_parts


class Member(NamedTuple):
    """A client of the base: who answers on the last day of the month, in which category."""

    client_id: int
    manager_id: int | None
    unit_id: int | None
    category: str | None


@dataclass
class Growth:
    """The base now and a month before."""

    now: set[int] = field(default_factory=set)
    before: set[int] = field(default_factory=set)
    a_now: set[int] = field(default_factory=set)
    a_before: set[int] = field(default_factory=set)

    @property
    def growth(self) -> int:
        return len(self.now) - len(self.before)

    @property
    def percent(self) -> Decimal | None:
        """None from nothing."""
        return percent(self.growth, len(self.before))

    @property
    def a_growth(self) -> int:
        return len(self.a_now) - len(self.a_before)

    @property
    def a_percent(self) -> Decimal | None:
        """None from nothing."""
        return percent(self.a_growth, len(self.a_before))

    @property
    def entered(self) -> set[int]:
        return self.now - self.before

    @property
    def left(self) -> set[int]:
        return self.before - self.now


def members(user: User, month: date, months: int) -> list[Member]:
    """Clients with a sale that stands within the months up to this one, as the person sees them.

    Seen by whom they belong to on the last day of the month: the unit is the manager's.
    """
    day = month_end(month.year, month.month)
    bought = ClientMonth.objects.filter(
        month__gte=month_start(month, 1 - months), month__lte=month, sales__gt=0
    )
    held = ClientAssignment.objects.primary().on(day).filter(client=OuterRef("pk"))
    rows = Client.objects.filter(pk__in=bought.values("client")).annotate(
        owner=Subquery(held.values("manager")[:1]), then=category_on(day, "pk")
    )
    units = dict(User.objects.values_list("pk", "org_unit"))
    found = [
        Member(pk, owner, units.get(owner) if owner else unit, category)
        for pk, owner, unit, category in rows.order_by().values_list(
            "pk", "owner", "org_unit", "then"
        )
    ]
    return _seen(user, found)


def _seen(user: User, found: list[Member]) -> list[Member]:
    from crm.accounts.scope import scope_of

    condition, scope = seen_parts(user), scope_of(user)
    if condition is None:
        return []
    if condition == Q():
        return found
    return [
        one for one in found if one.manager_id in scope.manager_ids or one.unit_id in scope.unit_ids
    ]


def growth(
    user: User, month: date, months: int, *, by: str = "all", units: Container[int] | None = None
) -> dict[Any, Growth]:
    """The base by manager, unit, category or as a whole; of these units only, where some are."""
    found: dict[Any, Growth] = {}
    for when, end in (("now", month), ("before", month_start(month, -1))):
        rows = members(user, end, months)
        _sort_in(found, (one for one in rows if units is None or one.unit_id in units), by, when)
    return found


def _sort_in(found: dict[Any, Growth], rows: Iterable[Member], by: str, when: str) -> None:
    for one in rows:
        key = {
            "all": None,
            "manager": one.manager_id,
            "unit": one.unit_id,
            "category": one.category,
            "client": one.client_id,
        }[by]
        held = found.setdefault(key, Growth())
        getattr(held, when).add(one.client_id)
        if one.category == "A":
            getattr(held, f"a_{when}").add(one.client_id)
