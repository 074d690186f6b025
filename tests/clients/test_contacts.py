"""Logging, planning and changing contacts: C.5 no. 5, C.9, CL-10."""

from datetime import date, time, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import override

from clients.actions import contact_changes as change
from clients.actions.contacts import (
    NextContact,
    Talk,
    complete_contact,
    log_contact,
    plan_contact,
)
from clients.models import CONTACT_MOVES, Client, ContactLog, ContactState, ContactTopic
from crm.errors import RuleViolation, StaleVersion
from tests.factories import categories as make
from tests.factories import contacts as have
from tests.factories.contacts import NOW, at

NEXT = NextContact(on=date(2026, 11, 26), kind="call", purpose="Узнать про заказ")


@pytest.fixture
def client(cast):
    return make.client(cast.manager, name="ООО «Ромашка»", by=cast.department_head)


def talk(code="agreement", **more):
    return Talk(kind=more.pop("kind", "call"), result_id=have.result(code).pk, **more)


def log(client, by, *, now=NOW, next_contact=None, **more):
    return log_contact(client.pk, by=by, talk=talk(**more), now=now, next_contact=next_contact)


# Logging


def test_a_logged_contact_keeps_everything_and_moves_the_dates_of_the_client(cast, client):
    petrov = have.person(client, decides=True)
    topic = ContactTopic.objects.get(code="payment")
    contact = log(
        client, cast.manager, next_contact=NEXT, direction="in", topic_id=topic.pk,
        person_id=petrov.pk, note="Заплатят в пятницу", duration_seconds=600,
        promise_amount=Decimal("120000.00"), promise_on=date(2026, 11, 27),
    )  # fmt: skip
    stored = ContactLog.objects.get(pk=contact.pk)
    assert (stored.state, stored.kind, stored.direction) == ("done", "call", "in")
    assert (stored.person, stored.topic, stored.minutes) == (petrov, topic, 10)
    assert (stored.promise_amount, stored.promise_on) == (Decimal("120000"), date(2026, 11, 27))
    assert stored.manager == stored.created_by == cast.manager
    assert stored.successor.planned_at == at("2026-11-26 00:00")
    assert not stored.successor.has_time
    client.refresh_from_db()
    assert client.last_contact_at == NOW
    assert client.next_contact_at == at("2026-11-26 00:00")


def test_a_contact_without_an_answer_is_no_last_contact(cast, client):
    have.done(client, cast.manager, "2026-11-01 10:00")
    log(client, cast.manager, code="no_answer")
    client.refresh_from_db()
    assert client.last_contact_at == at("2026-11-01 10:00")


def test_a_contact_of_the_past_keeps_its_own_moment(cast, client):
    log(client, cast.manager)
    log(client, cast.manager, done_at=at("2026-11-18 15:00"))
    client.refresh_from_db()
    assert client.last_contact_at == NOW


def test_a_contact_cannot_lie_ahead(cast, client):
    with pytest.raises(RuleViolation) as refusal:
        log(client, cast.manager, done_at=NOW + timedelta(minutes=1))
    assert refusal.value.field == "done_on"


@pytest.mark.parametrize(
    ("promise", "field"),
    [
        ({"promise_amount": Decimal("1")}, "promise_amount_or_day"),
        ({"promise_on": date(2026, 11, 30)}, "promise_amount"),
        ({"promise_amount": Decimal("1"), "promise_on": date(2026, 11, 22)}, "promise_on"),
    ],
)
def test_half_a_promise_is_refused(cast, client, promise, field):
    with pytest.raises(RuleViolation) as refusal:
        log(client, cast.manager, **promise)
    assert refusal.value.field == ("promise_on" if field == "promise_amount_or_day" else field)
    assert not ContactLog.objects.exists()


def test_nobody_promises_without_answering(cast, client):
    with pytest.raises(RuleViolation):
        log(client, cast.manager, code="no_answer", promise_amount=Decimal("5"),
            promise_on=date(2026, 12, 1))  # fmt: skip


def test_a_person_of_another_client_is_refused(cast, client):
    alien = have.person(make.client(cast.manager))
    with pytest.raises(RuleViolation) as refusal:
        log(client, cast.manager, person_id=alien.pk)
    assert refusal.value.field == "person"


def test_an_archived_client_takes_no_contacts(cast, client):
    Client.objects.filter(pk=client.pk).update(
        status="archived", archived_at=NOW, archive_reason="Закрылись"
    )
    with pytest.raises(RuleViolation):
        log(client, cast.manager)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 22), "past"),
        (date(2026, 11, 28), "30.11.2026"),  # a Saturday: the next working day is named
        (date(2027, 2, 23), "24.02.2027"),
        (date(2028, 1, 12), "year"),
    ],
)
def test_the_next_contact_needs_a_working_day_ahead(cast, client, day, words, seeded_calendar):
    with override("en"), pytest.raises(RuleViolation, match=words):
        plan_contact(client.pk, by=cast.manager, plan=NextContact(on=day, kind="call"), now=NOW)


def test_a_working_saturday_is_a_working_day(cast, client, seeded_calendar):
    saturday = NextContact(on=date(2027, 2, 20), kind="visit", at=time(11, 30))
    contact = plan_contact(client.pk, by=cast.manager, plan=saturday, now=NOW)
    assert contact.planned_at == at("2027-02-20 11:30")
    assert contact.has_time


# The state machine


@pytest.mark.parametrize(
    ("state", "target"),
    [
        (state, target)
        for state, target in product(ContactState.values, ContactState.values)
        if target not in CONTACT_MOVES[state]
    ],
)
def test_forbidden_moves_are_refused(cast, client, state, target):
    contact = (
        have.done(client, cast.manager)
        if state == "done"
        else have.planned(client, cast.manager, state=state)
    )
    before = ContactLog.objects.filter(pk=contact.pk).values().get()
    moves = {
        "planned": lambda: plan_again(contact, cast),
        "done": lambda: complete_contact(contact.pk, by=cast.manager, talk=talk(), now=NOW),
        "missed": lambda: change.mark_missed(date(2026, 12, 31)),
        "rescheduled": lambda: change.reschedule_contact(
            contact.pk, by=cast.manager, version=1, on=date(2026, 11, 27), at=None,
            reason="Просили позже", now=NOW,
        ),
        "cancelled": lambda: change.cancel_contact(
            contact.pk, by=cast.manager, version=1, reason="Не нужно"
        ),
        "undone": lambda: plan_again(contact, cast),
    }  # fmt: skip
    try:
        moves[target]()
    except (RuleViolation, ContactLog.DoesNotExist):
        pass
    else:
        assert target == "missed" or state == "undone", "only these end quietly, doing nothing"
    assert ContactLog.objects.filter(pk=contact.pk).values().get() == before


def plan_again(contact, cast):
    """The only way back to a plan, and to nothing, is the author's Undo."""
    change.undo_contact(contact.pk, by=cast.manager, now=NOW + timedelta(hours=5))


def test_a_planned_contact_becomes_done_with_its_successor(cast, client):
    plan = have.planned(client, cast.manager, "2026-11-23 15:00", purpose="Согласовать цены")
    contact = complete_contact(
        plan.pk, by=cast.manager, talk=talk(note="Согласовали"), now=NOW, next_contact=NEXT
    )
    assert contact.pk == plan.pk
    assert (contact.state, contact.purpose) == ("done", "Согласовать цены")
    assert contact.successor.purpose == "Узнать про заказ"
    client.refresh_from_db()
    assert client.next_contact_at == at("2026-11-26 00:00")


def test_a_rescheduled_contact_leaves_its_reason_and_a_new_plan(cast, client):
    plan = have.planned(client, cast.manager, "2026-11-23 15:00")
    new = change.reschedule_contact(
        plan.pk, by=cast.manager, version=1, on=date(2026, 11, 27), at=time(9, 30),
        reason="Попросили в пятницу", now=NOW,
    )  # fmt: skip
    plan.refresh_from_db()
    assert (plan.state, plan.reason, plan.successor) == ("rescheduled", "Попросили в пятницу", new)
    client.refresh_from_db()
    assert client.next_contact_at == at("2026-11-27 09:30") == new.planned_at


def test_a_reason_is_needed_to_put_off_or_to_cancel(cast, client):
    plan = have.planned(client, cast.manager)
    with pytest.raises(RuleViolation):
        change.cancel_contact(plan.pk, by=cast.manager, version=1, reason="  ")


def test_a_stale_page_is_refused(cast, client):
    plan = have.planned(client, cast.manager)
    with pytest.raises(StaleVersion):
        change.cancel_contact(plan.pk, by=cast.manager, version=7, reason="Не нужно")


@pytest.mark.parametrize("state", ["done", "missed"])
def test_the_database_refuses_a_contact_without_its_facts(cast, client, state):
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactLog.objects.create(
            client=client, manager=cast.manager, kind="call", state=state, done_at=NOW
        )


def test_the_database_refuses_half_a_promise(cast, client):
    rows = ContactLog.objects.filter(pk=log(client, cast.manager).pk)
    day = date(2026, 11, 27)
    for half in (
        {"promise_on": day},
        {"promise_amount": 1},
        {"promise_on": day, "promise_amount": 0},
    ):
        with pytest.raises(IntegrityError, match="contact_promise_is_whole"), transaction.atomic():
            rows.update(**half)


# Undo and correction


def test_undo_takes_the_contact_and_its_successor_back(cast, client):
    contact = log(client, cast.manager, next_contact=NEXT)
    change.undo_contact(contact.pk, by=cast.manager, now=NOW + timedelta(minutes=3))
    change.undo_contact(contact.pk, by=cast.manager, now=NOW + timedelta(minutes=3))
    assert set(ContactLog.objects.values_list("state", flat=True)) == {"undone"}
    client.refresh_from_db()
    assert (client.last_contact_at, client.next_contact_at) == (None, None)


def test_undo_of_a_completed_plan_gives_the_plan_back(cast, client):
    plan = have.planned(client, cast.manager, "2026-11-23 15:00", purpose="Цены", kind="visit")
    complete_contact(plan.pk, by=cast.manager, talk=talk(note="Говорили"), now=NOW)
    change.undo_contact(plan.pk, by=cast.manager, now=NOW + timedelta(minutes=1))
    plan.refresh_from_db()
    assert (plan.state, plan.kind, plan.summary, plan.result) == ("planned", "visit", "", None)
    client.refresh_from_db()
    assert client.next_contact_at == at("2026-11-23 15:00")


def test_undo_is_over_after_the_minutes_of_the_setting(cast, client):
    contact = log(client, cast.manager)
    with pytest.raises(RuleViolation):
        change.undo_contact(contact.pk, by=cast.manager, now=NOW + timedelta(minutes=11))


def test_only_the_author_undoes(cast, client):
    contact = log(client, cast.manager)
    with pytest.raises(PermissionDenied):
        change.undo_contact(contact.pk, by=cast.department_head, now=NOW)


def test_undo_stops_at_a_successor_that_was_touched(cast, client):
    contact = log(client, cast.manager, next_contact=NEXT)
    change.cancel_contact(contact.successor_id, by=cast.manager, version=1, reason="Передумали")
    with pytest.raises(RuleViolation):
        change.undo_contact(contact.pk, by=cast.manager, now=NOW)
    contact.refresh_from_db()
    assert contact.state == "done"


@pytest.mark.parametrize(
    ("who", "hours", "allowed"),
    [
        ("manager", 23, True),
        ("manager", 25, False),
        ("sector_head", 1, False),
        ("department_head", 25, True),
        ("department_head", 2000, True),
        ("director", 1, False),
        ("accountant", 1, False),
    ],
)
def test_the_author_corrects_for_a_day_and_the_head_afterwards(cast, client, who, hours, allowed):
    contact = log(client, cast.manager)
    later = NOW + timedelta(hours=hours)
    new = talk("order", note="Исправлено")

    def edit():
        by = getattr(cast, who)
        return change.edit_contact(contact.pk, by=by, version=1, talk=new, now=later)

    if allowed:
        assert edit().summary == "Исправлено"
    else:
        with pytest.raises((PermissionDenied, RuleViolation)):
            edit()
        contact.refresh_from_db()
        assert contact.summary == ""


def test_a_correction_moves_the_last_contact(cast, client):
    contact = log(client, cast.manager)
    earlier = talk(done_at=at("2026-11-10 10:00"))
    change.edit_contact(contact.pk, by=cast.manager, version=1, talk=earlier, now=NOW)
    client.refresh_from_db()
    assert client.last_contact_at == at("2026-11-10 10:00")
