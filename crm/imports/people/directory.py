"""Everybody and every unit, looked up by what files call them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from crm.accounts.models import OrgUnit, OrgUnitKind, User
from crm.names import search_key


def name_key(*parts: str) -> str:
    """A name for comparing, whatever the order of its parts: words without case and ё, sorted."""
    return " ".join(sorted(search_key(" ".join(parts)).split()))


@dataclass
class Directory:
    """People and open units of the company, read once per file."""

    people: dict[int, User] = field(default_factory=dict)
    by_key: dict[tuple[str, str], User] = field(default_factory=dict)
    by_name: dict[str, list[User]] = field(default_factory=lambda: defaultdict(list))
    units: dict[int, OrgUnit] = field(default_factory=dict)
    logins: set[str] = field(default_factory=set)

    @classmethod
    def read(cls) -> Directory:
        """Two queries."""
        found = cls()
        for unit in OrgUnit.objects.open().order_by("path"):
            found.units[unit.pk] = unit
        for person in User.objects.order_by("pk"):
            found.add(person)
        return found

    def add(self, person: User) -> None:
        """Let a person be found."""
        self.people[person.pk] = person
        self.logins.add(person.username.casefold())
        for kind in ("external_id", "email", "username"):
            if value := getattr(person, kind):
                self.by_key[(kind, value.casefold())] = person
        self.by_name[name_key(person.full_name)].append(person)

    def find(self, kind: str, value: str) -> User | None:
        """A person by external id, e-mail or login."""
        return self.by_key.get((kind, value.casefold())) if value else None

    @property
    def company(self) -> OrgUnit | None:
        """The root of the tree."""
        roots = (unit for unit in self.units.values() if unit.kind == OrgUnitKind.COMPANY)
        return next(roots, None)

    def unit_named(self, name: str, parent_id: int | None = None) -> OrgUnit | None:
        """An open unit by its name, under the parent if one is given; None when not just one."""
        key = search_key(name)
        found = [
            unit
            for unit in self.units.values()
            if search_key(unit.name) == key and (parent_id is None or unit.parent_id == parent_id)
        ]
        return found[0] if len(found) == 1 else None

    def headed_by(self, chief: str, parent_id: int | None) -> OrgUnit | None:
        """An open unit under the parent whose head has this name."""
        key = name_key(chief)
        for unit in self.units.values():
            head = self.people.get(unit.head_id) if unit.head_id else None
            if head and unit.parent_id == parent_id and name_key(head.full_name) == key:
                return unit
        return None
