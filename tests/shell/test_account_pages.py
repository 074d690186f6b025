"""Pages of sign-in and of one's own account are ours, in both languages, and complete."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client, override_settings
from django.urls import reverse

from tests.cast import signed_in
from tests.factories import accounts

PUBLIC = [
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_inactive",
    "account_signup",
]
OWN = ["account_change_password", "mfa_index", "usersessions_list"]


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_wears_our_layout(db, name):
    page = Client().get(reverse(name)).content.decode()
    assert "bare-card" in page
    assert "Klientura" in page
    assert 'name="language"' in page


@pytest.mark.parametrize("name", OWN)
def test_an_account_page_stands_in_the_shell(db, name):
    response = signed_in(accounts.user(password=True)).get(reverse(name))
    assert response.status_code == 200
    assert 'id="rail"' in response.content.decode()


def test_demo_logins_are_shown_only_in_a_demonstration(db):
    accounts.user(username="demo-person", is_demo=True)
    accounts.user(username="real-person")
    with override_settings(DEMO=True):
        page = Client().get(reverse("account_login")).content.decode()
    assert 'data-login="demo-person"' in page
    assert "real-person" not in page
    with override_settings(DEMO=False):
        assert "demo-person" not in Client().get(reverse("account_login")).content.decode()


def test_a_wrong_password_is_told_without_saying_what_was_wrong(db):
    accounts.user(username="anna", password=True)
    response = Client().post(reverse("account_login"), {"login": "anna", "password": "wrong"})
    page = response.content.decode()
    assert 'role="alert"' in page
    assert 'value="anna"' in page
    assert "wrong" not in page.split("bare-card")[1].split("demo")[0].replace("wrong-", "")


def test_the_letter_with_a_new_password_is_ours(db, mailoutbox):
    person = accounts.user(username="anna", email="anna@example.com", password=True)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    Client().post(reverse("account_reset_password"), {"email": "anna@example.com"})
    [letter] = mailoutbox
    assert "Klientura" in letter.subject
    assert "/account/password/reset/key/" in letter.body


def test_a_temporary_password_is_explained_where_it_is_changed(db):
    person = accounts.user(password=True, must_change_password=True)
    page = signed_in(person).get(reverse("account_change_password")).content.decode()
    assert "alert-warning" in page


def test_the_kit_is_for_developers_only(cast):
    client = signed_in(cast.manager)
    with override_settings(DEBUG=True):
        assert client.get(reverse("shell:kit")).status_code == 200
    with override_settings(DEBUG=False):
        assert client.get(reverse("shell:kit")).status_code == 404
