"""The tree of units: places, heads, moves, closing."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.accounts import actions, hooks
from crm.accounts.models import HEAD_ROLES, PARENT_KINDS, OrgUnit, OrgUnitKind, Role
from crm.accounts.scope import scope_of
from crm.errors import RuleViolation, StaleVersion
from tests.cast import everybody, fresh
from tests.factories import accounts


def paths_are_right():
    """Whether every stored path says what the parents say."""
    units = {unit.pk: unit for unit in OrgUnit.objects.all()}
    for unit in units.values():
        parent = units.get(unit.parent_id)
        assert unit.path == f"{parent.path if parent else '/'}{unit.pk}/", unit
    return True


def test_only_the_administrator_shapes_the_tree(cast):
    for key, person in everybody(cast).items():
        if key == "admin":
            continue
        for call in (
            lambda by: actions.create_unit(
                by=by, kind="sector", parent_id=cast.department.pk, name="New"
            ),
            lambda by: actions.edit_unit(cast.sector.pk, by=by, version=1, name="New"),
            lambda by: actions.move_unit(
                cast.sector.pk, by=by, version=1, parent_id=cast.company.pk
            ),
            lambda by: actions.archive_unit(cast.sector.pk, by=by, version=1),
            lambda by: actions.restore_unit(cast.sector.pk, by=by, version=1),
        ):
            with pytest.raises(PermissionDenied):
                call(person)


@pytest.mark.parametrize("parent", OrgUnitKind.values)
@pytest.mark.parametrize("kind", OrgUnitKind.values)
def test_a_unit_stands_only_where_its_kind_fits(cast, kind, parent):
    above = {"company": cast.company, "department": cast.department, "sector": cast.sector}[parent]
    if parent in PARENT_KINDS[kind]:
        unit = actions.create_unit(by=cast.admin, kind=kind, parent_id=above.pk, name="New")
        assert unit.path == f"{above.path}{unit.pk}/"
    else:
        with pytest.raises(RuleViolation) as refusal:
            actions.create_unit(by=cast.admin, kind=kind, parent_id=above.pk, name="New")
        assert refusal.value.field == "parent"


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("kind", ["company", "department", "sector"])
def test_a_unit_is_headed_by_a_fitting_role(cast, kind, role):
    person = accounts.user(role=role)
    unit = {"company": cast.company, "department": cast.department, "sector": cast.sector}[kind]
    if role in HEAD_ROLES[kind]:
        actions.edit_unit(unit.pk, by=cast.admin, version=1, head=person)
        assert OrgUnit.objects.get(pk=unit.pk).head == person
    else:
        with pytest.raises(RuleViolation) as refusal:
            actions.edit_unit(unit.pk, by=cast.admin, version=1, head=person)
        assert refusal.value.field == "head"


def test_somebody_switched_off_heads_nothing(cast):
    gone = accounts.user(role=Role.SECTOR_HEAD, is_active=False)
    with pytest.raises(RuleViolation):
        actions.edit_unit(cast.sector.pk, by=cast.admin, version=1, head=gone)


def test_a_moved_unit_takes_everything_below_along(cast):
    group = actions.create_unit(
        by=cast.admin, kind="sector", parent_id=cast.sector.pk, name="Group"
    )
    actions.move_unit(cast.sector.pk, by=cast.admin, version=1, parent_id=cast.other_department.pk)
    assert paths_are_right()
    group.refresh_from_db()
    assert cast.other_department.pk in group.path_ids
    assert group.pk in scope_of(fresh(cast.stranger_head)).unit_ids
    assert group.pk not in scope_of(fresh(cast.department_head)).unit_ids


def test_a_unit_is_never_moved_under_itself(cast):
    inner = actions.create_unit(
        by=cast.admin, kind="department", parent_id=cast.department.pk, name="Inner"
    )
    for place in (cast.department, inner):
        with pytest.raises(RuleViolation) as refusal:
            actions.move_unit(cast.department.pk, by=cast.admin, version=1, parent_id=place.pk)
        assert refusal.value.field == "parent"
    assert paths_are_right()


def test_a_unit_is_not_moved_where_it_stands_nor_under_a_closed_one(cast):
    with pytest.raises(RuleViolation):
        actions.move_unit(cast.sector.pk, by=cast.admin, version=1, parent_id=cast.department.pk)
    OrgUnit.objects.filter(pk=cast.other_department.pk).update(archived_at=timezone.now())
    with pytest.raises(RuleViolation):
        actions.move_unit(
            cast.sector.pk, by=cast.admin, version=1, parent_id=cast.other_department.pk
        )


def test_a_company_stays_the_root(cast):
    with pytest.raises(RuleViolation):
        actions.move_unit(cast.company.pk, by=cast.admin, version=1, parent_id=cast.sector.pk)
    with pytest.raises(RuleViolation):
        actions.archive_unit(cast.company.pk, by=cast.admin, version=1)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        (lambda cast: {"parent": None}, "unit_company_is_the_root"),
        (lambda cast: {"kind": "company"}, "unit_company_is_the_root"),
        (lambda cast: {"parent": cast.sector}, "unit_not_its_own_parent"),
    ],
)
def test_the_database_refuses_what_slips_past_the_actions(cast, wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        OrgUnit.objects.filter(pk=cast.sector.pk).update(**wrong(cast))


def test_companies_have_different_names_too(cast):
    with pytest.raises(IntegrityError, match="unit_name_once_per_parent"), transaction.atomic():
        accounts.unit(cast.company.name.upper(), kind=OrgUnitKind.COMPANY)
    with pytest.raises(RuleViolation) as refusal:
        actions.create_unit(by=cast.admin, kind="company", parent_id=None, name=cast.company.name)
    assert refusal.value.field == "name"


def test_brothers_have_different_names(cast):
    with pytest.raises(RuleViolation) as refusal:
        actions.create_unit(
            by=cast.admin, kind="sector", parent_id=cast.department.pk, name="СЕКТОР север"
        )
    assert refusal.value.field == "name"
    actions.create_unit(
        by=cast.admin, kind="sector", parent_id=cast.other_department.pk, name="Сектор север"
    )


def test_only_an_empty_unit_is_closed(cast):
    with pytest.raises(RuleViolation):
        actions.archive_unit(cast.department.pk, by=cast.admin, version=1)
    with pytest.raises(RuleViolation):
        actions.archive_unit(cast.sector.pk, by=cast.admin, version=1)
    empty = actions.create_unit(
        by=cast.admin, kind="sector", parent_id=cast.department.pk, name="Empty"
    )
    actions.archive_unit(empty.pk, by=cast.admin, version=1)
    with pytest.raises(RuleViolation):
        actions.archive_unit(empty.pk, by=cast.admin, version=2)
    actions.restore_unit(empty.pk, by=cast.admin, version=2)
    with pytest.raises(RuleViolation):
        actions.restore_unit(empty.pk, by=cast.admin, version=3)
    assert OrgUnit.objects.get(pk=empty.pk).archived_at is None


def test_a_unit_with_clients_is_not_closed(cast):
    empty = actions.create_unit(
        by=cast.admin, kind="sector", parent_id=cast.department.pk, name="Empty"
    )

    def guard(unit):
        return [hooks.Refusal("It has 5 clients.")] if unit.pk == empty.pk else []

    hooks.register_unit_guard(guard)
    try:
        with pytest.raises(RuleViolation, match="5 clients"):
            actions.archive_unit(empty.pk, by=cast.admin, version=1)
    finally:
        hooks._unit_guards.remove(guard)


def test_of_two_administrators_who_edit_at_once_the_second_is_told(cast):
    actions.edit_unit(cast.sector.pk, by=cast.admin, version=1, territory="North")
    with pytest.raises(StaleVersion):
        actions.move_unit(
            cast.sector.pk, by=cast.admin, version=1, parent_id=cast.other_department.pk
        )
