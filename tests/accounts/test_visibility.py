"""Who sees what: the scope as a table of person and what they see."""

from datetime import date

import pytest

from crm.accounts.models import Delegation, OrgUnit, Role, User
from crm.accounts.scope import acting_for, scope_of
from tests.cast import everybody, fresh
from tests.factories import accounts
from tests.kernel.shared_files import shared_example

EVERYTHING = "everything"
LIMITED = "limited"

# person: units seen through being a head (None = everything)
SEEN = {
    "manager": {"own"},
    "manager2": {"own"},
    "stranger": {"own"},
    "sector_head": {"own", "sector"},
    "department_head": {"own", "department", "sector"},
    "stranger_head": {"own", "other_department", "other_sector"},
    "director": {EVERYTHING},
    "general_director": {EVERYTHING},
    "accountant": {EVERYTHING},
    "lawyer": {EVERYTHING},
    "marketer": {EVERYTHING, LIMITED},
    "logistics": {EVERYTHING, LIMITED},
    "purchasing": set(),
    "merchandiser": set(),
    "admin": set(),
}


def seen_by(person, cast, today=None):
    """The scope in words of the table."""
    scope = scope_of(fresh(person), today)
    names = {unit.pk: key for key, unit in vars(cast).items() if isinstance(unit, OrgUnit)}
    words = {names[pk] for pk in scope.unit_ids}
    words |= {"own"} if person.pk in scope.manager_ids else set()
    words |= {EVERYTHING} if scope.everything else set()
    return words | ({LIMITED} if scope.limited_fields else set())


def test_everybody_sees_what_the_table_says(cast):
    assert {key: seen_by(person, cast) for key, person in everybody(cast).items()} == SEEN


def test_an_inactive_person_sees_nothing(cast):
    for person in everybody(cast).values():
        person.is_active = False
        person.save(update_fields=["is_active"])
        assert seen_by(person, cast) == set()
        assert not User.objects.visible_to(person).exists()
        assert not User.objects.overseen_by(person).exists()
        assert not OrgUnit.objects.visible_to(person).exists()
        assert not Delegation.objects.visible_to(person).exists()


def test_a_head_without_a_unit_and_an_unknown_role_see_nobody_elses_clients(cast):
    lonely = accounts.user(role=Role.DEPARTMENT_HEAD)
    assert seen_by(lonely, cast) == {"own"}
    odd = accounts.user(role="wizard")
    assert seen_by(odd, cast) == set()


def test_an_archived_unit_gives_its_head_nothing(cast):
    from django.utils import timezone

    cast.sector.archived_at = timezone.now()
    cast.sector.save(update_fields=["archived_at"])
    assert seen_by(cast.sector_head, cast) == {"own"}


def test_a_substitute_sees_from_the_first_to_the_last_day_inclusive(cast):
    accounts.delegation(cast.manager, cast.manager2, first="2026-10-19", last="2026-10-30")
    days = ["2026-10-18", "2026-10-19", "2026-10-30", "2026-10-31"]
    seen = [
        cast.manager.pk in scope_of(fresh(cast.manager2), date.fromisoformat(day)).manager_ids
        for day in days
    ]
    assert seen == [False, True, True, False]


def test_deleg_1_the_worked_example(cast):
    example = shared_example("DELEG-1")
    people = {"head": cast.department_head, "group_lead_1": cast.sector_head}
    for line in example["input"]["delegations"]:
        accounts.delegation(
            people[line["owner"]], people[line["delegate"]], first=line["from"], last=line["to"]
        )
    for day, expected in example["expected"].items():
        held = Delegation.objects.on(date.fromisoformat(day)).filter(owner=people["head"])
        acting = held.get().delegate if held else people["head"]
        assert acting == people[expected], day
        scope = scope_of(fresh(people["group_lead_1"]), date.fromisoformat(day))
        assert (cast.department.pk in scope.unit_ids) == (expected == "group_lead_1"), day


@pytest.mark.parametrize("more", [{"state": "revoked"}, {"covers_clients": False}])
def test_a_revoked_or_decisions_only_substitution_shows_no_clients(cast, more):
    accounts.delegation(cast.manager, cast.manager2, first="2026-10-19", last="2026-10-30", **more)
    scope = scope_of(fresh(cast.manager2), date(2026, 10, 20))
    assert scope.manager_ids == {cast.manager2.pk}


def test_a_substitute_of_a_dismissed_person_sees_nothing_more(cast):
    accounts.delegation(cast.manager, cast.manager2, first="2026-10-19", last="2026-10-30")
    cast.manager.is_active = False
    cast.manager.save(update_fields=["is_active"])
    assert scope_of(fresh(cast.manager2), date(2026, 10, 20)).manager_ids == {cast.manager2.pk}


def test_substitution_gives_marketing_no_more_fields(cast):
    accounts.delegation(cast.manager, cast.marketer, first="2026-10-19", last="2026-10-30")
    scope = scope_of(fresh(cast.marketer), date(2026, 10, 20))
    assert scope.everything
    assert scope.limited_fields


def test_substitution_is_not_passed_on(cast):
    accounts.delegation(cast.director, cast.department_head, first="2026-10-01", last="2026-10-31")
    accounts.delegation(cast.department_head, cast.manager, first="2026-10-01", last="2026-10-31")
    scope = scope_of(fresh(cast.manager), date(2026, 10, 20))
    assert not scope.everything
    assert cast.department.pk in scope.unit_ids


def test_the_substituted_person_is_named_only_where_the_own_scope_ends(cast):
    today = date(2026, 10, 20)
    accounts.delegation(cast.manager, cast.stranger, first=today, last=today)
    stranger = fresh(cast.stranger)
    of_manager = {"manager_id": cast.manager.pk, "unit_id": cast.sector.pk, "today": today}
    own = {"manager_id": stranger.pk, "unit_id": cast.other_sector.pk, "today": today}
    assert acting_for(stranger, **of_manager) == cast.manager
    assert acting_for(stranger, **own) is None
    assert acting_for(fresh(cast.sector_head), **of_manager) is None
    assert acting_for(fresh(cast.manager2), **of_manager) is None


def test_heads_oversee_their_subtree_and_overseers_everybody(cast):
    overseen = {
        key: set(User.objects.overseen_by(person).values_list("username", flat=True))
        for key, person in everybody(cast).items()
    }
    in_sector = {"manager", "manager2", "sector_head"}
    assert overseen.pop("sector_head") == in_sector
    assert overseen.pop("department_head") == in_sector | {"department_head"}
    assert overseen.pop("stranger_head") == {"stranger", "stranger_head"}
    for key in ("admin", "director", "general_director"):
        assert len(overseen.pop(key)) == len(everybody(cast))
    assert set().union(*overseen.values()) == set()


def test_substitutions_are_seen_by_both_sides_their_chiefs_and_the_overseers(cast):
    accounts.delegation(cast.manager, cast.stranger, first="2026-10-19", last="2026-10-30")
    seeing = {
        key
        for key, person in everybody(cast).items()
        if Delegation.objects.visible_to(person).exists()
    }
    assert seeing == {
        "manager", "stranger", "sector_head", "department_head", "director", "general_director",
        "admin",
    }  # fmt: skip
