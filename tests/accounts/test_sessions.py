"""Sessions, the second factor and the password asked for again (G-AC2, G-AC3)."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from crm.accounts.models import Role, User
from crm.people.actions import forget_sessions
from crm.people.middleware import OPENED, SEEN
from crm.work.models import Setting
from crm.work.registry import forget
from tests.accounts.signing import LOGIN, is_in, sign_in
from tests.cast import fresh, signed_in
from tests.factories import accounts

NEW_PASSWORD = "a completely different phrase"


def test_a_changed_password_ends_the_other_sessions(person):
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    values = {
        "oldpassword": accounts.PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD,
    }  # fmt: skip
    here.post("/account/password/change/", values)
    assert is_in(here)
    assert not is_in(there)


def test_signing_out_everywhere_ends_all_sessions(person):
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    assert b"/profile/sign-out/" in here.get("/account/sessions/").content
    assert here.post("/profile/sign-out/").url == LOGIN
    assert not is_in(here)
    assert not is_in(there)


def aged(client, **ages):
    """Pretend that the session was opened or used so many seconds ago."""
    session = client.session
    for key, seconds in ages.items():
        session[{"opened": OPENED, "seen": SEEN}[key]] -= seconds
    session.save()


def test_an_idle_session_ends_after_half_an_hour(manager):
    client = signed_in(manager)
    assert is_in(client)
    aged(client, seen=29 * 60)
    assert is_in(client)
    aged(client, seen=31 * 60)
    assert not is_in(client)


def test_a_session_in_use_ends_after_twelve_hours(manager):
    client = signed_in(manager)
    assert is_in(client)
    aged(client, opened=12 * 3600 - 60)
    assert is_in(client)
    aged(client, opened=120)
    assert not is_in(client)


def test_the_length_of_a_session_is_a_setting(manager):
    Setting.objects.create(key="security.session_idle_minutes", value=5)
    forget()
    client = signed_in(manager)
    assert is_in(client)
    aged(client, seen=6 * 60)
    assert not is_in(client)


def test_activity_is_written_at_most_once_a_minute(manager, django_assert_num_queries):
    client = signed_in(manager)
    is_in(client)
    seen = client.session[SEEN]
    is_in(client)
    assert client.session[SEEN] == seen
    aged(client, seen=61)
    is_in(client)
    assert client.session[SEEN] >= seen


def test_rows_of_ended_sessions_are_cleared_every_night(person):
    over, alive = Client(), Client()
    for client in (over, alive):
        sign_in(client)
    Session.objects.filter(pk=over.session.session_key).update(
        expire_date=timezone.now() - timedelta(days=2)
    )
    assert forget_sessions(today=timezone.localdate()) == 1
    assert forget_sessions(today=timezone.localdate()) == 0
    assert UserSession.objects.get().session_key == alive.session.session_key
    assert is_in(alive)


@pytest.mark.parametrize("key", ["director", "admin"])
def test_a_compulsory_second_factor_comes_before_any_work(cast, key):
    person = getattr(cast, key)
    Authenticator.objects.filter(user=person).delete()
    client = signed_in(person)
    for path in ("/profile/", "/people/", "/absences/"):
        assert client.get(path).url == "/account/2fa/totp/activate/", path
    assert client.get("/account/2fa/totp/activate/").status_code == 200
    assert client.post("/account/logout/").status_code == 302


def test_others_need_none_and_demo_logins_of_a_demonstration_neither(cast, settings):
    assert is_in(signed_in(cast.manager))
    Authenticator.objects.all().delete()
    User.objects.filter(pk=cast.director.pk).update(is_demo=True)
    assert is_in(signed_in(fresh(cast.director)))
    settings.DEMO = False
    assert not is_in(signed_in(fresh(cast.director)))


def test_the_roles_with_a_second_factor_are_a_setting(cast):
    Setting.objects.create(key="security.mfa_roles", value=[Role.MANAGER])
    forget()
    Authenticator.objects.all().delete()
    assert is_in(signed_in(cast.director))
    assert not is_in(signed_in(cast.manager))
    Setting.objects.create(key="security.mfa_required", value=False)
    forget()
    assert is_in(signed_in(cast.manager))


def code_for(secret, shift=0):
    return format_hotp_value(hotp_value(secret, int(time.time() // 30) + shift))


def test_two_step_sign_in_from_turning_on_to_the_next_sign_in(db):
    boss = accounts.user(role=Role.ADMIN, username="boss", password=True)
    client = Client()
    sign_in(client, "boss")
    again = {"password": accounts.PASSWORD}
    client.post("/account/reauthenticate/?next=/account/2fa/totp/activate/", again)
    page = client.get("/account/2fa/totp/activate/").content.decode()
    secret = client.session["mfa.totp.secret"]
    assert secret in page
    client.post("/account/2fa/totp/activate/", {"code": code_for(secret)})
    stored = Authenticator.objects.get(user=boss, type="totp")
    assert secret not in str(stored.data)  # encrypted
    assert is_in(client)

    assert client.post("/account/2fa/totp/deactivate/").status_code in {200, 302, 403}
    assert Authenticator.objects.filter(user=boss, type="totp").exists()

    other = Client()
    assert "/2fa/authenticate/" in sign_in(other, "boss").url
    assert not is_in(other)
    other.post("/account/2fa/authenticate/", {"code": "000000"})
    assert not is_in(other)
    other.post("/account/2fa/authenticate/", {"code": code_for(secret, shift=1)})
    assert is_in(other)
    third = Client()
    sign_in(third, "boss")
    third.post("/account/2fa/authenticate/", {"code": code_for(secret, shift=1)})
    assert not is_in(third)  # a code is good once


def test_what_gives_rights_away_asks_for_the_password_again(cast):
    client = signed_in(cast.admin, fresh_password=False)
    pk = cast.manager.pk
    for path in ("new/", f"{pk}/edit/", f"{pk}/deactivate/"):
        assert "reauthenticate" in client.get(f"/people/{path}").url, path
    for path in ("password", "second-factor", "unlock", "sessions", "reactivate"):
        assert "reauthenticate" in client.post(f"/people/{pk}/{path}/").url, path
    assert not fresh(cast.manager).must_change_password
    assert signed_in(cast.admin).get("/people/new/").status_code == 200


def test_the_django_admin_has_no_door_of_its_own(cast):
    answer = Client().get("/admin/login/?next=/admin/")
    assert answer.url.startswith(LOGIN)
    assert Client().post("/admin/login/", {"username": "x", "password": "y"}).status_code == 302
    assert signed_in(cast.director).get("/admin/", follow=True).status_code == 403
    page = signed_in(cast.admin).get("/admin/accounts/user/")
    assert page.status_code == 200
    assert signed_in(cast.admin).get("/admin/accounts/user/add/").status_code == 403
