"""Ownership: one owner on each day, hand-overs, their effect, the way back, leaving people."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from clients.actions import assignments as actions
from clients.guards import clients_of_person, clients_of_unit
from clients.models import Client, ClientAssignment, ClientTransfer
from crm.accounts.actions import people
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from tests.cast import everybody
from tests.factories import accounts, clients

TODAY = clients.TODAY


def hand_over(by, to, some, *, on=TODAY, **more):
    handover = actions.Handover(to_manager_id=to.pk, on=on, kind="rebalance")
    ids = [client.pk for client in some]
    return actions.transfer_clients(by=by, handover=handover, today=TODAY, client_ids=ids, **more)


def history(client):
    rows = ClientAssignment.objects.filter(client=client).order_by("pk")
    return [(row.manager, row.valid_from, row.valid_to) for row in rows]


def owners_by_day(client, first, last):
    """Who answers on each of the days; every day must have at most one."""
    found = {}
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        rows = ClientAssignment.objects.primary().on(day).filter(client=client)
        assert len(rows) <= 1, day
        found[day] = rows[0].manager if rows else None
    return found


def test_a_hand_over_today_ends_one_row_and_begins_another(cast):
    client = clients.client(cast.manager)
    made = hand_over(cast.sector_head, cast.manager2, [client])
    client.refresh_from_db()
    assert (client.manager, client.org_unit, client.version) == (cast.manager2, cast.sector, 2)
    assert history(client) == [
        (cast.manager, clients.SINCE, TODAY),
        (cast.manager2, TODAY, None),
    ]
    assert (made.clients_count, made.created_by) == (1, cast.sector_head)


def test_the_unit_follows_the_new_manager(cast):
    client = clients.client(cast.manager)
    hand_over(cast.director, cast.stranger, [client])
    client.refresh_from_db()
    assert client.org_unit == cast.other_sector
    assert client not in Client.objects.visible_to(cast.manager)


def test_a_hand_over_ahead_waits_for_its_day(cast):
    client = clients.client(cast.manager)
    day = TODAY + timedelta(days=10)
    hand_over(cast.sector_head, cast.manager2, [client], on=day)
    client.refresh_from_db()
    assert client.manager == cast.manager
    assert actions.apply_assignments(today=day - timedelta(days=1)) == 0
    assert actions.apply_assignments(today=day) == 1
    assert actions.apply_assignments(today=day) == 0
    client.refresh_from_db()
    assert client.manager == cast.manager2
    owners = owners_by_day(client, TODAY, day + timedelta(days=1))
    assert owners[day - timedelta(days=1)] == cast.manager
    assert owners[day] == cast.manager2


def test_a_late_run_catches_the_missed_day_up(cast):
    client = clients.client(cast.manager)
    hand_over(cast.sector_head, cast.manager2, [client], on=TODAY + timedelta(days=3))
    assert actions.apply_assignments(today=TODAY + timedelta(days=30)) == 1


def test_a_newer_decision_replaces_one_that_has_not_begun(cast):
    client = clients.client(cast.manager)
    third = accounts.user(org_unit=cast.sector)
    hand_over(cast.sector_head, cast.manager2, [client], on=TODAY + timedelta(days=10))
    hand_over(cast.sector_head, third, [client], on=TODAY + timedelta(days=5))
    last = TODAY + timedelta(days=20)
    owners = owners_by_day(client, TODAY, last)
    assert owners[TODAY + timedelta(days=4)] == cast.manager
    assert owners[TODAY + timedelta(days=5)] == third
    assert owners[last] == third


def test_several_hand_overs_on_one_day_leave_one_owner(cast):
    client = clients.client(cast.manager)
    for to in (cast.manager2, cast.manager, cast.manager2):
        hand_over(cast.sector_head, to, [client])
    owners = owners_by_day(client, clients.SINCE, TODAY + timedelta(days=1))
    assert owners[TODAY] == cast.manager2


def test_all_clients_of_a_manager_go_at_once_without_the_archived(cast):
    mine = [clients.client(cast.manager) for _each in range(3)]
    gone = clients.client(cast.manager, archived=True)
    handover = actions.Handover(
        to_manager_id=cast.manager2.pk, from_manager_id=cast.manager.pk, on=TODAY, kind="dismissal"
    )
    made = actions.transfer_clients(by=cast.sector_head, handover=handover, today=TODAY)
    assert made.clients_count == 3
    assert set(Client.objects.filter(manager=cast.manager2)) == set(mine)
    gone.refresh_from_db()
    assert gone.manager == cast.manager


def test_clients_that_are_there_already_stay_alone(cast):
    there, here = clients.client(cast.manager2), clients.client(cast.manager)
    made = hand_over(cast.sector_head, cast.manager2, [there, here])
    assert made.clients_count == 1
    assert len(history(there)) == 1
    with pytest.raises(RuleViolation):
        hand_over(cast.sector_head, cast.manager2, [there, here])


WHO_MAY = {
    ("sector_head", "manager2"): True,
    ("department_head", "manager2"): True,
    ("director", "manager2"): True,
    ("director", "stranger"): True,
    ("sector_head", "stranger"): RuleViolation,
    ("department_head", "stranger"): RuleViolation,
    ("director", "accountant"): RuleViolation,
    ("manager", "manager2"): PermissionDenied,
    ("general_director", "manager2"): PermissionDenied,
    ("accountant", "manager2"): PermissionDenied,
    ("marketer", "manager2"): PermissionDenied,
    ("admin", "manager2"): PermissionDenied,
    ("stranger_head", "stranger"): RuleViolation,
}


@pytest.mark.parametrize(("who", "to"), sorted(WHO_MAY))
def test_who_hands_over_to_whom(cast, who, to):
    client = clients.client(cast.manager)
    expected = WHO_MAY[who, to]
    if expected is True:
        hand_over(getattr(cast, who), getattr(cast, to), [client])
        return
    with pytest.raises(expected):
        hand_over(getattr(cast, who), getattr(cast, to), [client])
    assert history(client) == [(cast.manager, clients.SINCE, None)]
    assert not ClientTransfer.objects.exists()
    assert not Notice.objects.exists()


def test_one_foreign_client_refuses_the_whole_selection(cast):
    own, foreign = clients.client(cast.manager), clients.client(cast.stranger)
    with pytest.raises(RuleViolation):
        hand_over(cast.sector_head, cast.manager2, [own, foreign])
    assert len(history(own)) == 1
    assert not ClientTransfer.objects.exists()


@pytest.mark.parametrize("days", [-1, 367])
def test_the_day_is_neither_past_nor_too_far(cast, days):
    with pytest.raises(RuleViolation) as refusal:
        hand_over(
            cast.sector_head,
            cast.manager2,
            [clients.client(cast.manager)],
            on=TODAY + timedelta(days=days),
        )
    assert refusal.value.field == "on"


def test_a_changed_selection_is_refused(cast):
    with pytest.raises(StaleVersion):
        hand_over(cast.sector_head, cast.manager2, [clients.client(cast.manager)], expected=5)
    assert not ClientTransfer.objects.exists()


def test_one_render_of_the_form_makes_one_hand_over(cast):
    client, key = clients.client(cast.manager), uuid4()
    first = hand_over(cast.sector_head, cast.manager2, [client], key=key)
    assert hand_over(cast.sector_head, cast.manager2, [client], key=key) == first


def test_both_managers_are_told_and_the_decider_is_not(cast):
    hand_over(cast.sector_head, cast.manager2, [clients.client(cast.manager)])
    told = set(Notice.objects.filter(channel="ui").values_list("user", "kind"))
    assert told == {
        (cast.manager2.pk, "clients.received"),
        (cast.manager.pk, "clients.given_away"),
    }


def undo(made, by, today=TODAY):
    return actions.undo_transfer(made.pk, by=by, today=today)


def test_taking_back_returns_everybody_to_the_former_owner(cast):
    mine, theirs = clients.client(cast.manager), clients.client(cast.sector_head)
    made = hand_over(cast.department_head, cast.manager2, [mine, theirs])
    undo(made, cast.department_head)
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.manager, theirs.manager) == (cast.manager, cast.sector_head)
    owners = owners_by_day(mine, clients.SINCE, TODAY + timedelta(days=5))
    assert set(owners.values()) == {cast.manager}


def test_taking_back_on_the_next_day_keeps_the_day_in_the_history(cast):
    client = clients.client(cast.manager)
    made = hand_over(cast.sector_head, cast.manager2, [client])
    undo(made, cast.sector_head, today=TODAY + timedelta(days=1))
    owners = owners_by_day(client, TODAY, TODAY + timedelta(days=2))
    assert list(owners.values()) == [cast.manager2, cast.manager, cast.manager]


def test_clients_handed_on_since_then_stay(cast):
    third = accounts.user(org_unit=cast.sector)
    moved, kept = clients.client(cast.manager), clients.client(cast.manager)
    made = hand_over(cast.sector_head, cast.manager2, [moved, kept])
    hand_over(cast.sector_head, third, [moved])
    undo(made, cast.sector_head)
    moved.refresh_from_db()
    kept.refresh_from_db()
    assert (moved.manager, kept.manager) == (third, cast.manager)


def test_a_hand_over_is_taken_back_once_and_not_after_a_day(cast):
    made = hand_over(cast.sector_head, cast.manager2, [clients.client(cast.manager)])
    undo(made, cast.sector_head)
    with pytest.raises(RuleViolation):
        undo(made, cast.sector_head)
    old = hand_over(cast.sector_head, cast.manager2, [clients.client(cast.manager)])
    ClientTransfer.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=25))
    with pytest.raises(RuleViolation):
        undo(old, cast.sector_head)


def test_strangers_and_managers_take_nothing_back(cast):
    made = hand_over(cast.sector_head, cast.manager2, [clients.client(cast.manager)])
    with pytest.raises(ClientTransfer.DoesNotExist):
        undo(made, cast.stranger_head)
    with pytest.raises(PermissionDenied):
        undo(made, cast.manager)


def test_clients_go_along_when_their_manager_moves(cast):
    client = clients.client(cast.manager)
    people.edit_user(cast.manager.pk, by=cast.admin, version=1, org_unit=cast.other_sector)
    client.refresh_from_db()
    assert client.org_unit == cast.other_sector
    assert client in Client.objects.visible_to(cast.stranger_head)
    assert client not in Client.objects.visible_to(cast.sector_head)
    event = client.events.order_by("-pgh_id").first()
    assert event.pgh_context["verb"] == "client.followed_manager"
    assert event.pgh_context["user"] == cast.admin.pk


def test_the_nightly_run_brings_units_in_line(cast):
    client = clients.client(cast.manager, org_unit=cast.other_sector)
    assert actions.apply_assignments(today=TODAY) == 1
    client.refresh_from_db()
    assert client.org_unit == cast.sector


def test_a_person_with_clients_is_not_dismissed(cast):
    client = clients.client(cast.manager)
    (refusal,) = clients_of_person(cast.manager)
    assert f"manager={cast.manager.pk}" in refusal.url
    with pytest.raises(RuleViolation):
        people.deactivate_user(cast.manager.pk, by=cast.admin, version=1, dismissed_on=TODAY)
    hand_over(cast.sector_head, cast.manager2, [client])
    people.deactivate_user(cast.manager.pk, by=cast.admin, version=1, dismissed_on=TODAY)


def test_a_person_to_whom_clients_are_promised_is_not_dismissed_either(cast):
    client = clients.client(cast.manager)
    hand_over(cast.sector_head, cast.manager2, [client], on=TODAY + timedelta(days=5))
    assert clients_of_person(cast.manager2)


def test_a_unit_with_clients_is_not_closed(cast):
    assert not clients_of_unit(cast.sector)
    clients.client(cast.manager)
    assert clients_of_unit(cast.sector)


def test_candidates_are_the_own_subtree(cast):
    expected = {
        "sector_head": {cast.manager, cast.manager2, cast.sector_head},
        "department_head": {
            cast.manager,
            cast.manager2,
            cast.sector_head,
            cast.department_head,
        },
        "stranger_head": {cast.stranger, cast.stranger_head},
    }
    for who, people_ in expected.items():
        assert set(actions.candidates(everybody(cast)[who])) == people_, who
    assert cast.stranger in actions.candidates(cast.director)
    assert cast.accountant not in actions.candidates(cast.director)
