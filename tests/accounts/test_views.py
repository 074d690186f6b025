"""Pages of people, units, substitutions, the journal and the profile."""

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from crm.accounts import actions
from crm.accounts.models import AccessEvent, OrgUnitKind, Role, User
from crm.people import urls
from crm.work.models import Setting
from tests.authz.asking import answers
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
def test_every_page_opens_to_whom_the_table_says(name):
    _pk, allowed = READABLE[name]
    got = answers(f"accounts:{name}", "get")
    assert got.pop("anonymous") == "L"
    opened = {key for key, letter in got.items() if letter == "."}
    assert opened == set(allowed)
    assert {got[key] for key in set(ALL) - opened} <= {"x"}


@pytest.mark.parametrize("name", BUTTONS)
def test_every_button_is_the_administrators(name):
    got = answers(f"accounts:{name}", "post")
    assert {key for key in ALL if got[key] in ".>"} == {"admin"}
    assert set(answers(f"accounts:{name}", "get").values()) == {"m", "L"}


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


def test_an_administrator_reads_what_a_new_installation_needs(db):
    Setting.objects.create(key="security.mfa_required", value=False)
    boss = accounts.user(role=Role.ADMIN)
    people, new_unit = reverse("accounts:user_list"), reverse("accounts:unit_create")
    web = signed_in(boss)
    assert "Первые шаги" in web.get(people).content.decode()
    assert web.get(new_unit).context["form"]["kind"].value() == OrgUnitKind.COMPANY
    unit = accounts.unit("ООО «Ромашка»", kind=OrgUnitKind.COMPANY)
    assert web.get(new_unit).context["form"]["kind"].value() == OrgUnitKind.SECTOR
    page = web.get(people).content.decode()
    assert page.count("· сделано") == 1
    unit.head = accounts.user(role=Role.DIRECTOR)
    unit.save(update_fields=["head"])
    assert "Первые шаги" not in web.get(people).content.decode()


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


def test_the_tree_costs_the_same_for_many_units(cast, django_assert_max_num_queries):
    for _number in range(20):
        accounts.unit(parent=cast.department)
    client = signed_in(cast.admin)
    client.get("/units/")
    with django_assert_max_num_queries(7):
        assert client.get("/units/").status_code == 200


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


def test_a_new_person_may_be_named_the_head_at_once_or_nothing_is_saved(cast):
    client, url = signed_in(cast.admin), reverse("accounts:user_create")
    sector = cast.sector
    page = client.get(url).content.decode()
    assert f"руководитель: {sector.head.full_name}" in page
    sent = {
        "last_name": "Новая", "role": Role.MANAGER, "org_unit": sector.pk, "username": "newhead",
        "language": "ru", "heads_unit": "on", "shown_units": f"{sector.pk}:{sector.version}",
    }  # fmt: skip
    before = (sector.head_id, sector.version)
    for wrong in ({}, {"role": Role.SECTOR_HEAD, "shown_units": f"{sector.pk}:99"}):
        refused = client.post(url, sent | wrong)
        assert refused.status_code == 422
        assert not User.objects.filter(username="newhead").exists()
        sector.refresh_from_db()
        assert (sector.head_id, sector.version) == before
    assert client.post(url, sent | {"role": Role.SECTOR_HEAD}).status_code == 200
    sector.refresh_from_db()
    assert (sector.head.username, sector.version) == ("newhead", before[1] + 1)
