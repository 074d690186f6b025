"""The fixed cast: two managers of one sector with their chiefs, every function, two strangers.

    company ── department (department_head) ── sector (sector_head): manager, manager2
            └─ other_department (stranger_head) ── other_sector: stranger
    director and general_director stand in the company, the functions too.

`cast` finds all of them on the worker's stage, where they were written once (in a database of the
test's own they are written anew); every person and unit is also a fixture of its own.
Nobody has a password: `signed_in(person)` gives a test client with a session.
"""

import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string

from crm.accounts.models import OrgUnit, OrgUnitKind, Role, User
from crm.names import sort_key
from crm.people.middleware import OPENED, SEEN

UNITS = {
    # fixture: (name, kind, part of, head)
    "company": ("Ромашка", OrgUnitKind.COMPANY, None, "director"),
    "department": ("Отдел сетей", OrgUnitKind.DEPARTMENT, "company", "department_head"),
    "other_department": ("Отдел регионов", OrgUnitKind.DEPARTMENT, "company", "stranger_head"),
    "sector": ("Сектор север", OrgUnitKind.SECTOR, "department", "sector_head"),
    "other_sector": ("Сектор юг", OrgUnitKind.SECTOR, "other_department", None),
}
PEOPLE = {
    # fixture: (surname, first name, patronymic, role, unit)
    "manager": ("Иванова", "Анна", "Петровна", Role.MANAGER, "sector"),
    "manager2": ("Ёлкин", "Борис", "Сергеевич", Role.MANAGER, "sector"),
    "sector_head": ("Петров", "Пётр", "Ильич", Role.SECTOR_HEAD, "sector"),
    "department_head": ("Сидорова", "Ольга", "Юрьевна", Role.DEPARTMENT_HEAD, "department"),
    "director": ("Орлов", "Глеб", "Павлович", Role.DIRECTOR, "company"),
    "general_director": ("Царёв", "Лев", "Львович", Role.GENERAL_DIRECTOR, "company"),
    "accountant": ("Рублёва", "Зоя", "Ивановна", Role.ACCOUNTANT, "company"),
    "lawyer": ("Законов", "Юрий", "Олегович", Role.LAWYER, "company"),
    "marketer": ("Рекламов", "Егор", "", Role.MARKETER, "company"),
    "logistics": ("Складова", "Нина", "", Role.LOGISTICS, "company"),
    "purchasing": ("Закупкин", "Илья", "", Role.PURCHASING, "company"),
    "merchandiser": ("Полкина", "Вера", "", Role.MERCHANDISER, "company"),
    "admin": ("Ключников", "Олег", "", Role.ADMIN, "company"),
    "stranger": ("Чужаков", "Семён", "", Role.MANAGER, "other_sector"),
    "stranger_head": ("Дальнева", "Инна", "", Role.DEPARTMENT_HEAD, "other_department"),
}
WITH_SECOND_FACTOR = ("director", "admin")  # compulsory for them by default


def assemble():
    """Write the cast in six statements; returns people and units by name."""
    found = {}
    for level in (["company"], ["department", "other_department"], ["sector", "other_sector"]):
        units = OrgUnit.objects.bulk_create(_unit(key, found) for key in level)
        found |= dict(zip(level, units, strict=True))
    people = User.objects.bulk_create(_person(key, found) for key in PEOPLE)
    found |= dict(zip(PEOPLE, people, strict=True))
    for key, (_name, _kind, parent, head) in UNITS.items():
        found[key].path = f"{found[parent].path if parent else '/'}{found[key].pk}/"
        found[key].head = found[head] if head else None
    OrgUnit.objects.bulk_update([found[key] for key in UNITS], ["path", "head"])
    Authenticator.objects.bulk_create(
        Authenticator(user=found[key], type=Authenticator.Type.TOTP, data={})
        for key in WITH_SECOND_FACTOR
    )
    return SimpleNamespace(**found)


def _unit(key, found):
    name, kind, parent, _head = UNITS[key]
    return OrgUnit(name=name, sort_key=sort_key(name), kind=kind, parent=found.get(parent))


def _person(key, found):
    last, first, middle, role, place = PEOPLE[key]
    return User(
        username=key,
        email=f"{key}@example.com",
        last_name=last,
        first_name=first,
        middle_name=middle,
        sort_key=sort_key(f"{last} {first} {middle}"),
        role=role,
        org_unit=found[place],
        password="!",
    )


@pytest.fixture
def cast(db, slot, stood):
    """Everybody and every unit, by name."""
    if connection.settings_dict["NAME"] != slot.stage:
        return assemble()
    return stood["cast"] if stood else slot.people()


def signed_in(person, *, fresh_password=True):
    """A test client in which the person has been at work for a moment, the password just typed."""
    now = int(time.time())
    values = {
        SESSION_KEY: str(person.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[-1],
        HASH_SESSION_KEY: person.get_session_auth_hash(),
        OPENED: now,
        SEEN: now,
    }
    if fresh_password:
        again = {"method": "password", "at": time.time(), "reauthenticated": True}
        values["account_authentication_methods"] = [again]
        values["account_authentication_methods_user"] = str(person.pk)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = _written_session(values)
    return client


def _written_session(values):
    """The key of a session with these values: one statement, nothing is left for a request."""
    row = Session(
        session_key=get_random_string(32),
        session_data=SessionStore().encode(values),
        expire_date=timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )
    Session.objects.bulk_create([row])
    return row.session_key


def fresh(person):
    """The person read anew: the scope is remembered for the life of the object."""
    return User.objects.get(pk=person.pk)


def everybody(cast):
    """All people of the cast by name."""
    return {key: getattr(cast, key) for key in PEOPLE}


def _fixture_of(key):
    def read(cast):
        return getattr(cast, key)

    return pytest.fixture(read, name=key)


for _key in (*UNITS, *PEOPLE):
    globals()[f"_{_key}"] = _fixture_of(_key)
