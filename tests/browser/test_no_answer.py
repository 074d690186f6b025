"""The server does not answer: nothing typed is lost or saved twice, and it is said once."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from clients.models import Client
from crm.imports import actions as imports
from tests.browser.dialogs import opened
from tests.browsing import settled
from tests.cast import assemble
from tests.factories import clients, orders
from tests.imports.test_lifecycle import checked

GATEWAY = {"status": 502, "content_type": "text/html", "body": "<h1>502 Bad Gateway</h1>"}


@pytest.fixture
def people(live_app):
    return assemble()


def answering(page, url, post):
    """`post` handles what is sent to the address; it is read as ever."""

    def handle(route):
        if route.request.method == "POST":
            post(route)
        else:
            route.continue_()

    page.route("**" + url, handle)


def saved_unheard(route):
    """The server does its work, its answer is lost on the way."""
    route.fetch(max_redirects=0)
    route.fulfill(**GATEWAY)


def test_a_form_without_an_answer_is_filled_in_again_and_saved_once(people, open_page):
    page, url = open_page(people.manager), reverse("clients:create")
    page.goto("/clients/")
    page.goto(url)
    settled(page)
    page.fill("main [name=name]", "Ромашка")
    page.fill("main [name=territory]", "Пишут редко")
    answering(page, url, saved_unheard)
    page.locator("main form [type=submit]").last.click()
    page.wait_for_selector("text=502 Bad Gateway")
    page.unroute("**" + url)
    page.go_back()
    settled(page)
    expect(page.locator("main [name=name]")).to_have_value("Ромашка")
    expect(page.locator("main [name=territory]")).to_have_value("Пишут редко")
    expect(page.locator(".toast", has_text="Отправить форму не удалось")).to_be_visible()
    page.locator("main form [type=submit]").last.click()
    page.wait_for_url(lambda at: url not in at)
    assert Client.objects.filter(name="Ромашка").count() == 1
    page.goto(url)
    settled(page)
    expect(page.locator("main [name=name]")).to_have_value("")
    page.troubles[:] = [line for line in page.troubles if "502" not in line]


def test_a_dialog_that_is_not_answered_keeps_what_was_typed_and_says_so_once(people, open_page):
    client = clients.client(people.manager)
    page, url = open_page(people.manager), reverse("clients:person_create", args=[client.pk])
    page.goto(f"{client.get_absolute_url()}?tab=people")
    opened(page, url)
    page.fill("#dialog [name=full_name]", "Иванова Анна")
    answering(page, url, lambda route: route.fulfill(**GATEWAY))
    told = page.locator(".toast", has_text="Сервер не отвечает")
    for _twice in range(2):
        with page.expect_response("**" + url):
            page.locator("#dialog [type=submit]").click()
        expect(told).to_have_count(1)
    expect(page.locator("#dialog [name=full_name]")).to_have_value("Иванова Анна")
    page.unroute("**" + url)
    page.locator("#dialog [type=submit]").click()
    expect(told).to_have_count(0)
    assert client.people.filter(full_name="Иванова Анна").count() == 1
    page.troubles[:] = [line for line in page.troubles if "502" not in line]


def test_a_second_click_while_the_first_is_on_its_way_sends_nothing(people, open_page):
    client = clients.client(people.manager)
    order = orders.draft(client, by=people.manager, on=timezone.localdate())
    page, url = open_page(people.manager), reverse("deals:order_submit", args=[order.pk])
    page.goto(order.get_absolute_url())
    settled(page)
    held, sent = [], []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    answering(page, url, held.append)
    button = page.locator(f"form[action='{url}'] button")
    with page.expect_request("**" + url):
        button.click()
    button.click()
    with page.expect_response("**" + url):
        held.pop().continue_()
    expect(page.locator(".toast", has_text="Отправлен и проверен")).to_be_visible()
    settled(page)
    expect(page.locator(".toast")).to_have_count(1)
    assert len(sent) == 1


def test_progress_that_cannot_be_asked_for_is_told_once_and_until_it_can(people, open_page):
    job = checked(people.department_head)
    imports.apply_import(job.pk, by=people.department_head, version=job.version)
    page = open_page(people.department_head)
    page.goto(f"/imports/{job.pk}/")
    page.route("**/imports/**", lambda route: route.abort("internetdisconnected"))
    told = page.locator(".toast", has_text="Нет связи")
    for _twice in range(2):
        with page.expect_event("requestfailed"):
            pass
    expect(told).to_have_count(1)
    page.unroute("**/imports/**")
    expect(told).to_have_count(0)
    page.troubles.clear()


def test_a_form_that_was_stopped_can_be_sent_again(people, open_page):
    page = open_page(people.manager)
    page.goto(reverse("clients:create"))
    settled(page)
    page.clock.install()
    page.evaluate("""() => {
        window.held = [];
        window.addEventListener("submit", event => {
            held.push(event.defaultPrevented);
            event.preventDefault();  // as if it had been stopped on its way
        });
    }""")
    for seconds in (0, 1, 11):
        page.clock.fast_forward(seconds * 1000)
        page.locator("main form [type=submit]").last.click()
    assert page.evaluate("held") == [False, True, False]
