"""Adding, changing, switching off and unlocking people."""

from datetime import date

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from crm.accounts import actions, hooks
from crm.accounts.models import AccessEvent, DelegationState, Role, User
from crm.accounts.visitor import find_by_login
from crm.errors import RuleViolation, StaleVersion
from tests.cast import everybody, fresh, signed_in
from tests.factories import accounts

TODAY = date(2026, 11, 23)


@pytest.fixture
def values(sector):
    return {
        "username": "newcomer",
        "last_name": "Ёжиков",
        "first_name": "Яков",
        "role": Role.MANAGER,
        "org_unit": sector,
        "email": "newcomer@example.com",
    }


@pytest.fixture
def one_client():
    """A guard of a later app: the person still answers for a client."""
    refusal = hooks.Refusal("Answers for 3 clients.", "/clients/transfer/?from=1", "Hand over")

    def guard(person):
        return [refusal] if person.username == "manager" else []

    hooks.register_dismissal_guard(guard)
    yield refusal
    hooks._dismissal_guards.remove(guard)


def others(cast):
    return [person for key, person in everybody(cast).items() if key != "admin"]


def test_a_new_person_signs_in_with_a_temporary_password_only(cast, values):
    new = actions.create_user(by=cast.admin, **values)
    assert new.person.must_change_password
    assert new.person.check_password(new.password)
    assert len(new.password) == 19
    assert new.person.sort_key < cast.manager.sort_key  # Ё before И


def test_only_the_administrator_writes_people(cast, values):
    for person in others(cast):
        with pytest.raises(PermissionDenied):
            actions.create_user(by=person, **values)
        for call in (
            lambda by: actions.edit_user(cast.manager.pk, by=by, version=1, position="x"),
            lambda by: actions.deactivate_user(cast.manager.pk, by=by, version=1),
            lambda by: actions.reactivate_user(cast.manager.pk, by=by, version=1),
            lambda by: actions.reset_password(cast.manager.pk, by=by),
            lambda by: actions.reset_second_factor(cast.director.pk, by=by),
            lambda by: actions.unlock_user(cast.manager.pk, by=by),
        ):
            with pytest.raises(PermissionDenied):
                call(person)
    stranger = fresh(cast.stranger)
    with pytest.raises(PermissionDenied):
        actions.end_sessions(cast.manager.pk, by=stranger)


def test_somebody_switched_off_writes_nothing_and_sees_nobody(cast):
    boss = accounts.user(role=Role.ADMIN, is_active=False)
    with pytest.raises(PermissionDenied):
        actions.create_user(by=boss, username="x", last_name="x", role=Role.LAWYER)
    with pytest.raises(User.DoesNotExist):
        actions.edit_user(cast.manager.pk, by=boss, version=1, position="x")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "Manager"}, "username"),
        ({"email": "MANAGER@example.com"}, "email"),
        ({"username": "a@b"}, "username"),
        ({"org_unit": None}, "org_unit"),
        ({"role": "wizard"}, "role"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(cast, values, change, field):
    with pytest.raises(RuleViolation) as refusal:
        actions.create_user(by=cast.admin, **{**values, **change})
    assert refusal.value.field == field
    assert not User.objects.filter(username="newcomer").exists()


def test_people_of_functions_need_no_unit(cast, values):
    new = actions.create_user(by=cast.admin, **{**values, "role": Role.LAWYER, "org_unit": None})
    assert new.person.org_unit is None


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"username": "MANAGER"}, "user_login_once"),
        ({"email": "Manager@Example.com"}, "user_email_once"),
        ({"dismissed_on": TODAY}, "user_dismissed_is_inactive"),
        (
            {"dismissed_on": TODAY, "hired_on": date(2026, 12, 1), "is_active": False},
            "user_dismissed_after_hired",
        ),
    ],
)
def test_the_database_refuses_what_slips_past_the_actions(cast, wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        User.objects.filter(pk=cast.stranger.pk).update(**wrong)


def test_of_two_administrators_who_edit_at_once_the_second_is_told(cast):
    second = accounts.user(role=Role.ADMIN)
    actions.edit_user(cast.manager.pk, by=cast.admin, version=1, position="First")
    with pytest.raises(StaleVersion):
        actions.edit_user(cast.manager.pk, by=second, version=1, position="Second")
    assert fresh(cast.manager).position == "First"


def test_a_new_role_ends_the_sessions_of_the_person(cast):
    client = signed_in(cast.manager)
    assert client.get("/profile/").status_code == 200
    actions.edit_user(cast.manager.pk, by=cast.admin, version=1, position="x")
    assert client.get("/profile/").status_code == 200
    actions.edit_user(
        cast.manager.pk, by=cast.admin, version=2, role=Role.LAWYER, org_unit=cast.sector
    )
    assert client.get("/profile/").status_code == 302


def test_nobody_changes_the_own_role_or_takes_the_last_administrator(cast):
    with pytest.raises(RuleViolation):
        actions.edit_user(cast.admin.pk, by=cast.admin, version=1, role=Role.LAWYER)
    second = accounts.user(role=Role.ADMIN)
    actions.edit_user(second.pk, by=cast.admin, version=1, role=Role.LAWYER)
    with pytest.raises(RuleViolation):
        actions.deactivate_user(cast.admin.pk, by=cast.admin, version=1)


def test_the_head_of_a_unit_keeps_a_fitting_role(cast):
    with pytest.raises(RuleViolation) as refusal:
        actions.edit_user(cast.sector_head.pk, by=cast.admin, version=1, role=Role.MANAGER)
    assert refusal.value.field == "role"
    actions.edit_unit(cast.sector.pk, by=cast.admin, version=1, head=None)
    actions.edit_user(cast.sector_head.pk, by=cast.admin, version=1, role=Role.MANAGER)


def test_who_answers_for_clients_neither_leaves_nor_changes_to_another_function(cast, one_client):
    with pytest.raises(RuleViolation, match="Answers for 3 clients"):
        actions.deactivate_user(cast.manager.pk, by=cast.admin, version=1, dismissed_on=TODAY)
    with pytest.raises(RuleViolation, match="Answers for 3 clients"):
        actions.edit_user(cast.manager.pk, by=cast.admin, version=1, role=Role.LAWYER)
    page = signed_in(cast.admin).get(f"/people/{cast.manager.pk}/deactivate/").content.decode()
    assert one_client.url not in page  # it would lead the administrator to a refusal
    assert "«Hand over» открывают руководитель и директор." in page
    assert "btn-danger" not in page
    assert fresh(cast.manager).is_active


def test_what_belongs_to_a_person_goes_along_to_another_unit(cast):
    moved = []

    def follow(person, by):
        moved.append((person.username, person.org_unit, by))

    hooks.register_move_follower(follow)
    try:
        actions.edit_user(cast.manager.pk, by=cast.admin, version=1, position="x")
        actions.edit_user(cast.manager.pk, by=cast.admin, version=2, org_unit=cast.other_sector)
    finally:
        hooks._move_followers.remove(follow)
    assert moved == [("manager", cast.other_sector, cast.admin)]


def test_the_head_of_a_unit_and_a_substitute_do_not_leave(cast):
    with pytest.raises(RuleViolation, match="Сектор север"):
        actions.deactivate_user(cast.sector_head.pk, by=cast.admin, version=1)
    accounts.delegation(cast.manager, cast.manager2, first=TODAY, last=date(2030, 1, 1))
    with pytest.raises(RuleViolation, match="Иванова"):
        actions.deactivate_user(cast.manager2.pk, by=cast.admin, version=1)


def test_who_leaves_is_signed_out_at_once_and_own_substitutions_end(cast):
    client = signed_in(cast.manager)
    given = accounts.delegation(cast.manager, cast.manager2, first=TODAY, last=date(2030, 1, 1))
    sessions = Session.objects.count()
    actions.deactivate_user(cast.manager.pk, by=cast.admin, version=1, dismissed_on=TODAY)
    person = fresh(cast.manager)
    assert (person.is_active, person.dismissed_on) == (False, TODAY)
    given.refresh_from_db()
    assert (given.state, given.revoked_by) == (DelegationState.REVOKED, cast.admin)
    answer = client.get("/profile/")
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/account/login/")
    assert Session.objects.count() <= sessions


def test_who_comes_back_signs_in_with_the_old_password(cast):
    actions.deactivate_user(cast.manager.pk, by=cast.admin, version=1, dismissed_on=TODAY)
    with pytest.raises(StaleVersion):
        actions.reactivate_user(cast.manager.pk, by=cast.admin, version=1)
    actions.reactivate_user(cast.manager.pk, by=cast.admin, version=2)
    person = fresh(cast.manager)
    assert (person.is_active, person.dismissed_on) == (True, None)
    with pytest.raises(RuleViolation):
        actions.reactivate_user(cast.manager.pk, by=cast.admin, version=3)


def test_a_temporary_password_ends_the_sessions_and_must_be_changed(cast):
    client = signed_in(cast.manager)
    new = actions.reset_password(cast.manager.pk, by=cast.admin)
    person = fresh(cast.manager)
    assert person.check_password(new.password)
    assert person.must_change_password
    assert client.get("/profile/").status_code == 302
    assert new.password not in str(list(person.events.values()))


def test_the_second_factor_of_a_lost_phone_is_reset_by_another_administrator(cast):
    second = accounts.user(role=Role.ADMIN)
    with pytest.raises(PermissionDenied):
        actions.reset_second_factor(cast.admin.pk, by=cast.admin)
    actions.reset_second_factor(cast.admin.pk, by=second)
    with pytest.raises(RuleViolation):
        actions.reset_second_factor(cast.admin.pk, by=second)


def test_unlocking_forgets_wrong_passwords(cast):
    AccessAttempt.objects.create(
        username="manager", ip_address="10.0.0.1", user_agent="x", failures_since_start=10,
        get_data="", post_data="",
    )  # fmt: skip
    actions.unlock_user(cast.manager.pk, by=cast.admin)
    assert not AccessAttempt.objects.exists()
    assert AccessEvent.objects.get().kind == "unlocked"


@pytest.mark.parametrize("typed", ["manager", "MANAGER", " manager ", "Manager@example.com"])
def test_a_person_is_found_by_login_or_e_mail(cast, typed):
    assert find_by_login(typed) == cast.manager


@pytest.mark.parametrize("typed", ["", " ", "\x00", "nobody", "manag%"])
def test_nobody_is_found_by_anything_else(cast, typed):
    assert find_by_login(typed) is None


def test_people_change_only_their_own_profile(cast):
    actions.update_profile(
        cast.manager.pk, by=cast.manager, phone="+79991234567", language="en", theme="dark"
    )
    assert fresh(cast.manager).language == "en"
    with pytest.raises(PermissionDenied):
        actions.update_profile(
            cast.manager.pk, by=cast.admin, phone="", language="en", theme="dark"
        )
    with pytest.raises(RuleViolation):
        actions.update_profile(
            cast.manager.pk, by=cast.manager, phone="", language="fr", theme="dark"
        )
