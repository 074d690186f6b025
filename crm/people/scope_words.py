"""«What does Ivanova see»: the scope of a person in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from crm.accounts.models import Delegation, OrgUnit, User
from crm.accounts.scope import Part, scope_of


@dataclass(frozen=True)
class Line:
    """One reason why something is seen, and which icon stands beside it."""

    icon: str
    text: str


def explain(person: User, today: date) -> list[Line]:
    """Sentences about what the person sees on the day and why."""
    if not person.is_active:
        return [Line("eye-off", _("Nothing: the person is deactivated."))]
    scope = scope_of(person, today)
    units = {unit.pk: unit for unit in OrgUnit.objects.filter(pk__in=scope.unit_ids)}
    lines = _own(scope.own, person, units) if scope.own else []
    for part in scope.substituted:
        lines.append(_substituted(part, person, today))
    return lines or [Line("eye-off", _no_clients(person))]


def _own(part: Part, person: User, units: dict[int, OrgUnit]) -> list[Line]:
    role = {"role": person.get_role_display()}
    if part.limited:
        text = _("All clients, but only name, place and category: role “%(role)s”.") % role
        return [Line("eye", text)]
    if part.everything:
        return [Line("eye", _("All clients with everything in them: role “%(role)s”.") % role)]
    lines = []
    if part.owns_clients:
        lines.append(Line("user-check", _("Clients whose manager the person is.")))
    for unit in _tops(part, units):
        below = sorted(u.name for u in units.values() if unit.pk in u.path_ids and u != unit)
        text = _("Clients of the unit “%(unit)s”, which the person heads.") % {"unit": unit}
        if below:
            text += " " + _("And of the units below: %(units)s.") % {"units": ", ".join(below)}
        lines.append(Line("sitemap", text))
    return lines


def _tops(part: Part, units: dict[int, OrgUnit]) -> list[OrgUnit]:
    """The headed units themselves, without those below them."""
    mine = [units[pk] for pk in sorted(part.unit_ids) if pk in units]
    return [unit for unit in mine if not set(unit.path_ids[:-1]) & part.unit_ids]


def _substituted(part: Part, person: User, today: date) -> Line:
    held = Delegation.objects.on(today).filter(delegate=person, owner=part.person_id)
    last = held.latest("valid_to")
    text = _("Everything that %(owner)s sees, for whom the person substitutes until %(day)s.")
    return Line("users", text % {"owner": last.owner, "day": f"{last.valid_to:%d.%m.%Y}"})


def _no_clients(person: User) -> str:
    role = {"role": person.get_role_display()}
    return _("No clients: role “%(role)s” does not see them.") % role
