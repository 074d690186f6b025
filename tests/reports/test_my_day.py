"""My day: who stands where and why, what disappears, what it costs."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Count, F, Min, Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.actions.snooze import snooze_client
from clients.contacting import next_step
from clients.models import Client
from crm import calendar
from crm.work import registry
from crm.work.models import Setting
from crm.work.production_calendar import seed_calendar
from reports.queries.my_day import PAGE, my_day, progress_of
from tests.cast import fresh, signed_in
from tests.factories import accounts
from tests.factories import categories as make
from tests.factories import contacts as have
from tests.factories.contacts import NOW, at

TODAY = date(2026, 11, 23)


@pytest.fixture
def official(db):
    seed_calendar()
    calendar.forget()


def day_of(person, viewer=None, now=NOW, **more):
    more.setdefault("show", PAGE)
    return my_day(viewer or person, person, now, **more)


def queue(person, **more):
    rows = day_of(person, **more).queue.rows
    return [(row.client.name, [reason.rule.code for reason in row.reasons]) for row in rows]


def calm(cast, name, *, category="B", last="2026-11-20 10:00", next_on="2026-11-27"):
    """A client about whom there is nothing to say: fresh contact, plan, decision maker."""
    client = make.client(cast.manager, name=name, category=category, by=cast.department_head)
    have.person(client, decides=True)
    if last:
        have.done(client, cast.manager, last)
        Client.objects.filter(pk=client.pk).update(last_contact_at=at(last))
    if next_on:
        plan(client, cast.manager, next_on)
    client.refresh_from_db()
    return client


def plan(client, by, when, **more):
    contact = have.planned(client, by, when, **more)
    if contact.state == "planned":
        Client.objects.filter(pk=client.pk).update(next_contact_at=contact.planned_at)
    return contact


def promised(client, by, day, kept=None, when="2026-11-18 09:00"):
    return have.done(
        client, by, when, promise_amount=Decimal("50000"), promise_on=day, promise_kept=kept
    )


def test_the_worst_comes_first(cast):
    calm(cast, "спокойный")
    card = calm(cast, "без ЛПР", category="A")
    card.people.all().delete()
    calm(cast, "без следующего", next_on=None)
    calm(cast, "план вчера", next_on="2026-11-22")
    calm(cast, "план сегодня", next_on="2026-11-23 15:00")
    missed = calm(cast, "пропущен", next_on=None)
    plan(missed, cast.manager, "2026-11-21 10:00", state="missed")
    calm(cast, "молчит", last="2026-11-01 10:00")
    promise = calm(cast, "обещал", last="2026-11-18 09:00")
    promised(promise, cast.manager, date(2026, 11, 20))
    assert queue(cast.manager) == [
        ("обещал", ["promise"]),
        ("молчит", ["silence"]),
        ("пропущен", ["missed", "no_next"]),
        ("план сегодня", ["today"]),
        ("план вчера", ["earlier"]),
        ("без следующего", ["no_next"]),
        ("без ЛПР", ["card"]),
    ]


def test_within_a_reason_the_category_and_then_the_age_decide(cast):
    calm(cast, "C старый", category="C", last="2026-09-01 10:00")
    calm(cast, "A новый", category="A", last="2026-11-14 10:00")
    calm(cast, "A старый", category="A", last="2026-11-10 10:00")
    assert [name for name, _codes in queue(cast.manager)] == ["A старый", "A новый", "C старый"]


def test_plans_of_today_stand_by_their_time(cast):
    calm(cast, "вечер", category="A", next_on="2026-11-23 18:00")
    calm(cast, "утро", category="C", next_on="2026-11-23 09:00")
    assert [name for name, _codes in queue(cast.manager)] == ["утро", "вечер"]


@pytest.mark.parametrize(
    ("last", "holds"),
    [("2026-11-09 00:01", False), ("2026-11-08 23:59", True), (None, True)],
)
def test_silence_is_counted_by_calendar_days(cast, last, holds):
    calm(cast, "Клиент", last=last)
    assert queue(cast.manager) == ([("Клиент", ["silence"])] if holds else [])


@pytest.mark.parametrize(
    ("day", "kept", "since", "holds"),
    [
        (date(2026, 11, 22), None, None, True),
        (date(2026, 11, 23), None, None, False),  # the last day of the promise is in time
        (date(2026, 11, 20), True, None, False),
        (date(2026, 11, 20), False, None, True),  # broken by time
        (date(2026, 11, 20), False, "2026-11-21 09:00", False),
        (date(2026, 11, 20), None, "2026-11-20 18:00", True),
        (date(2026, 11, 20), None, "2026-11-21 09:00", False),  # somebody has asked
    ],
)
def test_when_a_promise_is_broken(cast, day, kept, since, holds):
    client = calm(cast, "Клиент", last="2026-11-18 09:00")
    promised(client, cast.manager, day, kept)
    if since:
        have.done(client, cast.manager, since)
        Client.objects.filter(pk=client.pk).update(last_contact_at=at(since))
    assert queue(cast.manager) == ([("Клиент", ["promise"])] if holds else [])


def test_a_later_promise_replaces_the_former(cast):
    client = calm(cast, "Клиент", last="2026-11-18 09:00")
    promised(client, cast.manager, date(2026, 11, 20))
    promised(client, cast.manager, date(2026, 11, 30))
    assert queue(cast.manager) == []


def test_whoever_was_called_today_is_done_for_today(cast):
    client = calm(cast, "Клиент", last="2026-10-01 10:00", next_on=None)
    assert queue(cast.manager) == [("Клиент", ["silence", "no_next"])]
    have.done(client, cast.manager, "2026-11-23 11:00", code="no_answer")
    assert queue(cast.manager) == []
    assert queue(cast.manager, now=NOW + timedelta(days=1)) == [("Клиент", ["silence", "no_next"])]


def test_a_contact_of_today_settles_also_what_other_tables_tell(cast):
    client = calm(cast, "Клиент", category="A")
    client.people.all().delete()
    assert queue(cast.manager) == [("Клиент", ["card"])]
    have.done(client, cast.manager, "2026-11-23 11:00", code="no_answer")
    assert queue(cast.manager) == []


def test_a_plan_of_today_stays_until_it_is_marked(cast):
    client = calm(cast, "Клиент", next_on="2026-11-23 15:00")
    have.done(client, cast.manager, "2026-11-23 11:00")
    assert queue(cast.manager) == [("Клиент", ["today"])]


def test_the_trading_hall_needs_no_plan(cast):
    client = calm(cast, "Зал", category="C", next_on=None)
    Client.objects.filter(pk=client.pk).update(status="trading_hall")
    assert queue(cast.manager) == []


def test_a_client_put_off_comes_back_on_its_day(cast):
    client = calm(cast, "Клиент", next_on=None)
    snooze_client(client.pk, by=cast.manager, days=3, reason="В отпуске", now=NOW, today=TODAY)
    day = day_of(cast.manager)
    assert (day.queue.rows, day.queue.snoozed) == ([], 1)
    asleep = day_of(cast.manager, snoozed=True).queue.rows
    assert [(row.client.name, row.client.snoozed_until) for row in asleep] == [
        ("Клиент", date(2026, 11, 26))
    ]
    assert queue(cast.manager, now=NOW + timedelta(days=3)) == [("Клиент", ["no_next"])]
    assert queue(cast.sector_head, viewer=None) == []


def test_the_queue_is_narrowed_to_a_reason_and_counted(cast):
    for number in range(3):
        calm(cast, f"без плана {number}", next_on=None)
    calm(cast, "молчит", last="2026-10-01 10:00", next_on=None)
    day = day_of(cast.manager, reason="silence")
    assert [row.client.name for row in day.queue.rows] == ["молчит"]
    assert {counted.rule.code: counted.count for counted in day.queue.counts} == {
        "silence": 1, "no_next": 4,
    }  # fmt: skip


def test_a_substitute_has_the_absent_managers_clients_too(cast):
    calm(cast, "Клиент", next_on=None)
    assert queue(cast.manager2) == []
    accounts.delegation(cast.manager, cast.manager2, first="2020-01-01", last="2099-01-01")
    assert queue(fresh(cast.manager2)) == [("Клиент", ["no_next"])]


def test_a_row_says_whom_to_ring_up(cast):
    client = calm(cast, "Клиент", next_on=None)
    client.people.all().delete()
    have.person(client, full_name="Бухгалтер", phone="+79120000001")
    have.person(client, full_name="Хозяин", phone="+79120000002", decides=True)
    row = day_of(cast.manager).queue.rows[0]
    assert (row.client.person, row.phone) == ("Хозяин", "+79120000002")


def test_people_are_closed_to_the_limited_roles(cast):
    client = calm(cast, "Клиент", next_on=None)
    have.person(client, full_name="Хозяин", phone="+79120000002", decides=True)
    row = day_of(cast.manager, viewer=cast.marketer).queue.rows[0]
    assert (row.client.name, row.client.person, row.client.person_phone) == ("Клиент", None, None)


# Progress and the week


def test_the_month_is_forecast_by_working_days(cast, official):
    client = calm(cast, "Клиент")
    have.plan_line(client, cast.manager, contacts=40)
    for number in range(13):
        have.done(client, cast.manager, f"2026-11-{number + 2:02d} 10:00")
    progress = progress_of(cast.manager, cast.manager, TODAY)
    # 14 of 20 working days have gone by; 14 contacts in them make 20 by the end.
    assert (progress.sums.credited, progress.days_gone, progress.days_total) == (14, 14, 20)
    assert (progress.forecast, progress.forecast_percent) == (20, Decimal("50.00"))
    assert progress.expected == 28
    assert progress.tone == "danger"


def test_the_first_day_of_a_month_has_no_forecast(cast, official):
    have.plan_line(calm(cast, "Клиент"), cast.manager, month="2026-12-01", contacts=8)
    progress = progress_of(cast.manager, cast.manager, date(2026, 12, 1))
    assert (progress.forecast, progress.expected) == (None, 0)


def test_the_week_and_the_last_working_day(cast, official):
    client = calm(cast, "Клиент", last=None, next_on="2026-11-26")
    for moment in ("2026-11-20 09:00", "2026-11-20 23:50", "2026-11-21 10:00", "2026-11-23 08:00"):
        have.done(client, cast.manager, moment)
    have.done(client, cast.sector_head, "2026-11-20 12:00")
    day = day_of(cast.manager)
    assert [(one.day.day, one.planned, one.done, one.is_working) for one in day.week] == [
        (23, 0, 1, True), (24, 0, 0, True), (25, 0, 0, True), (26, 1, 0, True), (27, 0, 0, True),
        (28, 0, 0, False), (29, 0, 0, False),
    ]  # fmt: skip
    assert (day.closed_on, day.closed, day.closed_is_yesterday) == (date(2026, 11, 20), 2, False)


# The page


@pytest.mark.parametrize(
    ("name", "whose", "status"),
    [
        ("manager", None, 200), ("sector_head", None, 200), ("director", None, 200),
        ("sector_head", "manager", 200), ("department_head", "manager", 200),
        ("director", "manager", 200), ("manager", "manager2", 404), ("manager", "manager", 200),
        ("stranger_head", "manager", 404), ("accountant", None, 403), ("admin", None, 403),
        ("marketer", "manager", 403),
    ],
)  # fmt: skip
def test_who_opens_whose_day(cast, name, whose, status):
    query = {"manager": getattr(cast, whose).pk} if whose else {}
    answer = signed_in(getattr(cast, name)).get("/my-day/", query)
    assert answer.status_code == status


@pytest.mark.parametrize(
    "query", ["manager=x", "manager=" + "9" * 30, "reason=nope", "show=x", "show=99999", "show=-1",
              "snoozed=x", "reason=%00"],
)  # fmt: skip
def test_a_strange_address_never_fails(cast, query):
    assert signed_in(cast.manager).get(f"/my-day/?{query}").status_code in {200, 404}


def test_only_the_top_row_has_the_primary_button(cast):
    for number in range(3):
        make.client(cast.manager, name=f"Клиент {number}", by=cast.department_head)
    page = signed_in(cast.manager).get("/my-day/").content.decode()
    assert page.count('class="queue-row') == 3
    assert page.count("btn btn-primary tap") == 1


def test_a_name_stands_in_its_row_as_it_was_typed(cast):
    client = make.client(cast.manager, name="100 % <b>сок</b> %(name)s", by=cast.department_head)
    have.person(client, full_name="<i>Иванов</i>", phone="+79120000001")
    page = signed_in(cast.manager).get("/my-day/").content.decode()
    assert "100 % &lt;b&gt;сок&lt;/b&gt; %(name)s</a>" in page
    assert "&lt;i&gt;Иванов&lt;/i&gt;" in page
    assert "<b>сок" not in page
    assert "<i>Иванов" not in page


def test_htmx_gets_the_fragment_and_the_page_says_all_is_done(cast):
    browser = signed_in(cast.manager)
    part = browser.get("/my-day/", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div class="my-day"')
    assert "<html" in browser.get("/my-day/").content.decode()


def test_the_home_page_of_a_manager_is_my_day(cast):
    assert signed_in(cast.manager).get("/").headers["Location"] == "/my-day/"


def test_the_cost_does_not_grow_with_the_clients(cast):
    browser = signed_in(cast.manager)

    def queries():
        registry.forget()
        with CaptureQueriesContext(connection) as caught:
            assert browser.get("/my-day/").status_code == 200
        return len(caught)

    def add(count):
        for _ in range(count):
            client = make.client(cast.manager, by=cast.department_head)
            have.person(client, decides=True)
            have.done(client, cast.manager, f"{timezone.localdate() - timedelta(days=40)} 10:00")

    add(1)
    queries()
    few = queries()
    add(30)
    assert queries() == few <= 12


# Rules of later apps


@pytest.fixture
def own_rule(monkeypatch):
    """Register a rule for the time of a test."""
    others = {code: rule for code, rule in next_step._rules.items() if code != "debt"}
    monkeypatch.setattr(next_step, "_rules", others)

    def register(**more):
        words = {"name": "Долг", "verb": "Звонить", "tone": "danger", "icon": "coin"}
        next_step.register(next_step.ReasonRule(code="debt", rank=20, **words, **more))

    return register


def test_a_registered_rule_stands_in_its_rank_and_tells_its_facts(cast, own_rule):
    calm(cast, "спокойный")
    debtor = calm(cast, "должник", next_on=None)
    have.done(debtor, cast.manager, "2026-11-20 10:00")
    own_rule(
        cases=lambda today: next_step.Cases(
            next_step.contacts_of_asked("next_contact_at IS NULL")
            .values("client")
            .annotate(oldest=Min("done_at__date"), sums=Count("pk") * Decimal("1.50")),
            on=F("oldest"),
            amount=F("sums"),
            text=Value("накладная"),
        ),
        label=lambda reason: f"{reason.case.text} {reason.case.amount} {reason.case.on:%d.%m}",
        link=lambda reason: f"/debts/?client={reason.client.pk}",
    )
    row = day_of(cast.manager).queue.rows[0]
    assert [reason.rule.code for reason in row.reasons] == ["debt", "no_next"]
    assert (row.reasons[0].label, row.reasons[0].since) == (
        "накладная 3.00 20.11", at("2026-11-20 00:00"),
    )  # fmt: skip
    assert row.reasons[0].link == f"/debts/?client={debtor.pk}"


def test_one_more_rule_costs_no_query(cast, own_rule, django_assert_max_num_queries):
    clients = Client.objects.visible_to(cast.manager)
    moment = next_step.Moment.of(NOW)
    calm(cast, "Клиент", next_on=None)
    own_rule(
        cases=lambda today: next_step.Cases(Client.objects.none(), client="pk"),
        label=lambda reason: "",
    )
    with django_assert_max_num_queries(2):  # and the calendar, every two seconds
        found = next_step.find_reasons(clients, moment)
    assert [reason.rule.code for one in found for reason in one.reasons] == ["no_next"]


def test_a_rule_follows_a_changed_setting_at_once(cast, own_rule):
    calm(cast, "Клиент", next_on=None)
    own_rule(
        cases=lambda today: next_step.Cases(
            Client.objects.filter(pk__in=next_step.asked()),
            client="pk",
            on=Value(today - timedelta(days=registry.setting("contacts.silence_days.B"))),
        ),
        label=lambda reason: f"{reason.case.on:%d.%m}",
    )
    assert day_of(cast.manager).queue.rows[0].reasons[0].label == "09.11"
    Setting.objects.create(key="contacts.silence_days.B", value=20)
    registry.forget()
    assert day_of(cast.manager).queue.rows[0].reasons[0].label == "03.11"
