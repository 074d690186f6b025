"""Forms of people, units, absences and the profile: bad input is explained and nothing is lost."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from crm.accounts import actions
from crm.accounts.models import Delegation, OrgUnit, Role, User
from crm.notices.models import Notice
from tests.cast import fresh, signed_in
from tests.factories import accounts

HTMX = {"HX-Request": "true"}


PERSON = {
    "last_name": "Новиков",
    "first_name": "Олег",
    "role": "manager",
    "username": "novikov",
    "email": "novikov@example.com",
    "phone": "8 912 345-67-89",
    "language": "ru",
}


def test_a_new_person_is_added_and_the_password_is_shown_once(cast, mailoutbox):
    client = signed_in(cast.admin)
    answer = client.post("/people/new/", PERSON | {"org_unit": cast.sector.pk})
    person = User.objects.get(username="novikov")
    page = answer.content.decode()
    assert person.phone == "+79123456789"
    assert 'id="new-password"' in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert set(Notice.objects.values_list("kind", "user_id")) == {("account.created", person.pk)}
    assert 'id="new-password"' not in client.get(person.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("last_name", ""),
        ("last_name", "a\x00b"),
        ("last_name", "x" * 101),
        ("role", "wizard"),
        ("username", "не латиница"),
        ("username", "manager"),
        ("username", "a@b.ru"),
        ("email", "nonsense"),
        ("email", "MANAGER@example.com"),
        ("phone", "12"),
        ("hired_on", "31.02.2026"),
        ("hired_on", "0001-01-01"),
        ("org_unit", ""),
        ("org_unit", "999999"),
        ("org_unit", "9" * 40),
        ("org_unit", "' OR 1=1"),
    ],
)
def test_bad_input_is_answered_beside_the_field_and_the_rest_is_kept(cast, field, value):
    values = PERSON | {"org_unit": cast.sector.pk, "position": "Kept text"} | {field: value}
    answer = signed_in(cast.admin).post("/people/new/", values)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert "Kept text" in page
    assert not User.objects.filter(last_name="Новиков").exists()


def test_only_the_declared_fields_can_be_written(cast):
    values = PERSON | {
        "org_unit": cast.sector.pk, "is_superuser": "on", "is_staff": "on", "is_demo": "on",
        "version": "99", "password": "x", "dismissed_on": "2020-01-01", "session_epoch": "7",
    }  # fmt: skip
    signed_in(cast.admin).post("/people/new/", values)
    person = User.objects.get(username="novikov")
    assert (person.is_superuser, person.is_staff, person.is_demo) == (False, False, False)
    assert (person.version, person.dismissed_on, person.session_epoch) == (1, None, 0)


def typed(person, **changes):
    values = {
        "last_name": person.last_name, "first_name": person.first_name,
        "middle_name": person.middle_name, "role": person.role, "username": person.username,
        "org_unit": person.org_unit_id or "", "email": person.email, "language": person.language,
        "position": person.position, "version": person.version,
    }  # fmt: skip
    return values | changes


def test_the_second_of_two_administrators_sees_what_the_first_saved(cast):
    client = signed_in(cast.admin)
    path = f"/people/{cast.manager.pk}/edit/"
    actions.edit_user(cast.manager.pk, by=cast.admin, version=1, position="Of the first")
    answer = client.post(path, typed(cast.manager, position="Of the second"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Of the first" in page
    assert 'value="Of the second"' in page
    assert 'name="version" value="2"' in page
    assert fresh(cast.manager).position == "Of the first"
    assert client.post(path, typed(cast.manager, position="Both", version=2)).status_code == 302
    assert fresh(cast.manager).position == "Both"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_form_without_its_version_saves_nothing(cast, version):
    values = typed(cast.manager, position="New", version=version)
    answer = signed_in(cast.admin).post(f"/people/{cast.manager.pk}/edit/", values)
    assert answer.status_code in {409, 422}
    assert fresh(cast.manager).position == ""


def test_a_person_is_dismissed_and_let_in_again(cast):
    client = signed_in(cast.admin)
    path = f"/people/{cast.manager.pk}/deactivate/"
    bad = client.post(path, {"version": 1, "dismissed_on": "yesterday"})
    assert (bad.status_code, fresh(cast.manager).is_active) == (422, True)
    client.post(path, {"version": 1, "dismissed_on": "2026-11-20"})
    assert fresh(cast.manager).dismissed_on == date(2026, 11, 20)
    assert client.get(path).status_code == 200
    client.post(f"/people/{cast.manager.pk}/reactivate/", {"version": 2})
    assert fresh(cast.manager).is_active


UNIT = {"kind": "sector", "name": "Новый сектор", "territory": "Kept text"}


def test_a_unit_is_added_edited_moved_and_closed(cast):
    client = signed_in(cast.admin)
    page = client.get(f"/units/new/?parent={cast.department.pk}").content.decode()
    assert f'value="{cast.department.pk}" selected' in page
    client.post("/units/new/", UNIT | {"parent": cast.department.pk})
    unit = OrgUnit.objects.get(name="Новый сектор")
    values = {"name": "Иной", "head": cast.sector_head.pk, "version": 1}
    assert client.post(f"/units/{unit.pk}/edit/", values).status_code == 302
    move = {"parent": cast.other_department.pk, "version": 2}
    assert client.post(f"/units/{unit.pk}/move/", move).status_code == 302
    unit.refresh_from_db()
    assert (unit.name, unit.parent) == ("Иной", cast.other_department)
    client.post(f"/units/{unit.pk}/archive/", {"version": 3})
    assert "Иной" not in client.get("/units/").content.decode()
    assert "Иной" in client.get("/units/?closed=1").content.decode()
    client.post(f"/units/{unit.pk}/restore/", {"version": 4})
    assert "Иной" in client.get("/units/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "СЕКТОР СЕВЕР"),
        ("parent", ""),
        ("parent", "9" * 30),
        ("kind", "galaxy"),
        ("head", "0"),
        ("head", "manager"),
    ],
)
def test_bad_input_about_a_unit_is_answered_beside_the_field(cast, field, value):
    value = cast.manager.pk if value == "manager" else value
    values = UNIT | {"parent": cast.department.pk} | {field: value}
    answer = signed_in(cast.admin).post("/units/new/", values)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert "Kept text" in answer.content.decode()
    assert OrgUnit.objects.count() == 5


def test_a_unit_is_not_offered_a_place_below_itself(cast):
    page = signed_in(cast.admin).get(f"/units/{cast.department.pk}/move/").content.decode()
    assert f'value="{cast.sector.pk}"' not in page
    assert f'value="{cast.other_department.pk}"' in page
    answer = signed_in(cast.admin).post(
        f"/units/{cast.department.pk}/move/", {"parent": cast.sector.pk, "version": 1}
    )
    assert answer.status_code == 422


def absence(cast, **changes):
    today = timezone.localdate()
    values = {
        "owner": cast.manager.pk, "delegate": cast.manager2.pk, "reason": "vacation",
        "valid_from": f"{today:%d.%m.%Y}", "valid_to": f"{today + timedelta(days=3):%d.%m.%Y}",
        "covers_clients": "on", "covers_decisions": "on", "note": "Kept text",
    }  # fmt: skip
    return values | changes


def test_a_manager_plans_an_absence_and_revokes_it(cast):
    client = signed_in(cast.manager)
    assert client.post("/absences/new/", absence(cast)).status_code == 302
    delegation = Delegation.objects.get()
    assert (delegation.state, delegation.created_by) == ("active", cast.manager)
    assert Notice.objects.filter(user=cast.manager2, kind="delegation.started").exists()
    path = f"/absences/{delegation.pk}/"
    assert signed_in(cast.stranger).get(path).status_code == 404
    assert signed_in(cast.stranger).post(f"{path}revoke/").status_code == 404
    assert signed_in(cast.manager2).get(path).status_code == 200
    assert signed_in(cast.manager2).post(f"{path}revoke/", {"version": 1}).status_code == 403
    assert signed_in(cast.manager2).get(f"{path}history/", headers=HTMX).status_code == 200
    assert client.post(f"{path}revoke/", {"version": 1}).status_code == 302
    delegation.refresh_from_db()
    assert delegation.state == "revoked"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("owner", "stranger"),
        ("owner", "x"),
        ("delegate", "stranger"),
        ("delegate", ""),
        ("valid_from", "32.13.2026"),
        ("valid_to", "01.01.2020"),
        ("valid_to", ""),
        ("reason", "boredom"),
        ("note", "x" * 301),
    ],
)
def test_bad_input_about_an_absence_is_answered_beside_the_field(cast, field, value):
    value = cast.stranger.pk if value == "stranger" else value
    answer = signed_in(cast.manager).post("/absences/new/", absence(cast, **{field: value}))
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Delegation.objects.exists()


def test_an_overlap_is_explained_beside_the_days(cast):
    today = timezone.localdate()
    accounts.delegation(cast.manager, cast.sector_head, first=today, last=today)
    answer = signed_in(cast.manager).post("/absences/new/", absence(cast))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_valid_from_error"' in page
    assert cast.sector_head.short_name in page
    assert "Kept text" in page


def test_substitutes_follow_the_absent_person(cast):
    client = signed_in(cast.sector_head)
    page = client.get(f"/absences/new/?owner={cast.manager.pk}").content.decode()
    assert f'<option value="{cast.manager2.pk}">' in page
    mine = client.get(f"/absences/new/?owner={cast.stranger.pk}").content.decode()
    assert f'<option value="{cast.stranger.pk}"' not in mine


@pytest.mark.parametrize(
    "junk", ["owner=x", "owner=%00", "delegate=x&valid_from=y", "owner=" + "9" * 40]
)
def test_a_made_up_address_of_the_form_does_no_harm(cast, junk):
    assert signed_in(cast.manager).get(f"/absences/new/?{junk}").status_code == 200


def test_the_profile_is_changed_by_its_owner(cast):
    client = signed_in(cast.manager)
    values = {"phone": "8 (912) 345-67-89", "language": "en", "theme": "dark", "role": "admin"}
    assert client.post("/profile/", values).status_code == 302
    person = fresh(cast.manager)
    assert (person.phone, person.language, person.theme) == ("+79123456789", "en", "dark")
    assert person.role == Role.MANAGER
    bad = client.post("/profile/", values | {"phone": "12", "theme": "pink"})
    assert bad.status_code == 422
    assert 'id="id_phone_error"' in bad.content.decode()
    assert 'value="12"' in bad.content.decode()
