"""Parts of the shell kept in memory belong to a role, never to a person."""

import re

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.urls import reverse

from crm.accounts.models import User
from crm.shell import parts
from tests.cast import signed_in

TEMPLATES = settings.BASE_DIR / "templates"


def _named(tag, path):
    return set(re.findall(rf'{{%\s*{tag}\s+"([^"]+)"', path.read_text("utf-8")))


def _with_included(names):
    found = set().union(*(_named("include", TEMPLATES / name) for name in names)) - names
    return _with_included(names | found) if found else names


KEPT = _with_included(
    set().union(*(_named("shell_part", path) for path in TEMPLATES.rglob("*.html")))
)


@pytest.mark.parametrize("name", sorted(KEPT))
def test_a_kept_part_asks_for_nothing_personal(name):
    source = (TEMPLATES / name).read_text("utf-8")
    code = re.sub(r'"[^"]*"', "", " ".join(re.findall(r"{[{%].*?[}%]}", source)))
    assert not re.search(r"\b(user|request|csrf_token|messages|perms)\b", code)
    assert not re.search(r"shell\.(user|demo_logins)", code)


def test_only_parts_of_the_place_know_which_line_is_the_pages():
    place = re.compile(r"\.(current|open|bar)\b")
    knowing = {name for name in KEPT if place.search((TEMPLATES / name).read_text("utf-8"))}
    assert knowing == parts.OF_PLACE


def test_a_kept_part_is_filled_in_for_each_person_and_request(cast):
    """Name, role, token, address and theme of the one who asks, escaped as anywhere."""
    User.objects.filter(pk=cast.manager2.pk).update(last_name="<b>O'Hara</b>", theme="dark")
    found = []
    for person in (cast.manager, cast.manager2):
        response = signed_in(person).get(reverse("usersessions_list"), {"a": "<1>"})
        menu = re.search(
            r'<div class="dropdown-menu.*?profile-menu.*', response.content.decode(), re.DOTALL
        )[0]
        tokens = set(re.findall(r'csrfmiddlewaretoken" value="(\w{64})"', menu))
        assert len(tokens) == 1
        pressed = re.findall(r'value="(\w+)" aria-pressed="true"', menu)
        found.append((pressed[0], re.search(r'name="next" value="([^"]*)"', menu)[1], tokens))
        assert "\ue000" not in response.content.decode()
    assert [theme for theme, _here, _token in found] == ["auto", "dark"]
    assert found[0][2] != found[1][2]
    assert found[0][1] == f"{reverse('usersessions_list')}?a=%3C1%3E"
    page = response.content.decode()
    assert "&lt;b&gt;O&#x27;Hara&lt;/b&gt;" in page
    assert "<b>O" not in page


def test_colleagues_get_the_same_parts_each_in_their_language(cast):
    User.objects.filter(pk=cast.manager2.pk).update(language="en")
    pages = [
        signed_in(person).get(reverse("usersessions_list")).content.decode()
        for person in (cast.manager, cast.manager2, cast.admin)
    ]
    rails = [re.search(r"<aside.*?</aside>", page, re.DOTALL)[0] for page in pages]
    assert len(set(rails)) == 3
    assert cast.manager.short_name in pages[0]
    assert cast.manager.short_name not in pages[1]


def test_the_line_of_the_page_is_the_current_one(cast):
    client = signed_in(cast.manager)
    for name in ("approvals:inbox", "work:calendar"):
        page = client.get(reverse(name)).content.decode()
        assert re.search(rf'href="{reverse(name)}" aria-current="page"', page)
    page = client.get(reverse("usersessions_list")).content.decode()
    assert 'nav-link" href' in page
    assert not re.search(r'nav-link" href="[^"]+" aria-current', page)


def test_a_choice_of_few_is_a_group_of_named_buttons():
    class Few(forms.Form):
        why = forms.ChoiceField(
            label="Why", choices=[("a", "One"), ("b", "Two")], widget=forms.RadioSelect
        )

    page = Template("{% load shell %}{% field form.why %}").render(Context({"form": Few({})}))
    assert re.search(r'<fieldset class="mb-3" aria-describedby="id_why_error">', page)
    assert re.search(r"<legend[^>]*>Why</legend>", page)
    labels = re.findall(
        r'<label class="chip" for="(\w+)"><input type="radio"[^>]* id="(\w+)"', page
    )
    assert [wanted == own for wanted, own in labels] == [True, True]
    assert "form-control" not in page
