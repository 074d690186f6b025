"""The same button pressed twice: done once, and the second press is answered in words (G-RL7).

What another person has done meanwhile is told before a second press can act on it (G-RL9).
"""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.actions.claims import withdraw_claim
from deals.actions.stops import release_stop, stop_client
from deals.models import OrderState, Shipment
from tests.cast import signed_in
from tests.factories import claims, clients, deals, orders

HTMX = {"HX-Request": "true"}
AGAIN = "Вы уже сделали это"
ANOTHER = "другой сотрудник"


@pytest.fixture
def ours(cast):
    return clients.client(cast.manager)


@pytest.fixture
def draft(cast, ours):
    return orders.draft(ours, {deals.product(): 3}, by=cast.manager, on=timezone.localdate())


@pytest.fixture
def stop(cast, ours):
    now = timezone.now()
    return stop_client(ours.pk, by=cast.department_head, reason="manual", note="Долг", now=now)


def toast(answer):
    return json.loads(answer.headers["HX-Trigger"])["toast"]


def test_a_button_pressed_twice_says_that_it_was_done_and_by_nobody_else(cast, draft):
    window, url = signed_in(cast.manager), reverse("deals:order_submit", args=[draft.pk])
    assert window.post(url, {"version": draft.version}, headers=HTMX).status_code == 204
    again = window.post(url, {"version": draft.version}, headers=HTMX)
    assert again.status_code == 409
    assert AGAIN in toast(again)["text"]
    assert toast(again)["tone"] == "info"
    draft.refresh_from_db()
    assert draft.version == 2


def test_what_one_has_done_is_no_answer_to_another_person(cast, draft):
    url = reverse("deals:order_submit", args=[draft.pk])
    signed_in(cast.manager).post(url, {"version": draft.version}, headers=HTMX)
    told = toast(signed_in(cast.sector_head).post(url, {"version": draft.version}, headers=HTMX))
    assert AGAIN not in told["text"]
    assert cast.manager.short_name in told["text"]
    assert "Черновик → " in told["text"]


def test_a_right_that_went_with_the_first_press_is_not_called_missing(cast, ours):
    claim = claims.claim(ours, on=timezone.localdate())
    window, url = signed_in(cast.manager), reverse("claims:withdraw", args=[claim.pk])
    typed = {"version": claim.version, "reason": "Нашли товар"}
    assert window.post(url, typed, headers=HTMX).status_code == 204
    again = window.post(url, typed, headers=HTMX)
    assert (again.status_code, again.headers["HX-Reswap"]) == (409, "none")
    assert AGAIN in toast(again)["text"]
    page = window.post(url, typed)
    assert page.status_code == 409
    assert AGAIN in page.content.decode()


def test_a_right_that_another_person_took_away_is_explained(cast, ours):
    claim = claims.claim(ours, on=timezone.localdate())
    url, day = reverse("claims:withdraw", args=[claim.pk]), timezone.localdate()
    typed = {"version": claim.version, "reason": "Нашли товар"}
    withdraw_claim(claim.pk, by=cast.sector_head, today=day, **typed)
    window = signed_in(cast.manager)
    late = window.post(url, typed, headers=HTMX)
    assert late.status_code == 403
    assert "возможно, её изменили" in toast(late)["text"]
    without = window.post(url, headers=HTMX)
    assert (without.status_code, "HX-Trigger" in without.headers) == (403, False)


def test_a_dialog_sent_twice_is_told_and_offers_no_third_time(cast, stop):
    today = timezone.localdate()
    window, url = signed_in(cast.director), reverse("deals:stop_release", args=[stop.pk])
    form = window.get(url, headers=HTMX).context["form"]
    typed = {one.html_name: one.value() or "" for one in form} | {"reason": "Оплатит завтра"}
    typed["until"] = f"{today + timedelta(days=1)}"
    assert window.post(url, typed, headers=HTMX).status_code == 204
    for _again in range(2):
        again = window.post(url, typed, headers=HTMX)
        assert again.status_code == 409
        assert AGAIN in again.content.decode()
        assert ANOTHER not in again.content.decode()
        assert str(again.context["form"]["version"].value()) == str(typed["version"])


def test_what_was_done_meanwhile_is_shown_before_it_can_be_done_again(cast, stop):
    today = timezone.localdate()
    window, url = signed_in(cast.director), reverse("deals:stop_release", args=[stop.pk])
    form = window.get(url, headers=HTMX).context["form"]
    typed = {one.html_name: one.value() or "" for one in form} | {"reason": "Оплатит завтра"}
    release_stop(
        stop.pk, by=cast.department_head, version=stop.version, until=today, reason="Гарантия",
        today=today,
    )  # fmt: skip
    late = window.post(url, typed, headers=HTMX)
    page = late.content.decode()
    assert late.status_code == 409
    assert cast.department_head.short_name in page
    assert "<ins>Гарантия</ins>" in page
    assert f"<ins>{today:%d.%m.%Y}</ins>" in page


def test_a_shipment_is_made_once_of_a_button_pressed_twice(cast, ours):
    order = orders.placed(ours, {deals.product(): 3}, by=cast.manager, on=timezone.localdate())
    assert order.state == OrderState.CONFIRMED
    window, url = signed_in(cast.accountant), reverse("deals:order_ship", args=[order.pk])
    page = window.get(order.get_absolute_url())
    key = {"key": page.context["page"].ship_key}
    assert f'value="{key["key"]}"' in page.content.decode()
    first, second = (window.post(url, key).url for _twice in range(2))
    assert first == second == Shipment.objects.get(order=order).get_absolute_url()
    another = window.post(url, follow=True).content.decode()
    assert "есть другой черновик отгрузки" in another
    assert Shipment.objects.filter(order=order).count() == 2


def test_a_person_who_was_added_already_is_no_other_one_s_login(cast):
    window, url = signed_in(cast.admin), reverse("accounts:user_create")
    typed = {
        "last_name": "Двойнова", "first_name": "Анна", "username": "dvoynova", "language": "ru",
        "role": "manager", "org_unit": cast.sector.pk, "email": "dv@example.com",
    }  # fmt: skip
    assert "Временный пароль" in window.post(url, typed).content.decode()
    again = window.post(url, typed)
    assert again.status_code == 422
    assert AGAIN in again.content.decode()
    other = window.post(url, typed | {"first_name": "Алла"})
    assert other.status_code == 422
    assert AGAIN not in other.content.decode()
