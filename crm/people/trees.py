"""The tree of units as nested branches with numbers of people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from crm.accounts.models import OrgUnit, OrgUnitKind, User
from crm.accounts.querysets import OrgUnitQuerySet

BELOW = {
    OrgUnitKind.COMPANY: OrgUnitKind.DEPARTMENT,
    OrgUnitKind.DEPARTMENT: OrgUnitKind.SECTOR,
    OrgUnitKind.SECTOR: OrgUnitKind.SECTOR,
}


@dataclass
class Branch:
    """A unit with the units below it."""

    unit: OrgUnit
    own: int
    children: list[Branch] = field(default_factory=list)

    @property
    def total(self) -> int:
        """People of the unit and of everything below it."""
        return self.own + sum(child.total for child in self.children)


def grow(units: OrgUnitQuerySet, *, closed: bool = False) -> list[Branch]:
    """Branches of the roots; closed units are left out unless asked for. Two queries."""
    rows = units if closed else units.open()
    working = Count("members", filter=Q(members__is_active=True))
    rows = rows.select_related("head").annotate(people=working).in_tree_order()
    branches = {unit.pk: Branch(unit, unit.people) for unit in rows}
    roots: list[Branch] = []
    for branch in branches.values():
        above = branches.get(branch.unit.parent_id) if branch.unit.parent_id else None
        (above.children if above else roots).append(branch)
    return roots


def initial_under(parent: str, user: User) -> dict[str, Any]:
    """What a new unit starts with when it is added from a branch of the tree."""
    if not (parent.isascii() and parent.isdigit()):
        has_company = OrgUnit.objects.open().filter(kind=OrgUnitKind.COMPANY).exists()
        return {"kind": OrgUnitKind.SECTOR if has_company else OrgUnitKind.COMPANY}
    unit = OrgUnit.objects.visible_to(user).open().filter(pk=int(parent)).first()
    return {"parent": unit, "kind": BELOW[OrgUnitKind(unit.kind)]} if unit else {}
