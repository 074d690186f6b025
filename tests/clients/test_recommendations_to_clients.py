"""Recommendations to clients: given, accepted or refused, put into practice (CL-18)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clients.actions import client_advice as actions
from clients.actions.client_advice import Advice
from clients.models import ADVICE_MOVES, AdviceState, Client, ClientRecommendation
from crm.errors import RuleViolation, StaleVersion
from crm.states import move
from tests.cast import signed_in
from tests.factories import clients, events, market
from tests.guarding import forbidden, locks

TODAY = timezone.localdate()


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="A", name="ООО «Гость»")


def test_those_recommend_who_keep_the_card_once_for_a_form(cast, client):
    values, key = Advice(topic="display", text="Ближе к кассе", given_on=TODAY), uuid4()
    made = actions.give_advice(client.pk, values, by=cast.manager, key=key, today=TODAY)
    assert actions.give_advice(client.pk, values, by=cast.manager, key=key, today=TODAY) == made
    assert market.advice(client, cast.department_head).author == cast.department_head
    for by in (cast.director, cast.accountant):
        with pytest.raises(PermissionDenied):
            market.advice(client, by)
    for by in (cast.manager2, cast.purchasing):
        with pytest.raises(Client.DoesNotExist):
            market.advice(client, by)
    with pytest.raises(RuleViolation) as refusal:
        market.advice(client, given_on=TODAY + timedelta(days=1))
    assert refusal.value.field == "given_on"


def test_every_forbidden_move_is_refused(cast, client):
    row = market.advice(client)
    for before, after in forbidden(AdviceState.values, ADVICE_MOVES):
        row.state = before
        with pytest.raises(RuleViolation):
            move(row, ADVICE_MOVES, after)


def test_accepted_then_done_with_its_result(cast, client):
    row = market.advice(client, given_on=TODAY - timedelta(days=5))
    known = {"by": cast.manager, "today": TODAY}
    with pytest.raises(RuleViolation):
        actions.finish_advice(row.pk, version=1, done_on=TODAY, effect="Плюс 5 %", **known)
    with pytest.raises(StaleVersion):
        actions.accept_advice(row.pk, version=2, **known)
    taken = []
    found = locks(lambda: taken.append(actions.accept_advice(row.pk, version=1, **known)))
    assert found == ["clients_client", "clients_clientrecommendation"]
    assert (taken[0].state, taken[0].answered_on) == ("accepted", TODAY)
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=6)):
        with pytest.raises(RuleViolation) as refusal:
            actions.finish_advice(row.pk, version=2, done_on=day, effect="Плюс 5 %", **known)
        assert refusal.value.field == "done_on"
    done = actions.finish_advice(row.pk, version=2, done_on=TODAY, effect="Плюс 5 %", **known)
    assert (done.state, done.done_on, done.effect) == ("done", TODAY, "Плюс 5 %")


def test_a_refusal_has_its_reason_and_words_stay_after_an_answer(cast, client):
    row = market.advice(client)
    values = Advice(topic="display", text="Ближе к кассе", given_on=TODAY)
    known = {"by": cast.manager, "today": TODAY}
    changed = actions.edit_advice(row.pk, values, version=1, **known)
    assert changed.text == "Ближе к кассе"
    refused = actions.refuse_advice(row.pk, version=2, reason="Решает центральный офис", **known)
    assert (refused.state, refused.refusal_reason) == ("refused", "Решает центральный офис")
    with pytest.raises(PermissionDenied):
        actions.edit_advice(row.pk, values, version=3, **known)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("advice_answer_has_its_day", {"state": "accepted"}),
        ("advice_refused_says_why", {"state": "refused", "answered_on": TODAY}),
        ("advice_done_says_what_came_of_it", {"state": "done", "answered_on": TODAY}),
        ("advice_done_says_what_came_of_it", {"effect": "Плюс"}),
        ("advice_says_something", {"text": ""}),
    ],
)
def test_the_table_refuses_nonsense(client, name, change):
    row = market.advice(client)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ClientRecommendation.objects.filter(pk=row.pk).update(**change)


def test_the_register_says_what_waits(cast, client):
    old = market.advice(client, given_on=TODAY - timedelta(days=15), text="Без ответа")
    market.advice(client, given_on=TODAY - timedelta(days=14))
    accepted = market.advice(client, text="Принята")
    actions.accept_advice(accepted.pk, version=1, by=cast.manager, today=TODAY)
    market.advice(clients.client(cast.stranger))

    def found(who, query=""):
        page = signed_in(who).get(f"/clients/recommendations/{query}")
        return page.status_code, [row.pk for row in page.context["list"].rows]

    assert found(cast.manager, "?waits=answer") == (200, [old.pk])
    assert found(cast.manager, "?waits=doing") == (200, [accepted.pk])
    assert found(cast.manager, "?q=Без ответа") == (200, [old.pk])
    assert {who: len(found(getattr(cast, who))[1]) for who in ("manager", "manager2", "director")} \
        == {"manager": 3, "manager2": 0, "director": 4}  # fmt: skip
    assert signed_in(cast.marketer).get("/clients/recommendations/").status_code == 403


def test_the_tab_of_the_card_gives_and_answers(cast, client):
    browser = signed_in(cast.manager)
    create = reverse("clients:recommendation_create", args=[client.pk])
    data = {"topic": "papers", "text": "Перейти на ЭДО", "given_on": f"{TODAY}"}
    assert browser.post(create, data | {"text": " "}).status_code == 422
    assert browser.post(create, data).status_code == 302
    row = ClientRecommendation.objects.get()
    event = events.event(cast.department_head, name="Ярмарка сезона")
    events.invited(event, client)

    def step(name):
        return reverse("clients:recommendation_step", args=[row.pk, name])

    assert browser.post(step("refuse"), {"version": 1}).status_code == 422
    assert browser.post(step("accept"), {"version": 1}).status_code == 302
    assert browser.post(step("done"), {"version": 2, "done_on": f"{TODAY}"}).status_code == 422
    done = {"version": 2, "done_on": f"{TODAY}", "effect": "Акты за день"}
    assert browser.post(step("done"), done).status_code == 302
    assert browser.get(step("nonsense")).status_code == 404
    tab = browser.get(reverse("clients:recommendation_tab", args=[client.pk])).content.decode()
    for shown in ("Перейти на ЭДО", "Акты за день", "Ярмарка сезона"):
        assert shown in tab
    assert "Акты за день" in browser.get(step("history")).content.decode()
    limited = reverse("clients:recommendation_tab", args=[client.pk])
    assert signed_in(cast.marketer).get(limited).status_code == 403


def test_the_tab_takes_few_queries_however_much_there_is(
    cast, client, django_assert_max_num_queries
):
    competitor = market.competitor(cast.manager)
    for number in range(12):
        market.advice(client, text=f"Совет {number}")
        market.note(competitor, cast.manager, client=client, text=f"Узнали {number}")
        events.invited(events.event(cast.department_head), client)
    browser = signed_in(cast.manager)
    address = reverse("clients:recommendation_tab", args=[client.pk])
    browser.get(address)
    for page in (address, "/clients/recommendations/", competitor.get_absolute_url()):
        browser.get(page)
        with django_assert_max_num_queries(12):
            assert browser.get(page).status_code == 200
