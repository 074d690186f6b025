"""Headers of every page, the language, and fragments of an ended session."""

import json

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from tests.cast import signed_in

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/clients/?q=a&page=2"}
ACCOUNT = "usersessions_list"


def test_a_page_is_private_and_not_stored(cast):
    response = signed_in(cast.manager).get(reverse(ACCOUNT))
    assert response.status_code == 200
    control = response.headers["Cache-Control"]
    assert "no-store" in control
    assert "private" in control
    assert "HX-Request" in response.headers["Vary"]


def test_a_length_that_is_no_number_is_refused(cast):
    for length in ("abc", "-1", "²"):
        for browser, headers in ((Client(), {}), (signed_in(cast.manager), HTMX)):
            asked = {"CONTENT_LENGTH": length, "headers": headers}
            answer = browser.generic("POST", reverse(ACCOUNT), b"", **asked)
            assert answer.status_code == 400, (length, headers)
            assert answer.headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("address", ["/account/login/", "/no/such/page/", "/shell/counters/"])
def test_every_answer_has_a_strict_policy(db, address):
    policy = Client().get(address).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_fragment_of_an_ended_session_leads_the_whole_page_to_sign_in(db):
    response = Client().get(reverse("shell:counters"), headers=HTMX)
    assert response.status_code == 204
    assert response.content == b""
    target = response.headers["HX-Redirect"]
    assert target == f"{reverse('account_login')}?next=%2Fclients%2F%3Fq%3Da%26page%3D2"


def test_a_page_of_an_ended_session_is_redirected_plainly(db):
    response = Client().get(reverse(ACCOUNT))
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_login"))


def test_a_foreign_page_address_cannot_be_the_way_back(db):
    headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/a"}
    target = Client().get(reverse("shell:counters"), headers=headers).headers["HX-Redirect"]
    assert "evil" not in target


def test_visitors_read_russian_whatever_their_browser_asks_for(db):
    page = Client().get(reverse("account_login"), headers={"Accept-Language": "de, en"})
    assert '<html lang="ru"' in page.content.decode()


def test_the_language_of_the_profile_wins(cast):
    User.objects.filter(pk=cast.manager.pk).update(language="en")
    client = signed_in(cast.manager)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ru"
    assert '<html lang="en"' in client.get(reverse(ACCOUNT)).content.decode()


def test_a_person_switches_the_language_and_stays_on_the_page(cast):
    client = signed_in(cast.manager)
    response = client.post(reverse("shell:language"), {"language": "en", "next": "/clients/?q=1"})
    assert response.headers["Location"] == "/clients/?q=1"
    cast.manager.refresh_from_db()
    assert cast.manager.language == "en"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_the_language_switch_leads_nowhere_else(db, target):
    response = Client().post(reverse("shell:language"), {"language": "en", "next": target})
    assert response.headers["Location"] == "/"


def test_a_person_switches_the_theme(cast):
    client = signed_in(cast.manager)
    assert client.post(reverse("shell:theme"), {"theme": "dark"}, headers=HTMX).status_code == 204
    cast.manager.refresh_from_db()
    assert cast.manager.theme == "dark"
    assert 'data-bs-theme="dark"' in client.get(reverse(ACCOUNT)).content.decode()


@pytest.mark.parametrize("name", ["shell:theme", "shell:language"])
def test_nonsense_in_a_preference_is_refused(cast, name):
    client = signed_in(cast.manager)
    assert client.post(reverse(name), {"theme": "pink", "language": "xx"}).status_code == 400
    assert client.get(reverse(name)).status_code == 405


def test_a_preference_needs_the_token_of_the_page(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.manager)
    response = client.post(reverse("shell:theme"), {"theme": "dark"}, headers=HTMX)
    assert response.status_code == 403
    assert "toast" in json.loads(response.headers["HX-Trigger"])


@pytest.mark.parametrize(
    ("refusal", "status"), [(RuleViolation("No."), 422), (StaleVersion(), 409)]
)
def test_a_refusal_that_a_view_let_through_is_a_page_with_its_sentence(
    cast, monkeypatch, refusal, status
):
    def refuse(*args, **kwargs):
        raise refusal

    monkeypatch.setattr("crm.shell.actions.set_theme", refuse)
    response = signed_in(cast.manager).post(reverse("shell:theme"), {"theme": "dark"})
    assert response.status_code == status
    assert str(refusal) in response.content.decode()


def test_reports_of_the_browser_are_taken_and_never_fail(db):
    client = Client(enforce_csrf_checks=True)
    address = reverse("shell:csp_report")
    for body in (
        '{"csp-report": {"blocked-uri": "inline"}}',
        "{",
        "[]",
        '{"csp-report": []}',
        "x" * 20000,
    ):
        assert client.post(address, body, content_type="application/csp-report").status_code == 204
