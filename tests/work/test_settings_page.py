"""The settings registry on screen and behind it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext_lazy

from crm.accounts.models import Role
from crm.errors import RuleViolation, StaleVersion
from crm.names import sort_key
from crm.work import actions, registry
from crm.work.models import Setting
from crm.work.registry import Kind, setting
from tests.approvals.racing import race
from tests.cast import assemble, everybody, signed_in

KEY = "test.norm"


@pytest.fixture(autouse=True)
def _a_setting(monkeypatch):
    monkeypatch.setattr(registry, "_declared", dict(registry._declared))
    registry.register(
        KEY, kind=Kind.INT, default=7, label="Norm", group="Test", minimum=1, maximum=31
    )
    registry.register(
        "test.share", kind=Kind.DECIMAL, default="0.5", label="Share", group="Test", minimum=0
    )


def post(person, values, *, name="work:setting_edit", key=KEY):
    url = reverse(name, args=[key])
    return signed_in(person).post(url, values, headers={"HX-Request": "true"})


def test_what_was_forgotten_is_read_anew_however_young_the_clock(db, monkeypatch):
    monkeypatch.setattr(registry, "CACHE_SECONDS", float("inf"))
    assert setting(KEY) == 7
    Setting.objects.create(key=KEY, value=9)
    registry.forget()
    assert setting(KEY) == 9


def test_sections_stand_in_the_order_of_the_alphabet(cast):
    page = signed_in(cast.admin).get(reverse("work:setting_list")).context["page"]
    titles = [section.title for section in page.sections]
    assert titles == sorted(titles, key=sort_key)
    assert len(titles) > 5


def test_a_changed_number_holds_at_once(cast):
    assert setting(KEY) == 7
    answer = post(cast.admin, {"value": "10", "version": 0})
    assert answer.status_code == 200
    assert "10" in answer.content.decode()
    assert setting(KEY) == 10


@pytest.mark.parametrize(
    ("value", "words"),
    [("1", "рабочий день"), ("3", "рабочих дня"), ("5", "рабочих дней"), ("21", "рабочий день")],
)
def test_the_unit_agrees_with_the_number(cast, value, words):
    registry.register(
        "test.days", kind=Kind.INT, default=7, label="Norm", group="Test", minimum=1, maximum=31,
        unit=gettext_lazy("working days"),
    )  # fmt: skip
    answer = post(cast.admin, {"value": value, "version": 0}, key="test.days")
    assert f"<strong>{value}</strong> {words}" in answer.content.decode()


@pytest.mark.parametrize(
    "typed", ["", "ten", "0", "32", "1.5", "9" * 40, "1e5", "1_0", "١٢", "\0", " "]
)
def test_a_wrong_number_is_refused_beside_the_field_and_kept_as_typed(cast, typed):
    answer = post(cast.admin, {"value": typed, "version": 0})
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode() or "is-invalid" in answer.content.decode()
    assert setting(KEY) == 7
    assert not Setting.objects.filter(key=KEY).exists()


@pytest.mark.parametrize("typed", ["NaN", "Infinity", "1e400", "-1", "abc"])
def test_a_wrong_share_is_refused(cast, typed):
    assert post(cast.admin, {"value": typed, "version": 0}, key="test.share").status_code == 422


def test_a_share_may_be_typed_with_a_comma(cast):
    assert post(cast.admin, {"value": "0,25", "version": 0}, key="test.share").status_code == 200
    assert str(setting("test.share")) == "0.25"


def test_who_saves_over_another_change_is_told_the_value_now(cast):
    actions.change_setting(KEY, value=9, by=cast.director, version=0)
    answer = post(cast.admin, {"value": "11", "version": 0})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "11" in page
    assert "9" in page
    assert setting(KEY) == 9
    assert 'name="version" value="1"' in page  # a second press saves over it, knowingly
    assert post(cast.admin, {"value": "11", "version": 1}).status_code == 200


def test_the_default_can_hold_again_and_the_history_stays(cast):
    actions.change_setting(KEY, value=9, by=cast.admin, version=0)
    answer = post(cast.admin, {"version": 1}, name="work:setting_reset")
    assert answer.status_code == 200
    assert setting(KEY) == 7
    row = Setting.objects.get(key=KEY)
    assert (row.value, row.version) == (None, 2)
    assert post(cast.admin, {"version": 1}, name="work:setting_reset").status_code == 409
    assert post(cast.admin, {}, name="work:setting_reset").status_code == 400
    history = signed_in(cast.admin).get(reverse("work:setting_history", args=[KEY]))
    assert history.status_code == 200


def test_only_the_declared_roles_change_and_only_heads_see(cast):
    for person in everybody(cast).values():
        client = signed_in(person)
        sees = client.get(reverse("work:setting_list")).status_code == 200
        changes = client.get(reverse("work:setting_edit", args=[KEY])).status_code == 200
        heads = {Role.ADMIN, Role.DIRECTOR, Role.GENERAL_DIRECTOR, Role.DEPARTMENT_HEAD}
        assert sees == (person.role in heads), person.role
        assert changes == (person.role in {Role.ADMIN, Role.DIRECTOR}), person.role


def test_the_action_asks_for_the_right_itself(cast):
    with pytest.raises(PermissionDenied):
        actions.change_setting(KEY, value=9, by=cast.manager, version=0)
    with pytest.raises(PermissionDenied):
        actions.reset_setting(KEY, by=cast.manager, version=0)


def test_an_unknown_key_is_not_found(cast):
    assert post(cast.admin, {"value": "1", "version": 0}, key="no.such").status_code == 404


def test_the_department_wins_over_the_company(cast):
    actions.change_setting(KEY, value=9, by=cast.admin, version=0)
    actions.change_setting(KEY, value=5, by=cast.admin, version=0, org_unit_id=cast.department.pk)
    assert setting(KEY, unit=cast.sector) == 5
    assert setting(KEY, unit=cast.other_sector) == 9
    actions.reset_setting(KEY, by=cast.admin, version=1, org_unit_id=cast.department.pk)
    assert setting(KEY, unit=cast.sector) == 9


def test_the_list_costs_the_same_queries_however_many_settings(cast, django_assert_max_num_queries):
    client = signed_in(cast.admin)
    client.get(reverse("work:setting_list"))
    with django_assert_max_num_queries(12):
        client.get(reverse("work:setting_list"))


def test_two_people_who_set_a_number_first_do_not_overwrite_each_other(committed_db):
    cast = assemble()
    results = race(
        lambda: actions.change_setting(KEY, value=3, by=cast.admin, version=0),
        lambda: actions.change_setting(KEY, value=4, by=cast.director, version=0),
    )
    assert sum(isinstance(result, StaleVersion) for result in results) == 1
    assert sum(isinstance(result, RuleViolation) for result in results) == 1
    assert Setting.objects.get(key=KEY).version == 1


def test_the_search_forgives_and_stays_in_the_address_with_its_section(cast):
    registry.register("test.yo", kind=Kind.INT, default=1, label="Учёт Актов", group="Search")
    client, url = signed_in(cast.admin), reverse("work:setting_list")
    for words in ("учет АКТОВ", "TEST.YO"):
        page = client.get(url, {"q": words}).content.decode()
        assert "Учёт Актов" in page, words
        assert f'value="{words}"' in page
        assert ">Norm<" not in page
    part = client.get(url, {"q": "учет"}, headers={"HX-Request": "true"}).content.decode()
    assert "Учёт Актов" in part
    assert "<html" not in part
    nothing = client.get(url, {"q": "нет такого"}).content.decode()
    assert "Показать все разделы" in nothing
    one = client.get(url, {"section": KEY}).content.decode()
    assert ">Norm<" in one
    assert ">Учёт Актов<" not in one


def test_a_saved_or_refused_value_leads_back_to_its_section_and_search(cast):
    client, url = signed_in(cast.admin), reverse("work:setting_edit", args=[KEY])
    state = {"section": KEY, "q": "norm"}
    back = f"/settings/?section={KEY}&q=norm"
    refused = client.post(url, {"value": "ten", "version": 0, **state})
    assert refused.status_code == 422
    assert f"?section={KEY}&amp;q=norm" in refused.content.decode()
    saved = client.post(url, {"value": "10", "version": 0, **state})
    assert saved.status_code == 302
    assert saved.url.endswith(back.removeprefix("/settings/"))
