"""What keeps production from starting, and the first administrator."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError
from django.db import connection, connections

from crm.accounts import checks
from crm.accounts.models import Role, User
from tests.factories import accounts

GOOD_KEY = "k3y-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2


@pytest.fixture
def production(settings):
    """Settings with which production may start."""
    settings.DEMO = settings.DEBUG = False
    settings.SECRET_KEY = GOOD_KEY
    settings.REDIS_URL = "redis://:secret@redis:6379/0"
    return settings


def problems():
    """Ids of the errors of `check --deploy` that are ours."""
    try:
        call_command("check", tags=[checks.TAG], deploy=True, fail_level="ERROR")
    except SystemCheckError as error:
        return [word.strip("():") for word in str(error).split() if "accounts.E" in word]
    return []


def test_a_sound_installation_starts(db, production):
    assert problems() == []


def test_demo_logins_keep_production_from_starting(db, production):
    demo = accounts.user(is_demo=True)
    assert problems() == ["accounts.E001"]
    User.objects.filter(pk=demo.pk).update(is_active=False)
    assert problems() == []
    User.objects.filter(pk=demo.pk).update(is_active=True)
    production.DEMO = True
    assert problems() == []


@pytest.mark.parametrize("key", ["short", "a" * 60, "django-insecure-" + GOOD_KEY])
def test_a_weak_key_keeps_production_from_starting(db, production, key):
    production.SECRET_KEY = key
    assert problems() == ["accounts.E002"]


@pytest.mark.parametrize("url", ["redis://redis:6379/0", "redis://user@redis:6379/0"])
def test_an_open_redis_keeps_production_from_starting(db, production, url):
    production.REDIS_URL = url
    assert problems() == ["accounts.E004"]


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_role_that_could_rewrite_history_keeps_production_from_starting(production):
    assert checks.modest_database_role() == []
    with connections["owner"].cursor() as cursor:
        cursor.execute(checks.POWERFUL)
        assert cursor.fetchone()[0] is True
    with connection.cursor() as cursor:
        cursor.execute(checks.POWERFUL)
        assert cursor.fetchone()[0] is False


def test_the_first_administrator_gets_a_temporary_password(db, capsys):
    call_command("createadmin", "boss", email="boss@example.com")
    lines = dict(line.split(": ") for line in capsys.readouterr().out.splitlines())
    person = User.objects.get(username=lines["Login"])
    assert person.role == Role.ADMIN
    assert person.must_change_password
    assert person.check_password(lines["Temporary password"])


@pytest.mark.parametrize("login", ["boss@example.com", "BOSS"])
def test_a_wrong_or_taken_login_of_the_first_administrator_is_refused(db, login):
    call_command("createadmin", "boss")
    with pytest.raises(CommandError):
        call_command("createadmin", login)
