"""Signing in: lock-out, enumeration, forced password, second factor, sessions (G-AC1 … G-AC3)."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from crm.accounts import actions
from crm.accounts.models import AccessEvent, Role, User
from crm.accounts.visitor import client_ip
from crm.errors import RuleViolation
from crm.work.actions import change_setting
from crm.work.models import Setting
from crm.work.registry import forget
from tests.accounts.signing import is_in, sign_in
from tests.cast import fresh, signed_in
from tests.factories import accounts

NEW_PASSWORD = "a completely different phrase"
ATTEMPTS = 10


def kinds():
    return list(AccessEvent.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("login", ["petrova", "PETROVA", "petrova@example.com"])
def test_the_right_password_opens_the_door(person, login):
    client = Client()
    assert sign_in(client, login).url == "/"
    assert is_in(client)
    assert kinds() == ["login"]


def test_signing_out_closes_it_and_is_noted(person):
    client = Client()
    sign_in(client)
    client.post("/account/logout/")
    assert not is_in(client)
    assert kinds() == ["login", "logout"]


def test_a_new_session_key_is_given_at_sign_in(person):
    client = Client()
    session = client.session
    session["before"] = True
    session.save()
    key = session.session_key
    sign_in(client)
    assert client.session.session_key != key


def wrong(client, times, login="petrova", **headers):
    return [sign_in(client, login, "wrong", **headers).status_code for _attempt in range(times)]


def test_ten_wrong_passwords_pause_the_sign_in_of_this_person_from_this_address(person):
    client = Client()
    assert wrong(client, ATTEMPTS) == [200] * (ATTEMPTS - 1) + [429]
    assert sign_in(client).status_code in {200, 429}
    assert not is_in(client)
    assert kinds()[-1] in {"locked_out", "login_failed"}
    assert "locked_out" in kinds()


def test_after_the_cool_off_the_right_password_opens_again(person):
    client = Client()
    wrong(client, ATTEMPTS)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    cache.clear()
    assert sign_in(client).status_code == 302
    assert is_in(client)


def test_before_the_end_of_the_cool_off_it_does_not(person):
    client = Client()
    wrong(client, ATTEMPTS)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    cache.clear()
    assert sign_in(client).status_code == 429
    assert not is_in(client)


def test_login_and_e_mail_are_counted_together(person):
    client = Client()
    wrong(client, ATTEMPTS // 2, "petrova")
    codes = wrong(client, ATTEMPTS // 2, "Petrova@example.com")
    assert codes[-1] == 429


def test_made_up_forwarding_headers_count_as_one_address(person):
    client = Client()
    codes = [
        sign_in(client, password="wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}").status_code
        for number in range(ATTEMPTS)
    ]
    assert codes[-1] == 429
    assert AccessAttempt.objects.values("ip_address").distinct().count() == 1


def test_the_lock_stands_for_one_address_only(person):
    wrong(Client(), ATTEMPTS)
    cache.clear()
    assert sign_in(Client(REMOTE_ADDR="10.9.8.7")).status_code == 302


def test_guesses_from_many_addresses_at_one_person_are_paused_too(person):
    for number in range(ATTEMPTS):
        sign_in(Client(REMOTE_ADDR=f"10.0.1.{number}"), password="wrong")
    client = Client(REMOTE_ADDR="10.0.2.1")
    sign_in(client)
    assert not is_in(client)


def test_guesses_at_many_people_from_one_address_are_paused(person):
    client = Client()
    for number in range(60):
        sign_in(client, f"nobody{number}", "wrong")
    sign_in(client)
    assert not is_in(client)


def test_the_administrator_lets_a_locked_out_person_try_again(person, admin):
    client = Client()
    wrong(client, ATTEMPTS)
    boss = signed_in(admin)
    assert boss.post(f"/people/{person.pk}/unlock/").status_code == 302
    assert sign_in(client).status_code == 302


def test_the_numbers_of_the_lock_out_are_settings(person):
    Setting.objects.create(key="security.lockout_attempts", value=3)
    forget()
    assert wrong(Client(), 3)[-1] == 429


def page_of(response):
    """The page without what differs between any two pages, and without the typed login."""
    text = re.sub(r'value="[^"]*"', "", response.content.decode())
    return re.sub(r'"X-CSRFToken": "[^"]*"', "", text)


@pytest.mark.parametrize("unknown", ["nobody", "nobody@example.com"])
def test_an_unknown_login_gets_the_same_answer_as_a_wrong_password(person, unknown):
    known = "petrova@example.com" if "@" in unknown else "petrova"
    answers = [sign_in(Client(), login, "wrong") for login in (known, unknown)]
    assert answers[0].status_code == answers[1].status_code == 200
    assert page_of(answers[0]) == page_of(answers[1])


@pytest.mark.parametrize("login", ["petrova", "petrova@example.com", "nobody", "nobody@a.ru"])
def test_one_password_is_hashed_whoever_is_typed(person, login, monkeypatch):
    """The time of an answer tells nothing: one hash for known and unknown people alike."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed, encode = [], MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, *args, **more: hashed.append(1) or encode(self, *args, **more),
    )
    sign_in(Client(), login, "wrong")
    assert len(hashed) == 1


def test_what_nobody_is_called_is_not_kept(person):
    sign_in(Client(), "my secret password", "x")
    event = AccessEvent.objects.get()
    assert (event.user, event.username) == (None, "?")
    assert "secret" not in str(list(AccessEvent.objects.values()))


def test_the_password_is_kept_nowhere(person):
    sign_in(Client(), "petrova", "planted-password-7")
    for model in (AccessEvent, AccessAttempt):
        assert "planted-password-7" not in str(list(model.objects.values()))


def test_resetting_a_password_says_the_same_for_unknown_e_mails(person, mailoutbox):
    pages = []
    for email in ("petrova@example.com", "nobody@example.com"):
        answer = Client().post("/account/password/reset/", {"email": email}, follow=True)
        pages.append((answer.status_code, page_of(answer)))
    assert pages[0] == pages[1]
    assert len(mailoutbox) == 2


@pytest.mark.parametrize("path", ["signup/", "email/", "confirm-email/", "confirm-email/x:y/"])
def test_nobody_makes_an_account_or_changes_the_own_e_mail(manager, path):
    assert Client().get(f"/account/{path}").status_code == 404
    client = signed_in(manager)
    assert client.get(f"/account/{path}").status_code == 404
    assert client.post(f"/account/{path}", {"email": "a@b.ru"}).status_code == 404


def test_a_demo_login_opens_only_a_demonstration(person, settings):
    User.objects.filter(pk=person.pk).update(is_demo=True)
    settings.DEMO = False
    client = Client()
    sign_in(client)
    assert not is_in(client)
    settings.DEMO = True
    sign_in(client)
    assert is_in(client)


def test_a_temporary_password_opens_nothing_but_its_change(cast):
    new = actions.reset_password(cast.manager.pk, by=cast.admin)
    client = Client()
    sign_in(client, "manager", new.password)
    for path in ("/", "/profile/", "/absences/", f"/people/{cast.manager.pk}/", "/account/2fa/"):
        assert client.get(path).url == "/account/password/change/", path
    answer = client.get("/profile/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/account/password/change/")
    counters = client.get("/shell/counters/", headers={"HX-Request": "true"})
    assert "HX-Redirect" not in counters.headers  # or the page would reload for ever
    same = {"oldpassword": new.password, "password1": new.password, "password2": new.password}
    assert client.post("/account/password/change/", same).status_code == 200
    assert fresh(cast.manager).must_change_password
    own = {"oldpassword": new.password, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post("/account/password/change/", own)
    assert not fresh(cast.manager).must_change_password
    assert is_in(client)
    assert "password_changed" in kinds()


def test_who_owes_a_second_factor_goes_on_to_it_with_the_password_just_typed(cast):
    """And reads why: an administrator's first day begins here."""
    person = accounts.user(role=Role.DIRECTOR)
    new = actions.reset_password(person.pk, by=cast.admin)
    client = Client()
    sign_in(client, person.username, new.password)
    own = {"oldpassword": new.password, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    changed = client.post("/account/password/change/", own)
    assert changed.status_code == 302
    assert client.get("/").url == "/account/2fa/totp/activate/"
    page = client.get("/account/2fa/totp/activate/")
    assert page.status_code == 200, "the password is not asked for a second time"
    assert "Ваша роль работает с двухэтапным входом" in page.content.decode()


def test_the_length_of_passwords_is_a_setting(person, cast):
    """For the rule, for what stands beside the field and for temporary passwords."""
    client = Client()
    sign_in(client)
    url, long = "/account/password/change/", NEW_PASSWORD + "-".join(["ключ"] * 8)
    page = client.get(url).content.decode()
    assert "Не короче 12 знаков; не только цифры" in page
    Setting.objects.create(key="security.password_length", value=30)
    forget()
    assert "Не короче 30 знаков; не только цифры" in client.get(url).content.decode()
    values = {
        "oldpassword": accounts.PASSWORD,
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD,
    }
    refused = client.post(url, values).content.decode()
    assert "invalid-feedback" in refused
    assert "30" in refused
    assert fresh(person).check_password(accounts.PASSWORD)
    given = actions.reset_password(cast.manager.pk, by=cast.admin).password
    assert len(given) == 34
    assert client.post(url, values | {"password1": long, "password2": long}).status_code == 302
    with pytest.raises(RuleViolation, match="8"):
        change_setting("security.password_length", value="7", by=cast.admin, version=1)


@pytest.mark.parametrize("weak", ["short", "123456789012345", "password1234", "petrova@example"])
def test_a_weak_password_is_refused(person, weak):
    client = Client()
    sign_in(client)
    values = {"oldpassword": accounts.PASSWORD, "password1": weak, "password2": weak}
    answer = client.post("/account/password/change/", values)
    assert "invalid-feedback" in answer.content.decode()
    assert fresh(person).check_password(accounts.PASSWORD)


@pytest.mark.parametrize(
    ("count", "forwarded", "expected"),
    [
        (0, "", "192.0.2.1"),
        (0, "1.1.1.1", "192.0.2.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.1", "1.1.1.1"),
        (2, "1.1.1.1", "192.0.2.1"),
        (1, "rubbish", None),
        (1, "", None),
    ],
)
def test_the_address_is_what_our_own_proxies_say(rf, settings, count, forwarded, expected):
    settings.PROXY_COUNT = count
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_ip(request) == expected


def test_a_refusal_is_noted_and_changes_nothing_else(cast):
    client = signed_in(cast.manager)
    assert client.get("/people/").status_code == 403
    event = AccessEvent.objects.get(kind="refused")
    assert (event.user, event.target, event.ip) == (cast.manager, "GET /people/", "127.0.0.1")
