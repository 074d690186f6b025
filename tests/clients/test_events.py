"""Events: who is invited and by whom, answers and attendance, what the numbers lead to (CL-13)."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.actions import events as actions
from clients.actions.clients import archive_client
from clients.actions.event_reminders import remind_of_events
from clients.actions.events import EventValues, Guests
from clients.models import (
    INVITATION_MOVES,
    ContactLog,
    Event,
    EventInvitation,
    InvitationState,
)
from clients.pages.events import EventPage
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from crm.states import move
from crm.work.actions import change_setting
from tests.cast import signed_in
from tests.factories import clients, deals, events
from tests.guarding import forbidden, refused

D = Decimal
TODAY = timezone.localdate()


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="A", name="ООО «Гость»")


@pytest.fixture
def event(cast):
    return events.event(cast.department_head, ago=-5, lasts=1, cost=D("90000.00"))


def invite(event, by, today=TODAY, **wanted):
    return actions.invite(event.pk, Guests(**wanted), by=by, today=today)


def mark(event, rows, state, by):
    ids = [row.pk for row in rows]
    return actions.mark_invitations(event.pk, ids, by=by, state=state, now=timezone.now())


def test_heads_and_marketing_make_events_once_for_a_form(cast):
    key, values = uuid4(), EventValues(kind="fair", name="Ярмарка", starts_on=TODAY, ends_on=TODAY)
    made = actions.create_event(values, by=cast.marketer, key=key)
    assert actions.create_event(values, by=cast.marketer, key=key) == made
    assert actions.create_event(values, by=cast.sector_head, key=uuid4()) != made
    for other in (cast.manager, cast.director, cast.accountant, cast.purchasing):
        with pytest.raises(PermissionDenied):
            actions.create_event(values, by=other, key=uuid4())


def test_each_invites_people_of_the_own_clients_and_nobody_twice(cast, client, event):
    decider = clients.person(client, is_decision_maker=True)
    other = clients.person(client)
    theirs = clients.person(clients.client(cast.manager2, category="B"), is_decision_maker=True)
    clients.person(clients.client(cast.stranger, category="A"), is_decision_maker=True)
    clients.person(clients.client(cast.manager, status="prospect"), is_decision_maker=True)
    clients.person(clients.client(cast.manager, archived=True), is_decision_maker=True)
    assert invite(event, cast.manager, categories=("A",)) == 1
    assert list(event.invitations.values_list("person", flat=True)) == [decider.pk]
    with pytest.raises(RuleViolation):
        invite(event, cast.manager)
    assert invite(event, cast.department_head, manager=cast.manager2) == 1
    assert invite(event, cast.sector_head, deciders_only=False) == 1
    people = set(event.invitations.values_list("person", flat=True))
    assert people == {decider.pk, theirs.pk, other.pk}
    for nobody in (cast.director, cast.marketer):
        with pytest.raises(PermissionDenied):
            invite(event, nobody)


def test_no_more_are_invited_at_once_than_the_setting_says(cast, client, event):
    for _number in range(3):
        clients.person(client, is_decision_maker=True)
    few = change_setting("events.most_invited", value=2, by=cast.admin)
    with pytest.raises(RuleViolation, match="2"):
        invite(event, cast.manager)
    assert not event.invitations.exists()
    change_setting("events.most_invited", value=3, by=cast.admin, version=few.version)
    assert invite(event, cast.manager) == 3


def test_every_forbidden_move_is_refused(cast, client, event):
    row = events.invited(event, client)
    for before, after in forbidden(InvitationState.values, INVITATION_MOVES):
        row.state = before
        with pytest.raises(RuleViolation):
            move(row, INVITATION_MOVES, after)


def test_answers_come_before_attendance_and_the_first_to_come_leaves_a_contact(cast, client):
    event = events.event(cast.marketer, ago=2)
    first, second = (events.invited(event, client) for _number in range(2))
    assert mark(event, [first, second], "confirmed", cast.manager) == 2
    assert mark(event, [first], "attended", cast.manager) == 1
    assert mark(event, [second], "attended", cast.department_head) == 1
    contact = ContactLog.objects.get(client=client)
    assert (contact.kind, contact.state, contact.manager) == ("presentation", "done", cast.manager)
    assert contact.summary == "Презентация новинок: Кофе, Чай"
    assert timezone.localtime(contact.done_at).date() == TODAY - timedelta(days=2)
    rows = EventInvitation.objects.filter(event=event)
    assert {row.contact for row in rows} == {contact}
    assert {row.confirmed_on for row in rows} == {TODAY}
    with pytest.raises(RuleViolation):
        mark(event, rows, "attended", cast.manager)
    with pytest.raises(RuleViolation):
        mark(event, rows, "declined", cast.manager)


def test_one_that_may_not_go_leaves_all_as_they_were(cast, client):
    event = events.event(cast.department_head, ago=1)
    came, other = (events.invited(event, client) for _number in range(2))
    events.marked(came, "attended")
    with pytest.raises(RuleViolation):
        mark(event, [came, other], "declined", cast.manager)
    other.refresh_from_db()
    assert other.state == "invited"


def test_nobody_has_come_before_the_first_day_nor_is_invited_after_the_last(cast, client, event):
    row = events.invited(event, client)
    with pytest.raises(RuleViolation):
        mark(event, [row], "attended", cast.manager)
    clients.person(client, is_decision_maker=True)
    with pytest.raises(RuleViolation):
        invite(event, cast.manager, today=event.ends_on + timedelta(days=1))
    assert invite(event, cast.manager, today=event.ends_on) == 1


def test_people_of_foreign_clients_are_not_marked(cast, client, event):
    row = events.invited(event, client)
    for by in (cast.manager2, cast.stranger_head):
        with pytest.raises(RuleViolation):
            mark(event, [row], "confirmed", by)
    refused(
        PermissionDenied,
        lambda: mark(event, [row], "confirmed", cast.marketer),
        "clients_event",
    )
    row.refresh_from_db()
    assert row.state == "invited"


def test_a_client_in_the_archive_is_marked_without_a_contact(cast, client):
    event = events.event(cast.department_head, ago=1)
    row = events.invited(event, client)
    archive_client(client.pk, by=cast.manager, version=client.version, reason="Закрылся")
    assert events.marked(row, "attended").contact is None


def test_an_event_is_called_off_with_a_reason_but_not_once_people_came(cast, client, event):
    row = events.invited(event, client)
    values = {"by": cast.department_head, "today": TODAY, "reason": "Площадка закрыта"}
    with pytest.raises(StaleVersion):
        actions.cancel_event(event.pk, version=event.version + 1, **values)
    for by in (cast.stranger_head, cast.manager):
        with pytest.raises(PermissionDenied):
            actions.cancel_event(event.pk, version=event.version, **values | {"by": by})
    off = actions.cancel_event(event.pk, version=event.version, **values)
    assert (off.cancelled_on, off.cancel_reason) == (TODAY, "Площадка закрыта")
    for late in (lambda: mark(event, [row], "confirmed", cast.manager),
                 lambda: invite(event, cast.manager)):  # fmt: skip
        with pytest.raises(PermissionDenied):
            late()
    held = events.event(cast.department_head, ago=1)
    events.marked(events.invited(held, client), "attended")
    with pytest.raises(RuleViolation):
        actions.cancel_event(held.pk, version=held.version, **values)
    ahead = EventValues(
        kind="fair", name="Ярмарка", starts_on=TODAY + timedelta(days=1),
        ends_on=TODAY + timedelta(days=1),
    )  # fmt: skip
    with pytest.raises(RuleViolation):
        actions.edit_event(held.pk, ahead, by=cast.department_head, version=held.version)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("event_days_in_order", {"ends_on": TODAY - timedelta(days=99)}),
        ("event_costs_nothing_or_more", {"cost": D(-1)}),
        ("event_called_off_with_reason", {"cancelled_on": TODAY}),
    ],
)
def test_the_table_of_events_refuses_nonsense(event, name, change):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(**change)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("event_attendance_marked_by_somebody", {"state": "attended"}),
        ("event_yes_has_its_day", {"state": "confirmed"}),
        ("event_yes_has_its_day", {"confirmed_on": TODAY}),
    ],
)
def test_the_table_of_invitations_refuses_nonsense(client, event, name, change):
    row = events.invited(event, client)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        EventInvitation.objects.filter(pk=row.pk).update(**change)


def test_numbers_count_what_the_person_sees_and_lead_to_their_people(cast, client):
    event = events.event(cast.department_head, ago=10, cost=D("1000.00"))
    rows = [events.invited(event, client) for _number in range(3)]
    events.marked(events.marked(rows[0], "confirmed"), "attended")
    events.marked(rows[1], "declined")
    foreign = clients.client(cast.stranger)
    events.marked(events.invited(event, foreign), "attended")
    seen = {}
    for who in ("manager", "manager2", "department_head", "director", "marketer"):
        found = EventPage(event, getattr(cast, who), TODAY)
        seen[who] = [figure.count for figure in found.figures]
    mine = [3, 1, 1, 1, 1, 0]
    assert seen == {
        "manager": mine, "manager2": [0] * 6, "department_head": mine,
        "director": [4, 1, 1, 1, 2, 0], "marketer": [4, 1, 1, 1, 2, 0],
    }  # fmt: skip
    browser, page = signed_in(cast.manager), EventPage(event, cast.manager, TODAY)
    for figure in page.figures:
        assert len(browser.get(figure.url).context["list"].rows) == figure.count, figure.label
    assert page.cost_per_client == D("1000.00")
    assert EventPage(event, cast.director, TODAY).cost_per_client == D("500.00")
    shown = signed_in(cast.marketer).get(event.get_absolute_url()).content.decode()
    assert client.name not in shown
    assert rows[0].person.full_name not in shown
    register = signed_in(cast.manager).get("/clients/events/")
    (line,) = register.context["list"].rows
    assert (line.invited, line.confirmed, line.attended) == (3, 1, 1)


def test_shipments_of_those_who_came_are_counted_for_the_days_of_the_setting(cast, client):
    change_setting("events.effect_days", value=5, by=cast.admin)
    event = events.event(cast.department_head, ago=20, lasts=1)
    events.marked(events.invited(event, client), "attended")
    idle = clients.client(cast.manager)
    events.invited(event, idle)
    for days, amount in ((0, "1.00"), (1, "100.00"), (5, "20.00"), (6, "1000.00")):
        deals.sale(client, amount, on=event.ends_on + timedelta(days=days))
        deals.sale(idle, amount, on=event.ends_on + timedelta(days=days))
    page = EventPage(event, cast.manager, TODAY)
    assert [(one.client, one.net) for one in page.sold] == [(client, D("120.00"))]
    assert page.sold_total == D("120.00")
    register = signed_in(cast.manager).get(page.sold[0].url)
    assert sum(row.amount for row in register.context["list"].rows) == D("120.00")
    shown = signed_in(cast.manager).get(event.get_absolute_url()).content.decode()
    assert "120,00" in shown


def test_dialogs_invite_and_mark(cast, client, event):
    clients.person(client, is_decision_maker=True)
    browser, page = signed_in(cast.manager), event.get_absolute_url()
    told = browser.get(f"{page}invite/", {"count": "1", "deciders_only": "on"})
    assert "<b>1</b>" in told.content.decode()
    assert browser.post(f"{page}invite/", {"deciders_only": "on"}).status_code == 302
    again = browser.post(f"{page}invite/", {"deciders_only": "on"})
    assert again.status_code == 422
    row = event.invitations.get()
    assert browser.post(f"{page}mark/", {"ids": row.pk, "state": "confirmed"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.confirmed_on) == ("confirmed", TODAY)
    assert browser.get(f"{page}nonsense/").status_code == 404
    history = browser.get(f"{page}history/").content.decode()
    assert row.person.full_name in history
    wrong = signed_in(cast.department_head).post(
        f"{page}edit/",
        {"kind": "fair", "name": "Ярмарка", "version": event.version,
         "starts_on": "02.03.2026", "ends_on": "01.03.2026"},
    )  # fmt: skip
    assert wrong.status_code == 422
    assert "ends_on" in wrong.context["form"].errors


def test_the_page_takes_as_many_queries_for_thirty_people_as_for_two(
    cast, client, django_assert_max_num_queries
):
    held = events.event(cast.department_head, ago=10)
    for number in range(30):
        other = clients.client(cast.manager) if number % 2 else client
        clients.person(other, is_decision_maker=True)
    invite(held, cast.manager, today=held.starts_on)
    mark(held, held.invitations.all(), "attended", cast.manager)
    browser = signed_in(cast.manager)
    for address in (held.get_absolute_url(), "/clients/events/"):
        browser.get(address)
        with django_assert_max_num_queries(12):
            assert browser.get(address).status_code == 200


def test_managers_are_reminded_once_before_an_event_and_once_after_it(cast, client):
    event = events.event(cast.department_head, ago=-10, lasts=1)
    silent = events.invited(event, client)
    events.marked(events.invited(event, clients.client(cast.manager2)), "declined")

    def told(days):
        count = remind_of_events(today=event.starts_on + timedelta(days=days))
        return count, remind_of_events(today=event.starts_on + timedelta(days=days))

    assert [told(days) for days in (-4, -3, -1, 0, 1)] == [(0, 0), (1, 0), (0, 0), (0, 0), (0, 0)]
    assert told(2) == (1, 0)
    notices = Notice.objects.filter(channel="ui", kind__startswith="event.").order_by("pk")
    assert [(one.user, one.kind, one.params["count"]) for one in notices] == [
        (cast.manager, "event.ask", 1), (cast.manager, "event.note", 1),
    ]  # fmt: skip
    page = signed_in(cast.manager).get(notices[0].url)
    assert [row.pk for row in page.context["list"].rows] == [silent.pk]
    # An outage of weeks: what is too old for its sales to be counted is told no more.
    Notice.objects.all().delete()
    assert told(32) == (0, 0)
    assert told(31) == (1, 0)
    assert told(-2) == (1, 0)


def test_nobody_is_reminded_of_what_was_called_off_nor_against_the_setting(cast, client):
    event = events.event(cast.department_head, ago=-2)
    events.invited(event, client)
    off = change_setting("events.remind_days", value=0, by=cast.admin)
    assert remind_of_events(today=TODAY) == 0
    change_setting("events.remind_days", value=3, by=cast.admin, version=off.version)
    values = {"by": cast.department_head, "today": TODAY, "reason": "Площадка закрыта"}
    actions.cancel_event(event.pk, version=event.version, **values)
    assert remind_of_events(today=TODAY) == 0
