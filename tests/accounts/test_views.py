"""Pages of people, units, substitutions, the journal and the profile."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from crm.accounts import actions
from crm.accounts.models import AccessEvent, Delegation, OrgUnit, Role, User
from crm.notices.models import Notice
from crm.people import urls
from tests.cast import everybody, fresh, signed_in
from tests.factories import accounts

HTMX = {"HX-Request": "true"}
ALL = frozenset({
    "manager", "manager2", "sector_head", "department_head", "director", "general_director",
    "accountant", "lawyer", "marketer", "logistics", "purchasing", "merchandiser", "admin",
    "stranger", "stranger_head",
})  # fmt: skip
OVERSEERS = {"admin", "director", "general_director"}
HEADS = {"sector_head", "department_head", "stranger_head"}
CHIEFS_OF_MANAGER = OVERSEERS | {"sector_head", "department_head"}

# name of the URL: (what the pk means, who gets 200 for a GET)
READABLE = {
    "user_list": (None, OVERSEERS | HEADS),
    "user_create": (None, {"admin"}),
    "user_detail": ("manager", ALL),
    "user_edit": ("manager", {"admin"}),
    "user_history": ("manager", CHIEFS_OF_MANAGER | {"manager"}),
    "user_scope": ("manager", CHIEFS_OF_MANAGER | {"manager"}),
    "user_delegations": ("manager", CHIEFS_OF_MANAGER | {"manager"}),
    "user_deactivate": ("manager", {"admin"}),
    "unit_list": (None, OVERSEERS | HEADS),
    "unit_create": (None, {"admin"}),
    "unit_detail": ("sector", OVERSEERS | HEADS),
    "unit_edit": ("sector", {"admin"}),
    "unit_move": ("sector", {"admin"}),
    "unit_history": ("sector", OVERSEERS | HEADS),
    "delegation_list": (None, ALL),
    "delegation_create": (None, ALL),
    "profile": (None, ALL),
    "access_list": (None, OVERSEERS),
}
# name of the URL: what the pk means; the administrator alone may, others get 403, a GET 405
BUTTONS = {
    "user_reactivate": "manager",
    "user_reset_password": "manager",
    "user_reset_factor": "director",
    "user_end_sessions": "manager",
    "user_unlock": "manager",
    "unit_archive": "sector",
    "unit_restore": "sector",
}
OF_DELEGATIONS = {"delegation_detail", "delegation_revoke", "delegation_history"}
OWN = {"sign_out_everywhere"}


def address(name, cast, pk=None):
    return reverse(f"accounts:{name}", args=[getattr(cast, pk).pk] if pk else [])


def test_every_address_stands_in_the_tables():
    known = {*READABLE, *BUTTONS, *OF_DELEGATIONS, *OWN}
    assert {pattern.name for pattern in urls.urlpatterns} == known


@pytest.mark.parametrize("name", READABLE)
def test_every_page_opens_to_whom_the_table_says(cast, name):
    pk, allowed = READABLE[name]
    path = address(name, cast, pk)
    answers = {
        key: signed_in(person).get(path).status_code for key, person in everybody(cast).items()
    }
    assert answers == {key: 200 if key in allowed else 403 for key in ALL}
    assert Client().get(path).url.startswith("/account/login/")


@pytest.mark.parametrize("name", BUTTONS)
def test_every_button_is_the_administrators(cast, name):
    path = address(name, cast, BUTTONS[name])
    before = list(User.objects.order_by("pk").values()), list(OrgUnit.objects.values())
    for key, person in everybody(cast).items():
        client = signed_in(person)
        assert client.get(path).status_code == 405
        if key != "admin":
            person_before = fresh(person).last_login
            assert client.post(path).status_code == 403
            User.objects.filter(pk=person.pk).update(last_login=person_before)
    User.objects.update(last_login=None)
    after = list(User.objects.order_by("pk").values()), list(OrgUnit.objects.values())
    assert after == before


@pytest.mark.parametrize("name", [name for name, (pk, _who) in READABLE.items() if pk])
def test_what_is_not_there_is_404_for_who_may_look(cast, name):
    client = signed_in(cast.admin)
    for pk in (10**9, 2**63 - 1, 2**63, 10**30):
        assert client.get(reverse(f"accounts:{name}", args=[pk])).status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse(f"accounts:{name}", args=["x"])


def test_a_colleague_finds_a_phone_but_no_history(cast):
    User.objects.filter(pk=cast.manager.pk).update(phone="+79123456789")
    page = signed_in(cast.stranger).get(f"/people/{cast.manager.pk}/").content.decode()
    assert "tel:+79123456789" in page
    assert "/history/" not in page
    assert "person-buttons" not in page


def test_heads_list_their_people_and_overseers_everybody(cast):
    page = signed_in(cast.sector_head).get("/people/").content.decode()
    assert cast.manager.full_name in page
    assert cast.stranger.full_name not in page
    assert cast.stranger.full_name in signed_in(cast.director).get("/people/").content.decode()


def test_a_list_costs_the_same_for_many_people(cast, django_assert_max_num_queries):
    client = signed_in(cast.admin)
    client.get("/people/")
    with django_assert_max_num_queries(8):
        client.get("/people/")
    for _number in range(30):
        accounts.user(org_unit=cast.sector)
    with django_assert_max_num_queries(8):
        assert client.get("/people/").status_code == 200


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("q=ёлкин", "manager2", "manager"),
        ("q=manager2", "manager2", "director"),
        ("role=lawyer", "lawyer", "manager"),
        ("state=works", "manager", None),
    ],
)
def test_people_are_searched_and_filtered(cast, query, found, missing):
    page = signed_in(cast.admin).get(f"/people/?{query}").content.decode()
    assert getattr(cast, found).full_name in page
    assert missing is None or getattr(cast, missing).full_name not in page


def test_a_unit_filters_with_everything_below_it(cast):
    page = signed_in(cast.admin).get(f"/people/?org_unit={cast.department.pk}").content.decode()
    assert cast.manager.full_name in page
    assert cast.stranger.full_name not in page


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


def test_a_temporary_password_is_shown_once(cast):
    answer = signed_in(cast.admin).post(f"/people/{cast.manager.pk}/password/")
    assert 'id="new-password"' in answer.content.decode()
    assert fresh(cast.manager).must_change_password


def test_what_does_ivanova_see(cast):
    today = timezone.localdate()
    accounts.delegation(cast.stranger, cast.sector_head, first=today, last=today)
    page = signed_in(cast.director).get(f"/people/{cast.sector_head.pk}/scope/").content.decode()
    assert cast.sector.name in page
    assert cast.stranger.short_name in page
    texts = {
        key: signed_in(cast.director).get(f"/people/{person.pk}/scope/").content.decode()
        for key, person in everybody(cast).items()
    }
    assert cast.sector.name in texts["department_head"]
    assert cast.other_sector.name not in texts["department_head"]
    assert all("<li>" in text for text in texts.values())


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


def test_the_tree_costs_the_same_for_many_units(cast, django_assert_max_num_queries):
    for _number in range(20):
        accounts.unit(parent=cast.department)
    client = signed_in(cast.admin)
    client.get("/units/")
    with django_assert_max_num_queries(7):
        assert client.get("/units/").status_code == 200


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


def test_the_journal_is_searched_and_filtered(cast):
    actions.log_access(cast.manager, kind="export", target="clients?q=x", rows=12)
    actions.log_access(cast.lawyer, kind="refused", target="GET /people/")
    client = signed_in(cast.director)
    assert "clients?q=x" in client.get("/journal/?kind=export").content.decode()
    assert "GET /people/" not in client.get("/journal/?kind=export").content.decode()
    assert "GET /people/" in client.get("/journal/?q=lawyer").content.decode()
    day = timezone.localdate()
    page = client.get(f"/journal/?at_min={day:%Y-%m-%d}&at_max={day:%Y-%m-%d}").content.decode()
    assert "clients?q=x" in page


def test_an_export_of_people_is_noted(cast):
    answer = signed_in(cast.admin).get("/people/?export=csv")
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert cast.manager.full_name in content
    event = AccessEvent.objects.get(kind="export")
    assert (event.user, event.rows) == (cast.admin, len(ALL))
    assert signed_in(cast.sector_head).get("/people/?export=csv").status_code == 403


def test_a_history_is_a_fragment_for_htmx_and_a_page_otherwise(cast):
    client = signed_in(cast.admin)
    path = f"/people/{cast.manager.pk}/history/"
    assert "<html" not in client.get(path, headers=HTMX).content.decode()
    assert "<html" in client.get(path).content.decode()
