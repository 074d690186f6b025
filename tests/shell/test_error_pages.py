"""Every refusal and failure is a page that says what to do next."""

import json

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import path
from django.utils.translation import override

from crm import urls as product
from tests.cast import signed_in


def fail(request, kind):
    failures = {
        "400": SuspiciousOperation("secret words"),
        "403": PermissionDenied("Only the head may."),
        "413": RequestDataTooBig("secret words"),
        "500": RuntimeError("secret words"),
        "503": OperationalError("secret words"),
    }
    raise failures[kind]


urlpatterns = [*product.urlpatterns, path("fail/<str:kind>/", fail)]
handler400, handler403 = product.handler400, product.handler403
handler404, handler500 = product.handler404, product.handler500


@pytest.fixture
def client(cast):
    with override_settings(ROOT_URLCONF=__name__, DEBUG=False):
        client = signed_in(cast.manager)
        client.raise_request_exception = False
        yield client


@pytest.mark.parametrize("kind", ["400", "403", "413", "500", "503"])
def test_a_failure_has_its_page(client, kind):
    response = client.get(f"/fail/{kind}/")
    page = response.content.decode()
    assert response.status_code == int(kind)
    assert f">{kind}<" in page
    assert "secret words" not in page
    assert "Traceback" not in page
    assert '<html lang="ru"' in page
    assert 'href="/"' in page


def test_a_lost_database_asks_to_come_back_soon(client):
    assert client.get("/fail/503/").headers["Retry-After"] == "30"


@pytest.mark.parametrize(("kind", "shows_code"), [("503", False), ("500", True)])
def test_with_debug_only_a_bug_shows_its_code(client, settings, kind, shows_code):
    settings.DEBUG = True  # people look at `make run` too
    page = client.get(f"/fail/{kind}/").content.decode()
    assert ("Traceback" in page) == shows_code
    assert (">503<" in page) == (not shows_code)


def test_the_reason_of_a_refusal_is_told(client):
    assert "Only the head may." in client.get("/fail/403/").content.decode()


def test_what_is_not_there_is_told_inside_the_shell(client):
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert 'id="rail"' in response.content.decode()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/clients/999999/", 404),
        ("/no/such/page/", 404),
        ("/department/?month=x", 400),
        ("/clients/contacts/log/", 405),
    ],
)
def test_a_developer_s_run_shows_the_same_pages(cast, settings, address, status):
    settings.DEBUG = True
    answer = signed_in(cast.department_head).get(address)
    assert answer.status_code == status
    assert f">{status}<" in answer.content.decode()
    assert "DEBUG" not in answer.content.decode()


def test_an_address_of_forms_says_so_to_a_browser_alone(cast):
    address, browser = "/clients/contacts/log/", signed_in(cast.manager)
    assert "Этот адрес принимает только отправленную форму" in browser.get(address).content.decode()
    answer = browser.get(address, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (405, b"")


def test_a_visitor_learns_nothing_from_a_missing_page(db):
    with override_settings(DEBUG=False):
        page = Client().get("/no/such/page/").content.decode()
    assert 'id="rail"' not in page


@pytest.mark.parametrize("kind", ["403", "413"])
def test_a_fragment_request_gets_no_page(client, kind):
    response = client.get(f"/fail/{kind}/", headers={"HX-Request": "true"})
    assert response.status_code == int(kind)
    assert response.content == b""


def test_a_fragment_request_gets_the_reason_for_a_toast(client):
    response = client.get("/fail/403/", headers={"HX-Request": "true"})
    toast = json.loads(response.headers["HX-Trigger"])["toast"]
    assert toast == {"text": "Only the head may.", "tone": "danger"}


def test_the_page_of_a_crash_needs_neither_database_nor_context(client, django_assert_num_queries):
    from crm.shell.errors import server_error

    with override("en"), django_assert_num_queries(0):
        response = server_error(None)
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()


def test_an_expired_form_is_explained(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.manager)
    response = client.post("/account/logout/")
    assert response.status_code == 403
    assert "403_csrf" not in response.content.decode()
    assert "data-back" in response.content.decode()
