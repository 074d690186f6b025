"""Who may answer for imported clients and contacts, and in which unit they stand."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.accounts.models import DIRECTORS, SALES, OrgUnit, OrgUnitKind, Role, User
from crm.accounts.scope import scope_of
from crm.imports.people.directory import Directory, name_key

UNCHECKED = (None, Role.ADMIN)  # the command line and the administrator: initial load


def is_unchecked(by: User | None) -> bool:
    """Whether the import reaches everybody's clients: not with the rights of a head."""
    return by is None or by.role == Role.ADMIN


class Owners:
    """Managers by what files call them, inside the subtree of a head."""

    def __init__(self, by: User | None) -> None:
        self.by = by
        self.directory = Directory.read()
        self.found: dict[str, User] = {}
        self.by_short: dict[str, list[User]] = {}
        for person in self.directory.people.values():
            for key in {name_key(person.short_name), *name_key(person.full_name).split()}:
                self.by_short.setdefault(key, []).append(person)

    def find(self, text: str) -> User:
        """The person by login, e-mail, external id, full or short name, or the only one so named.

        Raises ValidationError when nobody or not just one person is meant, or not one's own.
        """
        if text not in self.found:
            self.found[text] = self._find(text)
        return self.found[text]

    def _find(self, text: str) -> User:
        for kind in ("username", "email", "external_id"):
            person = self.directory.find(kind, text)
            if person is not None:
                return self._allowed(person, text)
        key = name_key(text)
        people = self.directory.by_name.get(key) or self.by_short.get(key) or []
        working = [person for person in people if person.is_active] or people
        if len(working) > 1:
            raise ValidationError(_("More than one person is called “%(name)s”.") % {"name": text})
        if not working:
            raise ValidationError(_("Nobody here is called “%(name)s”.") % {"name": text})
        return self._allowed(working[0], text)

    def _allowed(self, person: User, text: str) -> User:
        if not person.is_active:
            raise ValidationError(_("“%(name)s” no longer works here.") % {"name": text})
        if person.role not in SALES | DIRECTORS:
            raise ValidationError(_("“%(name)s” does not work with clients.") % {"name": text})
        if self.by is not None and not is_unchecked(self.by):
            scope = scope_of(self.by)
            if person.org_unit_id not in scope.unit_ids and person.pk not in scope.manager_ids:
                raise ValidationError(_("“%(name)s” is not of your unit.") % {"name": text})
        return person

    def add(self, person: User) -> None:
        """Let a person added on the way be found."""
        self.directory.add(person)
        self.found.clear()


def units_open_to(by: User | None) -> list[OrgUnit]:
    """Units into which the person may import: the own subtree, or the whole tree."""
    units = OrgUnit.objects.open().in_tree_order()
    if by is not None and not is_unchecked(by):
        units = units.filter(pk__in=scope_of(by).unit_ids)
    return list(units)


def default_unit(by: User | None) -> OrgUnit | None:
    """Where clients without a manager stand: the topmost unit that the person may fill."""
    units = units_open_to(by)
    top = min(units, key=lambda unit: (len(unit.path_ids), unit.pk), default=None)
    if is_unchecked(by) and top is not None and top.kind != OrgUnitKind.COMPANY:
        return None
    return top
