"""People of files: with their units and heads, each once, without passwords and without rights."""

import pytest

from crm.accounts.models import OrgUnit, OrgUnitKind, Role, User
from crm.imports import actions
from crm.imports.people.logins import make_login
from crm.notices.models import Notice
from tests.imports.test_lifecycle import applied, counts, undone

LAYOUT = (
    b"sales_agent,manager,regional_office\n"
    b"Anna Snelling,Dustin Brinkmann,Central\n"
    b"Cecily Lampkin,Dustin Brinkmann,Central\n"
    b"Darcel Schlecht,Melvin Marxen,Central\n"
    b"Zane Levy,Summer Sewald,West\n"
)
STAFF = (
    "Табельный номер;ФИО;Должность;Роль;Отдел;E-mail;Телефон;Принят\n"
    "001;Ёлкина Анна Петровна;Ведущий менеджер;менеджер;Отдел опта;elkina@example.com;"
    "8 (912) 345-67-89;01.02.2024\n"
    "002;Петров Пётр;Юрист;юрист;;petrov@example.com;;\n"
).encode()


def people(by, content, **options):
    return applied(by, content, "people", **options)


def test_agents_managers_and_offices_become_a_tree(admin, company):
    job = people(admin, LAYOUT)
    assert counts(job) == {"created": 4, "updated": 0, "unchanged": 0, "refused": 0}
    assert job.stats["facts"] == {"units_created": 5, "heads_created": 3}
    sector = OrgUnit.objects.get(head__last_name="Brinkmann")
    assert (sector.kind, sector.parent.name, sector.parent.kind) == (
        OrgUnitKind.SECTOR,
        "Central",
        OrgUnitKind.DEPARTMENT,
    )
    assert sector.parent.parent == company
    assert sector.head.role == Role.SECTOR_HEAD
    assert set(sector.members.values_list("last_name", "role")) == {
        ("Snelling", Role.MANAGER),
        ("Lampkin", Role.MANAGER),
        ("Brinkmann", Role.SECTOR_HEAD),
    }


def test_new_people_cannot_sign_in_and_get_no_mail(admin, company):
    people(admin, LAYOUT)
    agent = User.objects.get(last_name="Snelling")
    assert not agent.has_usable_password()
    assert agent.must_change_password
    assert agent.username == "anna.snelling"
    assert not Notice.objects.exists()


def test_the_same_people_again_change_nothing(admin, company):
    people(admin, LAYOUT)
    again = people(admin, LAYOUT)
    assert counts(again) == {"created": 0, "updated": 0, "unchanged": 4, "refused": 0}
    assert "units_created" not in again.stats["facts"]


def test_a_company_is_made_where_there_is_none(db):
    from django.utils import timezone

    done = actions.import_file(
        "people",
        by=None,
        file_name="teams.csv",
        content=LAYOUT,
        columns={},
        options={},
        now=timezone.now(),
        dry=False,
    )
    assert done.summary.facts == {"units_created": 6, "heads_created": 3}
    assert OrgUnit.objects.get(kind=OrgUnitKind.COMPANY).children.count() == 2


def test_a_list_of_staff_is_read(admin, company):
    people(admin, STAFF, role=Role.MANAGER)
    elkina = User.objects.get(external_id="001")
    assert (elkina.last_name, elkina.first_name, elkina.middle_name) == (
        "Ёлкина",
        "Анна",
        "Петровна",
    )
    assert elkina.phone == "+79123456789"
    assert elkina.org_unit.name == "Отдел опта"
    assert elkina.username == "anna.elkina"
    assert elkina.hired_on.isoformat() == "2024-02-01"
    assert User.objects.get(external_id="002").role == Role.LAWYER


def test_a_change_is_taken_over_and_a_role_is_not(admin, company):
    people(admin, STAFF)
    changed = STAFF.replace(
        "Ведущий менеджер;менеджер".encode(), "Директор по опту;директор".encode()
    )
    job = people(admin, changed)
    assert counts(job) == {"created": 0, "updated": 1, "unchanged": 1, "refused": 0}
    elkina = User.objects.get(external_id="001")
    assert (elkina.position, elkina.role) == ("Директор по опту", Role.MANAGER)
    assert job.stats["warnings"] == 1


def test_a_role_is_taken_over_where_it_was_asked_for(admin, company):
    people(admin, STAFF)
    people(
        admin,
        STAFF.replace("менеджер;Отдел".encode(), "директор;Отдел".encode()),
        update_rights="on",
    )
    assert User.objects.get(external_id="001").role == Role.DIRECTOR


@pytest.mark.parametrize(
    "row",
    [
        ";;;;;;;",
        "3;Иванов Иван;;администратор;;;;",
        "3;Иванов Иван;;космонавт;;;;",
        "3;Иванов Иван;;;;не почта;;",
        "3;Иванов Иван;;;;;;31.02.2024",
        "3;Иванов Иван;;;;;;",
    ],
)
def test_a_wrong_row_is_refused_and_the_others_are_taken(admin, company, row):
    job = people(admin, STAFF + row.replace(";;;;;;;", ";;x;;;;;").encode() + b"\n")
    assert counts(job) == {"created": 2, "updated": 0, "unchanged": 0, "refused": 1}


def test_the_same_person_twice_in_a_file_is_refused(admin, company):
    job = people(admin, STAFF + "001;Другая Анна;;юрист;;;;\n".encode())
    assert job.stats["refused"] == 1


def test_a_person_who_left_is_not_brought_back(admin, company):
    people(admin, STAFF)
    User.objects.filter(external_id="002").update(is_active=False)
    job = people(admin, STAFF)
    assert counts(job) == {"created": 0, "updated": 0, "unchanged": 1, "refused": 1}


def test_a_chief_with_a_row_of_the_own_is_not_made_twice(admin, company):
    content = (
        "ФИО;Руководитель;Отдел;Роль\n"
        "Иванов Иван;Совин Олег;Опт;менеджер\n"
        "Совин Олег;Совин Олег;Опт;руководитель сектора\n"
    ).encode()
    people(admin, content)
    chief = User.objects.get(last_name="Совин")
    assert OrgUnit.objects.get(head=chief).members.count() == 2


def test_undo_takes_people_and_units_away(admin, company):
    job = people(admin, LAYOUT)
    assert undone(admin, job).state == "rolled_back"
    assert not User.objects.filter(last_name="Snelling").exists()
    assert not OrgUnit.objects.filter(name="Central").exists()


def test_undo_is_refused_when_a_person_was_edited(admin, company):
    job = people(admin, LAYOUT)
    User.objects.filter(last_name="Snelling").update(version=2)
    assert undone(admin, job).state == "applied"


def test_logins_are_latin_and_never_taken_twice():
    taken = set()
    assert make_login("Анна", "Щукина", taken) == "anna.shchukina"
    assert make_login("Анна", "Щукина", taken) == "anna.shchukina2"
    assert make_login("", "Becky", taken) == "becky"
    assert make_login("!!!", "…", taken) == "user"
