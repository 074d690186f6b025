"""Writes of the tree of units."""

from __future__ import annotations

from typing import TypedDict, Unpack

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts import hooks, permissions
from crm.accounts.models import HEAD_ROLES, PARENT_KINDS, OrgUnit, OrgUnitKind, User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.names import sort_key
from crm.refusals import Sentence, politely

CONSTRAINTS: dict[str, Sentence] = {
    "unit_name_once_per_parent": (
        gettext_lazy("There is a unit of this name in the same place."),
        "name",
    ),
}


class UnitValues(TypedDict, total=False):
    """What the administrator fills in about a unit."""

    name: str
    head: User | None
    territory: str
    channel: str
    external_id: str


@transaction.atomic
def create_unit(
    *, by: User | None, kind: str, parent_id: int | None, **values: Unpack[UnitValues]
) -> OrgUnit:
    """Add a unit under an open parent whose kind fits; `by=None` is the command line."""
    if by is not None and not permissions.can_manage_units(by):
        raise PermissionDenied
    tree = lock_tree()
    unit = OrgUnit(kind=kind)
    _put(unit, values)
    unit.parent = _fitting_parent(unit, parent_id, tree)
    with verb("unit.created", by=by), politely(CONSTRAINTS):
        unit.save(force_insert=True)
        unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.pk}/"
        unit.save(update_fields=["path"])
    return unit


@transaction.atomic
def edit_unit(unit_id: int, *, by: User, version: int, **values: Unpack[UnitValues]) -> OrgUnit:
    """Rename a unit, appoint a working head of a fitting role; raises StaleVersion."""
    unit = _locked_unit(unit_id, lock_tree(), by=by, version=version)
    old_head = unit.head_id
    _put(unit, values, old_head=old_head)
    unit.version += 1
    with verb("unit.edited", by=by), politely(CONSTRAINTS):
        unit.save(update_fields=[*values, "sort_key", "version"])
    return unit


@transaction.atomic
def move_unit(unit_id: int, *, by: User, version: int, parent_id: int) -> OrgUnit:
    """Hang the unit with everything below it under another parent, never under itself."""
    tree = lock_tree()
    unit = _locked_unit(unit_id, tree, by=by, version=version)
    parent = _fitting_parent(unit, parent_id, tree)
    if unit.parent_id == parent_id or parent is None:
        raise RuleViolation(_("The unit stands there already."), field="parent")
    if unit.pk in parent.path_ids:
        raise RuleViolation(_("A unit cannot be a part of itself."), field="parent")
    old_path, unit.parent = unit.path, parent
    unit.version += 1
    new_path = f"{parent.path}{unit.pk}/"
    with verb("unit.moved", by=by), politely(CONSTRAINTS):
        unit.save(update_fields=["parent", "version"])
        OrgUnit.objects.filter(path__startswith=old_path).update(
            path=Concat(Value(new_path), Substr(F("path"), len(old_path) + 1))
        )
    unit.path = new_path
    return unit


@transaction.atomic
def archive_unit(unit_id: int, *, by: User, version: int) -> OrgUnit:
    """Close an empty unit: no units below, no people, nothing that other apps keep in it."""
    unit = _locked_unit(unit_id, lock_tree(), by=by, version=version)
    refusals = closing_refusals(unit)
    if refusals:
        raise RuleViolation(" ".join(refusal.text for refusal in refusals))
    unit.archived_at = timezone.now()
    unit.version += 1
    with verb("unit.archived", by=by):
        unit.save(update_fields=["archived_at", "version"])
    return unit


@transaction.atomic
def restore_unit(unit_id: int, *, by: User, version: int) -> OrgUnit:
    """Open a closed unit again, in its old place if that is open."""
    tree = lock_tree()
    unit = _locked_unit(unit_id, tree, by=by, version=version)
    if unit.archived_at is None:
        raise RuleViolation(_("This unit is open already."))
    if unit.parent_id and tree[unit.parent_id].archived_at is not None:
        raise RuleViolation(_("The unit above is closed: open it first."))
    unit.archived_at = None
    unit.version += 1
    with verb("unit.restored", by=by), politely(CONSTRAINTS):
        unit.save(update_fields=["archived_at", "version"])
    return unit


def closing_refusals(unit: OrgUnit) -> list[hooks.Refusal]:
    """Everything that keeps the unit from closing."""
    found = []
    if unit.archived_at is not None:
        found.append(hooks.Refusal(_("This unit is closed already.")))
    if unit.parent_id is None:
        found.append(hooks.Refusal(_("The company itself stays.")))
    if OrgUnit.objects.open().filter(parent=unit).exists():
        found.append(hooks.Refusal(_("There are open units below it.")))
    if User.objects.working().filter(org_unit=unit).exists():
        found.append(hooks.Refusal(_("People work in it; move them first.")))
    return [*found, *hooks.unit_refusals(unit)]


def lock_tree() -> dict[int, OrgUnit]:
    """All units under a lock, so that the shape of the tree is changed by one person at a time."""
    units = OrgUnit.objects.select_for_update(of=("self",)).order_by("pk")
    return {unit.pk: unit for unit in units}


def _locked_unit(unit_id: int, tree: dict[int, OrgUnit], *, by: User, version: int) -> OrgUnit:
    unit: OrgUnit = OrgUnit.objects.visible_to(by).get(pk=unit_id)
    if not permissions.can_manage_units(by):
        raise PermissionDenied
    if unit.version != version:
        raise StaleVersion(of=unit)
    return tree[unit.pk]


def _put(unit: OrgUnit, values: UnitValues, *, old_head: int | None = None) -> None:
    for name, value in values.items():
        setattr(unit, name, value)
    unit.sort_key = sort_key(unit.name)
    head = unit.head
    if head is None or head.pk == old_head:
        return
    if not head.is_active or head.role not in HEAD_ROLES[unit.kind]:
        text = _("%(person)s cannot head a unit of this kind: wrong role or deactivated.")
        raise RuleViolation(text % {"person": head}, field="head")


def _fitting_parent(
    unit: OrgUnit, parent_id: int | None, tree: dict[int, OrgUnit]
) -> OrgUnit | None:
    """The open unit above; none for the company, and there is one company only."""
    if unit.kind not in OrgUnitKind.values:
        raise RuleViolation(_("Choose one of the offered values."), field="kind")
    if unit.kind == OrgUnitKind.COMPANY:
        if parent_id is not None:
            raise RuleViolation(_("A company is not a part of anything."), field="parent")
        return None
    parent = tree.get(parent_id) if parent_id is not None else None
    if parent is None or parent.archived_at is not None:
        raise RuleViolation(_("Choose an open unit."), field="parent")
    if parent.kind not in PARENT_KINDS[unit.kind]:
        raise RuleViolation(_("A unit of this kind cannot stand there."), field="parent")
    return parent
