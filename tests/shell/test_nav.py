"""The rail offers what the role may open, and nothing else."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils.translation import gettext_lazy, override

from crm.accounts.models import SALES, Role, User
from crm.shell import nav
from reports.views.home import HOMES
from tests.authz.asking import answers
from tests.cast import PEOPLE, signed_in


def keys(role):
    return {item.key for group in nav.GROUPS for item in nav.items_for(role) if item.group == group}


@pytest.mark.parametrize("item", nav.declared(), ids=lambda item: item.url_name)
def test_every_declared_name_resolves(item):
    assert reverse(item.url_name).startswith("/")


def test_a_manager_is_offered_the_day_and_not_the_department():
    assert {"my_day", "clients", "contacts"} <= keys(Role.MANAGER)
    assert not {"department", "people", "units", "settings"} & keys(Role.MANAGER)


def test_an_administrator_is_offered_people_and_no_clients():
    assert {"people", "units", "settings"} <= keys(Role.ADMIN)
    assert not {"my_day", "clients", "contacts", "decisions"} & keys(Role.ADMIN)


def test_an_unknown_role_is_offered_nothing():
    assert nav.items_for("janitor") == []
    assert nav.create_for("janitor") == []


@pytest.mark.parametrize("role", Role.values)
def test_the_first_page_of_a_role_stands_in_its_rail(role):
    first = HOMES.get(role, "clients:list")
    assert first in {item.url_name for item in nav.items_for(role)}


def test_what_is_offered_opens():
    """Neither the rail nor the `+` menu leads to a refusal: by the matrix, whose test asks it."""
    refused = []
    one_of_each = {role: name for name, (*_names, role, _unit) in PEOPLE.items()}
    assert set(one_of_each) == set(Role)
    for role, name in one_of_each.items():
        for item in [*nav.items_for(role), *nav.create_for(role)]:
            letter = answers(item.url_name, "get")[name]
            if letter != ".":
                refused.append((name, item.url_name, letter))
    assert refused == []


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_rail_and_the_page_call_a_thing_by_one_name(cast, language):
    """The words of the line stand in the title; only a unit's page is called as the unit."""
    User.objects.update(language=language)
    calls, asked = [], {"department"}
    for role, name in {role: name for name, (*_names, role, _unit) in PEOPLE.items()}.items():
        browser = signed_in(getattr(cast, name))
        with override(language):
            items = [item for item in nav.items_for(role) if item.key not in asked]
            for item in items:
                page = browser.get(reverse(item.url_name), follow=True).content.decode()
                title = re.sub("<[^>]+>", " ", page[page.index("<h1") : page.index("</h1>")])
                title = unescape(title)
                words, line = (
                    re.findall(r"\w+", text.lower()) for text in (title, str(item.label))
                )
                if not set(line) <= set(words):
                    calls.append((item.key, str(item.label), " ".join(title.split())))
        asked |= {item.key for item in items}
    assert calls == []
    assert len(asked) > 40


def test_a_later_app_registers_its_line_the_same_way(monkeypatch):
    monkeypatch.setattr(nav, "_items", dict(nav._items))
    label = gettext_lazy("Search")
    nav.register(nav.NavItem("x", label, "search", "account_login", nav.WORK, SALES, order=99))
    assert "x" in keys(Role.MANAGER)
    assert "x" not in keys(Role.LAWYER)


def test_an_item_without_its_page_is_left_out(monkeypatch):
    monkeypatch.setattr(nav, "_items", dict(nav._items))
    nav.register(nav.NavItem("x", "X", "search", "nowhere:list", nav.WORK, SALES))
    assert "x" not in keys(Role.MANAGER)


def test_a_record_lights_the_line_of_its_list():
    items = nav.items_for(Role.MANAGER)
    inside = nav.address("clients:list") + "17/history/"
    assert nav.current_item(items, "clients:history", inside).key == "clients"
    assert nav.current_item(items, "approvals:inbox", "/decisions/").key == "decisions"
    assert nav.current_item(items, "", "/nowhere/") is None


def test_the_group_of_the_page_and_those_left_open_stand_open():
    items = nav.items_for(Role.DEPARTMENT_HEAD)
    line = {item.key: item for item in items}
    assert nav.opened(items, None, "money.nonsense") == {nav.MONEY}
    assert nav.opened(items, line["contracts"], "") == {nav.TERMS}
    first = nav.opened(items, line["settings"], None)
    assert {nav.WORK, nav.SETUP} <= first < set(nav.GROUPS)
    seen = [item for item in items if item.group in first - {nav.SETUP}]
    assert len(seen) <= nav.LINES_AT_FIRST


def test_a_closed_group_shows_the_sum_of_its_lines(cast, monkeypatch):
    monkeypatch.setattr(nav, "_counters", {})
    nav.register_counter("decisions", lambda user: 7)
    nav.register_counter("work", lambda user: 4)
    client = signed_in(cast.manager)
    client.cookies["rail"] = nav.CLIENTS
    page = client.get(reverse("usersessions_list")).content.decode()
    groups = dict(re.findall(r'data-rail-group="(\w+)"( open)?', page))
    assert [key for key, is_open in groups.items() if is_open] == [nav.CLIENTS]
    counters = client.get(reverse("shell:counters")).content.decode()
    assert re.search(r'id="rail-sum-work"[^>]*><b>11</b>', counters)


def test_badges_are_those_of_the_person(cast, monkeypatch):
    monkeypatch.setattr(nav, "_counters", {})
    nav.register_counter("decisions", lambda user: 7)
    nav.register_counter("people", lambda user: 1000)
    nav.register_counter("notices", lambda user: 120)
    page = signed_in(cast.manager).get(reverse("shell:counters")).content.decode()
    assert 'id="rail-count-decisions"' in page
    assert "<b>7</b>" in page
    assert "99+" in page
    assert "1000" not in page


def test_a_badge_never_points_at_a_place_the_page_lacks(cast):
    """An unmatched out-of-band swap is an error in the browser's console."""
    client = signed_in(cast.department_head)
    page = client.get(reverse("usersessions_list")).content.decode()
    for item, _number in nav.badges(
        nav.items_for(Role.DEPARTMENT_HEAD), dict.fromkeys(nav._items, 1)
    ):
        assert f'id="{item}"' in page
