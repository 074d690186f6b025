"""Signing in with a password through the page, for the tests of sign-in and sessions."""

from tests.factories import accounts

LOGIN = "/account/login/"


def sign_in(client, login="petrova", password=accounts.PASSWORD, **headers):
    return client.post(LOGIN, {"login": login, "password": password}, **headers)


def is_in(client):
    return client.get("/profile/").status_code == 200
