"""Where people of a file belong: found in the tree, or added to it when the file is applied."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.accounts.actions import create_unit, create_user
from crm.accounts.models import HEAD_ROLES, OrgUnit, OrgUnitKind, Role, User
from crm.imports.people.directory import Directory, name_key
from crm.imports.people.logins import make_login
from crm.imports.registry import Run
from crm.names import split_full_name


@dataclass(frozen=True)
class Place:
    """A unit as the file describes it; a chief without a unit means the chief's own sector."""

    office: str = ""
    chief: str = ""
    unit: str = ""

    @property
    def words(self) -> str:
        """For the preview."""
        return " → ".join(filter(None, (self.office, self.unit or self.chief)))


class Places:
    """Units by place; missing ones are made at writing, each once."""

    def __init__(self, run: Run, directory: Directory, expected: set[str]) -> None:
        self.run = run
        self.directory = directory
        self.expected = expected  # names of people with a row of their own
        self.later: list[tuple[OrgUnit, str]] = []
        self.default: OrgUnit | None = run.options.get("unit")
        self.made: dict[Place, OrgUnit] = {}

    def find(self, place: Place) -> OrgUnit | None:
        """The unit if the tree has it already."""
        if place in self.made:
            return self.made[place]
        if not (place.office or place.chief or place.unit):
            return self.default
        parent = self._parent(place.office)
        if place.office and parent is None:
            return None
        parent_id = parent.pk if parent else None
        if place.unit:
            return self.directory.unit_named(place.unit, parent_id if place.office else None)
        if place.chief:
            return self.directory.headed_by(place.chief, parent_id)
        return parent

    def _parent(self, office: str) -> OrgUnit | None:
        return self.directory.unit_named(office) if office else self.default or self._company()

    def _company(self) -> OrgUnit | None:
        return self.directory.company

    # Writing

    def make(self, place: Place) -> OrgUnit | None:
        """The unit, added to the tree with what stands above it if it was not there."""
        found = self.find(place)
        if found is not None or not (place.office or place.chief or place.unit):
            return found
        if place.unit or place.chief:
            above = self.make(Place(office=place.office)) if place.office else self.top()
            found = self._add(place.unit or sector_name(place.chief), OrgUnitKind.SECTOR, above)
        else:
            found = self._add(place.office, OrgUnitKind.DEPARTMENT, self.top())
        self.made[place] = found
        if place.chief:
            self.appoint(found, place.chief)
        return found

    def top(self) -> OrgUnit:
        """What new units hang under: the chosen one, else the company, added if need be."""
        top = self.default or self._company()
        if top is not None:
            return top
        with override(settings.LANGUAGE_CODE):
            return self._add(_("Company"), OrgUnitKind.COMPANY, None)

    def _add(self, name: str, kind: str, above: OrgUnit | None) -> OrgUnit:
        unit = create_unit(
            by=self.run.by, kind=kind, parent_id=above.pk if above else None, name=name[:200]
        )
        self.directory.units[unit.pk] = unit
        self.run.journal.add(OrgUnit, [unit.pk])
        self.run.count("units_created")
        return unit

    def appoint(self, unit: OrgUnit, chief: str) -> None:
        """Let the chief head the unit if nobody does; one who has no row of the own is added."""
        if unit.head_id is not None:
            return
        key = name_key(chief)
        if key in self.expected and not self.directory.by_name.get(key):
            self.later.append((unit, chief))
            return
        person = self._chief(chief, unit)
        if person is None:
            return
        OrgUnit.objects.filter(pk=unit.pk, head=None).update(head=person)
        unit.head = person

    def finish(self) -> None:
        """Appoint the chiefs whose rows came after those of their people."""
        for unit, chief in self.later:
            self.appoint(unit, chief)

    def _chief(self, chief: str, unit: OrgUnit) -> User | None:
        namesakes = [p for p in self.directory.by_name[name_key(chief)] if p.is_active]
        if len(namesakes) > 1:
            namesakes = [person for person in namesakes if person.org_unit_id == unit.pk]
        if namesakes:
            person = namesakes[0]
            if person.role in HEAD_ROLES[unit.kind]:
                return person
            note = _("%(person)s does not head “%(unit)s”: the role does not fit.")
            self.run.notes.append(note % {"person": person, "unit": unit})
            return None
        role = Role.SECTOR_HEAD if unit.kind == OrgUnitKind.SECTOR else Role.DEPARTMENT_HEAD
        person = add_person(self.run, self.directory, chief, role, unit)
        self.run.count("heads_created")
        return person


def sector_name(chief: str) -> str:
    """A sector is called after its head, in the company's language."""
    with override(settings.LANGUAGE_CODE):
        return _("Sector of %(chief)s") % {"chief": chief}


def add_person(
    run: Run, directory: Directory, full_name: str, role: str, unit: OrgUnit | None
) -> User:
    """A person known by name only; cannot sign in until the administrator gives a password."""
    name = split_full_name(full_name)
    person = create_user(
        by=run.by,
        with_password=False,
        username=make_login(name.first, name.last or name.middle, directory.logins),
        last_name=(name.last or name.first)[:100],
        first_name=(name.first if name.last else "")[:100],
        middle_name=name.middle[:100],
        role=role,
        org_unit=unit,
    ).person
    directory.add(person)
    run.journal.add(User, [person.pk])
    return person


def must_change_passwords(ids: list[int]) -> None:
    """Whoever gets a password from the administrator has to replace it."""
    User.objects.filter(pk__in=ids).update(must_change_password=True)
