"""Substitution: who may, overlaps, the switch of the day, both names."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from crm.accounts import actions
from crm.accounts.actions.delegations import check_move
from crm.accounts.models import DELEGATION_MOVES, Delegation, DelegationState, Role, User
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from crm.people import actions as people
from crm.work import periodic
from tests.cast import everybody
from tests.factories import accounts
from tests.guarding import forbidden

TODAY = date(2026, 11, 23)
FORBIDDEN = forbidden(DelegationState, DELEGATION_MOVES)


def plan(by, owner, delegate, *, first=0, last=5, **more):
    return people.plan_delegation(
        by=by,
        today=TODAY,
        owner_id=owner.pk,
        delegate_id=delegate.pk,
        reason="vacation",
        valid_from=TODAY + timedelta(days=first),
        valid_to=TODAY + timedelta(days=last),
        **more,
    )


@pytest.mark.parametrize(("old", "new"), FORBIDDEN)
def test_every_forbidden_move_is_refused(cast, old, new):
    delegation = accounts.delegation(
        cast.manager, cast.manager2, first=TODAY, last=TODAY, state=old
    )
    with pytest.raises(RuleViolation):
        check_move(delegation, new)


@pytest.mark.parametrize("old", [s for s, new in DELEGATION_MOVES.items() if "revoked" not in new])
def test_what_is_over_cannot_be_revoked(cast, old):
    delegation = accounts.delegation(
        cast.manager, cast.manager2, first=TODAY, last=TODAY, state=old
    )
    with pytest.raises(RuleViolation):
        actions.revoke_delegation(delegation.pk, by=cast.manager, version=1)


def test_who_may_enter_whose_absence(cast):
    allowed = {
        key: set(User.objects.may_be_away(person).values_list("username", flat=True))
        for key, person in everybody(cast).items()
    }
    everyone = set(everybody(cast))
    sector = {"manager", "manager2", "sector_head"}
    assert allowed.pop("admin") == allowed.pop("director") == everyone
    assert allowed.pop("sector_head") == sector
    assert allowed.pop("department_head") == sector | {"department_head"}
    assert allowed.pop("stranger_head") == {"stranger", "stranger_head"}
    assert all(people == {key} for key, people in allowed.items())


def test_who_may_substitute_whom(cast):
    def circle(owner, by):
        found = User.objects.possible_substitutes(owner, chosen_by=by)
        return set(found.values_list("username", flat=True))

    assert circle(cast.manager, cast.manager) == {
        "manager2", "sector_head", "department_head", "director",
    }  # fmt: skip
    assert circle(cast.department_head, cast.department_head) >= {
        "sector_head", "manager", "manager2", "stranger_head", "director",
    }  # fmt: skip
    assert "stranger" not in circle(cast.manager, cast.manager)
    assert "stranger" in circle(cast.manager, cast.director)
    for owner in everybody(cast).values():
        assert "admin" not in circle(owner, cast.director)
        assert owner.username not in circle(owner, cast.director)


def test_a_stranger_neither_enters_nor_sees_nor_revokes(cast):
    with pytest.raises(PermissionDenied):
        plan(cast.stranger, cast.manager, cast.manager2)
    delegation = plan(cast.manager, cast.manager, cast.manager2)
    with pytest.raises(Delegation.DoesNotExist):
        actions.revoke_delegation(delegation.pk, by=cast.stranger, version=1)
    with pytest.raises(PermissionDenied):
        actions.revoke_delegation(delegation.pk, by=cast.manager2, version=1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"delegate": "stranger"}, "delegate"),
        ({"delegate": "manager"}, "delegate"),
        ({"delegate": "admin"}, "delegate"),
        ({"first": -9, "last": -1}, "valid_to"),
        ({"first": 5, "last": 3}, "valid_to"),
        ({"covers_clients": False, "covers_decisions": False}, "covers_clients"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(cast, change, field):
    delegate = getattr(cast, change.pop("delegate", "manager2"))
    with pytest.raises(RuleViolation) as refusal:
        plan(cast.manager, cast.manager, delegate, **change)
    assert refusal.value.field == field
    assert not Delegation.objects.exists()


def test_somebody_switched_off_is_no_substitute(cast):
    actions.deactivate_user(cast.manager2.pk, by=cast.admin, version=1)
    with pytest.raises(RuleViolation):
        plan(cast.manager, cast.manager, cast.manager2)


def test_who_is_away_substitutes_nobody(cast):
    plan(cast.manager2, cast.manager2, cast.sector_head, first=3, last=8)
    with pytest.raises(RuleViolation, match=r"26\.11\.2026"):
        plan(cast.manager, cast.manager, cast.manager2, first=0, last=5)
    plan(cast.manager, cast.manager, cast.manager2, first=9, last=12)


def test_one_day_has_one_substitute(cast):
    plan(cast.manager, cast.manager, cast.manager2, first=0, last=5)
    with pytest.raises(RuleViolation, match="Ёлкин") as refusal:
        plan(cast.manager, cast.manager, cast.sector_head, first=5, last=9)
    assert refusal.value.field == "valid_from"
    plan(cast.manager, cast.manager, cast.sector_head, first=6, last=9)


def test_clients_and_approvals_may_go_to_different_people(cast):
    plan(cast.sector_head, cast.sector_head, cast.manager, covers_decisions=False)
    plan(cast.sector_head, cast.sector_head, cast.department_head, covers_clients=False)
    assert Delegation.objects.count() == 2


@pytest.mark.parametrize(
    ("more", "constraint"),
    [
        ({}, "delegation_clients_no_overlap"),
        ({"covers_clients": False}, "delegation_decisions_no_overlap"),
        ({"covers_decisions": False}, "delegation_clients_no_overlap"),
    ],
)
def test_the_database_refuses_an_overlap(cast, more, constraint):
    accounts.delegation(cast.manager, cast.manager2, first=TODAY, last=TODAY)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        accounts.delegation(cast.manager, cast.sector_head, first=TODAY, last=TODAY, **more)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"valid_to": date(2026, 11, 22)}, "delegation_ends_after_start"),
        ({"covers_clients": False, "covers_decisions": False}, "delegation_covers_something"),
        ({"state": "revoked"}, "delegation_revoked_has_facts"),
        ({"state": "sleeping"}, "delegation_state_known"),
    ],
)
def test_the_database_refuses_what_slips_past_the_actions(cast, wrong, constraint):
    delegation = accounts.delegation(cast.manager, cast.manager2, first=TODAY, last=TODAY)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Delegation.objects.filter(pk=delegation.pk).update(**wrong)
    with pytest.raises(IntegrityError, match="delegation_not_to_oneself"), transaction.atomic():
        Delegation.objects.filter(pk=delegation.pk).update(delegate=cast.manager)


def test_a_revoked_substitution_frees_its_days(cast):
    delegation = plan(cast.manager, cast.manager, cast.manager2)
    people.revoke_delegation(delegation.pk, by=cast.sector_head, version=1)
    delegation.refresh_from_db()
    assert (delegation.state, delegation.revoked_by) == ("revoked", cast.sector_head)
    plan(cast.manager, cast.manager, cast.sector_head)


def test_a_stale_page_revokes_nothing(cast):
    delegation = plan(cast.manager, cast.manager, cast.manager2, first=1)
    people.switch_delegations(today=TODAY + timedelta(days=1))
    with pytest.raises(StaleVersion):
        people.revoke_delegation(delegation.pk, by=cast.manager, version=1)


def test_one_that_begins_today_acts_at_once_and_a_later_one_waits(cast):
    assert plan(cast.manager, cast.manager, cast.manager2).state == "active"
    assert plan(cast.manager2, cast.manager2, cast.sector_head, first=1).state == "planned"


def test_the_switch_follows_the_calendar_and_tells_both_once(cast):
    delegation = plan(cast.manager, cast.manager, cast.manager2, first=1, last=2)
    states = []
    for day in range(5):
        for _repeat in range(2):
            people.switch_delegations(today=TODAY + timedelta(days=day))
        delegation.refresh_from_db()
        states.append(delegation.state)
    assert states == ["planned", "active", "active", "ended", "ended"]
    told = Notice.objects.filter(channel="ui").values_list("kind", "user__username")
    assert sorted(told) == sorted(
        (f"delegation.{kind}", person)
        for kind in ("planned", "started", "ended")
        for person in ("manager", "manager2")
    )


def test_a_missed_period_begins_and_ends_in_one_run(cast):
    delegation = plan(cast.manager, cast.manager, cast.manager2, first=1, last=2)
    assert people.switch_delegations(today=TODAY + timedelta(days=30)) == 2
    delegation.refresh_from_db()
    assert (delegation.state, delegation.version) == ("ended", 3)


def test_the_switch_is_work_of_every_day():
    (job,) = [job for job in periodic.jobs() if job.kind == "accounts.switch_delegations"]
    assert job.due == periodic.daily(0, 5)
    assert job.run is people.switch_delegations


def test_notices_of_a_refused_plan_are_not_written(cast):
    with pytest.raises(RuleViolation):
        plan(cast.manager, cast.manager, cast.stranger)
    assert not Notice.objects.exists()


def test_heads_of_other_departments_do_not_learn_of_it(cast):
    plan(cast.manager, cast.manager, cast.manager2)
    assert not Delegation.objects.visible_to(cast.stranger_head).exists()
    lonely = accounts.user(role=Role.DEPARTMENT_HEAD)
    assert not Delegation.objects.visible_to(lonely).exists()
